"""How often home and a member who is away speak with each other, and how long is long (DOMAIN §2). Pure."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def contact_due_on(*, begun_on: date, contacts: Iterable[date], months: int) -> date:
    """By when the next contact is due: counted from the latest one, or from the beginning."""
    return months_later(max([begun_on, *contacts]), months)


def is_long_away(*, leaves_on: date, today: date, months: int) -> bool:
    """Whether somebody has been away for the whole number of months."""
    return months_later(leaves_on, months) <= today
