"""Study hours are counted in quarters of an hour. Pure: knows nothing of Django."""

from decimal import ROUND_HALF_UP, Decimal

QUARTER = Decimal("0.25")


def in_quarters(hours: Decimal) -> Decimal:
    """The nearest quarter, the middle upwards; what is worth anything at all is worth a quarter (decision 0090)."""
    if not hours:
        return Decimal(0)
    return max(QUARTER, (hours / QUARTER).quantize(Decimal(1), ROUND_HALF_UP) * QUARTER)


def is_in_quarters(hours: Decimal) -> bool:
    return hours % QUARTER == 0
