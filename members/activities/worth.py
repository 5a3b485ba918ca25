"""How many study hours an activity gives to each who took part."""

from decimal import Decimal

from django.utils import timezone

from members.activities.kinds import WITHOUT_HOURS
from members.activities.models import Activity
from members.activities.quarters import in_quarters
from members.organisation.rules import Rule


def worth_of(activity: Activity) -> Decimal:
    """What was written down; otherwise its length by the rule of the leading unit. Service alone is no study."""
    if activity.hours is not None:
        return in_quarters(activity.hours)
    if activity.kind_set and activity.kind_set <= WITHOUT_HOURS:
        return Decimal(0)
    day = timezone.localdate(activity.starts_at)
    per_hour = Rule.objects.value("hours.minutes_per_hour", on=day, organisation=activity.lead)
    return hours_by_minutes(activity.minutes_long, per_hour)


def hours_by_minutes(minutes: int, minutes_per_hour: int) -> Decimal:
    """Study hours for so many minutes, in quarters."""
    return in_quarters(Decimal(minutes) / Decimal(minutes_per_hour))
