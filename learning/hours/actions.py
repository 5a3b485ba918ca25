from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from learning.courses.models import ItemKind, StudyItem
from learning.hours.models import HoursEntry
from learning.hours.preset import hours_by_length
from members.organisation.rules import Rule


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


def hours_for(item: StudyItem, *, on: date) -> Decimal:
    """The item's own value, or what the rules give: a passed quiz one figure, a lesson by its length."""
    if item.hours is not None:
        return item.hours
    if item.kind == ItemKind.QUIZ:
        return Decimal(Rule.objects.value("hours.quiz_preset", on=on, organisation=item.organisation))
    preset = Rule.objects.value("hours.lesson_preset", on=on, organisation=item.organisation)
    return hours_by_length(item.length_seconds or 0, preset)
