"""Days of a plan moved to another period. Pure."""

from collections.abc import Callable
from datetime import date, timedelta

Move = Callable[[date], date]


def a_year_later(day: date) -> date:
    """The same day of the next year; for the 29th of February the day before the first of March."""
    return _in_year(day, day.year + 1)


def moved_to(new_start: date, old_start: date) -> Move:
    """What the days of a plan become that begins anew on another day: whole years if that is so, else days."""
    if (new_start.month, new_start.day) == (old_start.month, old_start.day):
        years = new_start.year - old_start.year
        return lambda day: _in_year(day, day.year + years)
    return lambda day: day + timedelta(days=(new_start - old_start).days)


def within(day: date, first: date, last: date) -> date:
    """The day itself, or the edge of the period that it lies beyond."""
    return min(max(day, first), last)


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
