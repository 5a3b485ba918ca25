from datetime import datetime

from django.utils import timezone

from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry
from learning.hours.preset import hours_by_length
from members.organisation.rules import Rule


def credit_item(*, member_id: int, item: StudyItem, now: datetime) -> None:
    """Writes the hours of a completed item into the ledger, once."""
    day = timezone.localdate(now)
    hours = item.hours
    if hours is None:
        preset = Rule.objects.value("hours.lesson_preset", on=day, organisation=item.organisation)
        hours = hours_by_length(item.length_seconds or 0, preset)
    entry = HoursEntry(
        member_id=member_id,
        category=item.hours_category,
        hours=hours,
        earned_on=day,
        item=item,
        source_key=f"item:{item.pk}",
        recorded_at=now,
    )
    HoursEntry.objects.bulk_create([entry], ignore_conflicts=True)
