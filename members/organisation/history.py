"""The tree as it stood: where a unit belonged, and what stood under it, at any moment."""

from datetime import datetime

from members.organisation.models import Organisation, OrganisationQuerySet, Placement


def superiors_at(unit: Organisation, moment: datetime) -> list[Organisation]:
    """The units above this one at that moment, the highest first; none before the register knew it."""
    found: list[Organisation] = []
    below = unit
    while placed := Placement.objects.at(moment).filter(organisation=below).select_related("parent").first():
        if placed.parent is None:
            break
        found.insert(0, placed.parent)
        below = placed.parent
    return found


def parents_at(moment: datetime) -> dict[int, int | None]:
    """{unit: the unit above it} for the whole register at that moment.

    Who was closed before stands where it stood last; who was entered later, where it stood first.
    """
    found: dict[int, int | None] = {}
    rows = Placement.objects.order_by("since", "pk").values_list("organisation_id", "parent_id", "since")
    for unit, parent, since in rows.iterator():
        if since <= moment or unit not in found:
            found[unit] = parent
    return found


def children_at(unit: Organisation, moment: datetime) -> OrganisationQuerySet:
    """The units right under this one at that moment, by code."""
    below = [each for each, parent in parents_at(moment).items() if parent == unit.pk]
    return Organisation.objects.filter(pk__in=below).in_order()
