"""How many study hours a closed year asked of each."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from learning.hours.targets import hours_asked
from members.accounts.models import Member


def targets_of(members: Mapping[Member, str], year: int) -> dict[int, Decimal]:
    """{member: hours}, by the path of the unit of each; who studies as much as suits them is left out."""
    return hours_asked(members, on=date(year, 12, 31))
