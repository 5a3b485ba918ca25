from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from learning.courses.models import ItemKind, StudyItem
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.queries import hours_for


def credit_item(*, member_id: int, item: StudyItem, now: datetime) -> None:
    """Writes the hours of a completed item into the ledger, once; and anew after they were taken back."""
    day = timezone.localdate(now)
    taken_back = HoursEntry.objects.filter(member_id=member_id, item=item, reverses__isnull=False).count()
    entry = HoursEntry(
        member_id=member_id,
        source=source_of(item),
        category=item.hours_category,
        hours=hours_for(item, on=day),
        earned_on=day,
        year=day.year,
        item=item,
        source_key=_source_key(item, times=taken_back),
        recorded_at=now,
    )
    HoursEntry.objects.bulk_create([entry], ignore_conflicts=True)


@dataclass(frozen=True)
class Due:
    """What an item is worth to each of some members."""

    member_ids: Collection[int]
    hours: Decimal
    category: str
    earned_on: date


def balance_item(*, item: StudyItem, due: Due, reason: str, by: Any, now: datetime) -> None:
    """The lines of an item become what is due: what differs is reversed by a line of its own, what lacks is added.

    Nothing is edited and nothing paid twice; balancing again changes nothing.
    """
    lines = HoursEntry.objects.filter(item=item, reverses=None).select_for_update(of=("self",))
    paid = list(lines.order_by("pk"))
    reversed_ids = set(HoursEntry.objects.filter(reverses__in=paid).values_list("reverses_id", flat=True))
    standing = [line for line in paid if line.pk not in reversed_ids]
    wrong = [line for line in standing if not _is_due(line, due)]
    stamp = {"item": item, "recorded_at": now, "recorded_by": by}
    HoursEntry.objects.bulk_create(_reversal(line, reason=reason, **stamp) for line in wrong)
    served = {line.member_id for line in standing} - {line.member_id for line in wrong}
    lacking = sorted(set(due.member_ids) - served) if due.hours else []
    times = Counter(line.member_id for line in paid)
    HoursEntry.objects.bulk_create(
        HoursEntry(
            member_id=member,
            source=source_of(item),
            category=due.category,
            hours=due.hours,
            earned_on=due.earned_on,
            year=due.earned_on.year,
            source_key=_source_key(item, times=times[member]),
            **stamp,
        )
        for member in lacking
    )


def source_of(item: StudyItem) -> HoursSource:
    """What kind of study an item is."""
    own = {ItemKind.QUIZ: HoursSource.QUIZ, ItemKind.ACTIVITY: HoursSource.ATTENDANCE}
    return own.get(ItemKind(item.kind), HoursSource.LESSON)


def _source_key(item: StudyItem, *, times: int) -> str:
    """For what hours are given: an item, and after they were taken back so many times the item once more."""
    return f"item:{item.pk}:{times + 1}" if times else f"item:{item.pk}"


def _is_due(line: HoursEntry, due: Due) -> bool:
    said = line.hours, line.category, line.earned_on
    return line.member_id in due.member_ids and said == (due.hours, due.category, due.earned_on)


def _reversal(line: HoursEntry, **stamp: Any) -> HoursEntry:
    return HoursEntry(
        member_id=line.member_id,
        source=line.source,
        category=line.category,
        hours=-line.hours,
        earned_on=line.earned_on,
        year=line.year,
        source_key=f"{line.source_key}:reversed",
        reverses=line,
        **stamp,
    )


def take_back(*, member_id: int, item: StudyItem, reason: str, by: Any, now: datetime) -> None:
    """The hours of an item, of one member, are reversed by lines of their own; again changes nothing."""
    lines = HoursEntry.objects.filter(member_id=member_id, item=item, reverses=None, reversed_by=None)
    stamp = {"item": item, "recorded_at": now, "recorded_by": by}
    standing = list(lines.select_for_update(of=("self",)).order_by("pk"))
    HoursEntry.objects.bulk_create(
        (_reversal(line, reason=reason, **stamp) for line in standing), ignore_conflicts=True
    )
