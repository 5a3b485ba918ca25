"""How many study hours a closed year asked of each."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from members.accounts.models import Member
from members.organisation.rules import Rule


def targets_of(members: Mapping[Member, str], year: int) -> dict[int, Decimal]:
    """{member: hours}, by the path of the unit of each; who studies as much as suits them is left out."""
    asked = Rule.objects.values_at("hours.member.year", set(members.values()), on=date(year, 12, 31))
    return {member.pk: Decimal(asked[path]) for member, path in members.items() if not member.flexible_study}
