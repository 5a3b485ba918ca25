"""As of which day the board is looked at. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 6


@dataclass(frozen=True)
class Days:
    """`asked` is the day whose end is shown, None for now; `month_ends` are offered beside it."""

    today: date
    asked: date | None = None
    since: date | None = None  # the first day of which something is known, where an earlier one was asked for

    @property
    def month_ends(self) -> list[date]:
        return list(_month_ends(self.today))

    @property
    def is_other(self) -> bool:
        """Neither today nor the end of a month: the day stands in the field for any day."""
        return self.asked is not None and self.asked not in self.month_ends


def read_day(said: str, *, today: date) -> date | None:
    """A past day that somebody asks for; None for today, for what lies ahead and for what is no day."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if day < today else None


def _month_ends(today: date) -> Iterator[date]:
    """The last days of the months that are over, the latest first."""
    day = today
    for _ in range(MONTHS):
        day = day.replace(day=1) - timedelta(days=1)
        yield day
