from datetime import datetime

from django.utils import timezone

from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry
from learning.hours.queries import hours_for


def credit_item(*, member_id: int, item: StudyItem, now: datetime) -> None:
    """Writes the hours of a completed item into the ledger, once."""
    day = timezone.localdate(now)
    entry = HoursEntry(
        member_id=member_id,
        category=item.hours_category,
        hours=hours_for(item, on=day),
        earned_on=day,
        item=item,
        source_key=f"item:{item.pk}",
        recorded_at=now,
    )
    HoursEntry.objects.bulk_create([entry], ignore_conflicts=True)
