"""The lines of the ledger that are about one item: which stand, and how a further one is written."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from learning.courses.models import ItemKind, StudyItem
from learning.hours.models import HoursEntry, HoursSource

Key = tuple[int, int]  # (member, year)


class Lines:
    """All lines of one item for some members (None: for all), locked; reversals are found at what they reverse."""

    def __init__(self, item: StudyItem, member_ids: Collection[int] | None = None) -> None:
        self.item = item
        lines = HoursEntry.objects.filter(item=item, reverses=None)
        if member_ids is not None:
            lines = lines.filter(member_id__in=member_ids)
        self.paid: dict[Key, list[HoursEntry]] = defaultdict(list)
        for line in lines.select_for_update(of=("self",)).order_by("pk"):
            line.item = item
            self.paid[line.member_id, line.year].append(line)
        known = [line.pk for some in self.paid.values() for line in some]
        self._reversed = set(HoursEntry.objects.filter(reverses__in=known).values_list("reverses_id", flat=True))

    def standing(self) -> list[HoursEntry]:
        return [line for some in self.paid.values() for line in some if line.pk not in self._reversed]

    def standing_of(self, key: Key) -> HoursEntry | None:
        return next((line for line in self.paid[key] if line.pk not in self._reversed), None)

    def next_key(self, key: Key) -> str:
        """«item:12:2026», and «item:12:2026:2» where it was given and taken back before."""
        times = len(self.paid[key])
        return f"item:{self.item.pk}:{key[1]}" + (f":{times + 1}" if times else "")


def line_of(
    lines: Lines, *, member_id: int, hours: Decimal, category: str, earned_on: date, evidence: dict, **stamp: Any
) -> HoursEntry:
    """A line for the item; its year is the one of the day on which it was earned."""
    return HoursEntry(
        member_id=member_id,
        source=source_of(lines.item),
        category=category,
        hours=hours,
        earned_on=earned_on,
        year=earned_on.year,
        evidence=evidence,
        item=lines.item,
        source_key=lines.next_key((member_id, earned_on.year)),
        **stamp,
    )


def reversal_of(line: HoursEntry, *, reason: str, evidence: dict, **stamp: Any) -> HoursEntry:
    """The line against it, on the same day and in the same year."""
    return HoursEntry(
        member_id=line.member_id,
        source=line.source,
        category=line.category,
        hours=-line.hours,
        earned_on=line.earned_on,
        year=line.year,
        evidence={"by": "reversal", **evidence},
        item=line.item,
        source_key=f"{line.source_key}:reversed",
        reverses=line,
        reason=reason,
        **stamp,
    )


def source_of(item: StudyItem) -> HoursSource:
    """What kind of study an item is."""
    own = {ItemKind.QUIZ: HoursSource.QUIZ, ItemKind.ACTIVITY: HoursSource.ATTENDANCE}
    return own.get(ItemKind(item.kind), HoursSource.LESSON)
