from decimal import Decimal


def say_hours(hours: Decimal) -> str:
    """«12.5», «30», «−1.5»: as many decimals as are needed."""
    return f"{hours.normalize():f}".replace("-", "−")
