from decimal import Decimal


def say_hours(hours: Decimal) -> str:
    """«12.5», «30», «−1.5»: as many decimals as are needed."""
    return f"{hours.normalize():f}".replace("-", "−")


def say_change(hours: Decimal) -> str:
    """The same with its sign: «+1.5», «−2»."""
    return f"+{say_hours(hours)}" if hours > 0 else say_hours(hours)
