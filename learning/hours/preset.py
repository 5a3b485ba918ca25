from collections.abc import Sequence
from decimal import Decimal


def hours_by_length(length_seconds: float, preset: Sequence[Sequence]) -> Decimal:
    """Study hours for a lesson of that length; `preset` is [[from_seconds, "hours"], …], the longest first."""
    for from_seconds, hours in preset:
        if length_seconds >= from_seconds:
            return Decimal(hours)
    return Decimal(0)
