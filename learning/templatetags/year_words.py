"""Closed years, for pages of corners below."""

from typing import Any

from django import template
from django.utils import timezone

from learning.hours.models import HoursEntry
from learning.years.supplements import closed_year
from members.accounts.models import Member

register = template.Library()


@register.inclusion_tag("learning/parts/year_closed.html", takes_context=True)
def own_year(context: dict[str, Any], year: int) -> dict[str, Any]:
    """Whether the year of whoever reads is closed, with what came since, and the way to the printed record."""
    if year >= timezone.localdate().year:  # not over, so not closed
        return {"year": year, "closed": None}
    user = context["request"].user
    member = Member.objects.visible_to(user).get()
    return {"year": year, "closed": closed_year(member, year, entries=HoursEntry.objects.visible_to(user))}
