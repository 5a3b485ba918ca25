"""A unit became another one: what is not accepted yet goes on there, what was accepted stays where it was held."""

from members.activities.kinds import CHANGEABLE
from members.activities.models import Activity, Holding
from members.organisation.models import Organisation


def open_activities_of(unit: Organisation):
    """Held by the unit, alone or with others, and not accepted yet."""
    return Activity.objects.filter(holdings__organisation=unit, state__in=CHANGEABLE)


def pass_on_activities(*, before: Organisation, after: Organisation) -> int:
    """The other unit holds them from now on, and leads where this one led; how many. Called in a transaction."""
    held = list(open_activities_of(before).order_by("pk").select_for_update(of=("self",), no_key=True))
    for activity in held:
        old = activity.holdings.get(organisation=before)
        there = activity.holdings.filter(organisation=after).first()
        if there is None:
            Holding.objects.filter(pk=old.pk).update(organisation=after)
            continue
        old.delete()
        if old.is_lead and not there.is_lead:
            Holding.objects.filter(pk=there.pk).update(is_lead=True)
    return len(held)
