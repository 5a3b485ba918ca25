"""An item counts once for a member in a year, however often and with whom it is studied (decision 0090).

What is due is told anew from the marks, never from what happened last: so the order of events does not matter.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from learning.courses.models import StudyItem
from learning.hours.lines import Key, Lines, line_of, reversal_of
from learning.hours.models import HoursEntry
from learning.hours.worth import worth_for
from learning.progress.group_study import GroupMark
from learning.progress.models import BY_GROUP, PastMark, Progress

SHOWN = ("how", "points", "points_possible", "right", "asked")


@dataclass(frozen=True)
class OwnMark:
    """On which day a member completed an item alone, and how."""

    day: date
    evidence: dict


def balance_own(
    *, item: StudyItem, member_ids: Collection[int], years: Collection[int], by: Any, now: datetime, reason: str = ""
) -> list[HoursEntry]:
    """What these members have for an item in these years becomes what is due: the lines that were written for it.

    Studied alone, it is due once a year; nothing beside an activity of the same year in which it was studied together
    and which is worth hours itself. `reason`: why a mark has gone, for the line that takes its hours back.
    """
    own, shared, lines = _own_marks(item, member_ids), _shared(item, member_ids), Lines(item, member_ids)
    stamp = {"recorded_at": now, "recorded_by": by}
    written = []
    for key in sorted(key for key in {*own, *lines.paid} if key[1] in years):
        standing, mark = lines.standing_of(key), own.get(key)
        if standing is not None and (mark is None or key in shared):
            written.append(_taken_back(standing, shared.get(key), reason=reason, **stamp))
        elif standing is None and mark is not None and key not in shared:
            written.append(_given(lines, key, mark, **stamp))
    return HoursEntry.objects.bulk_create(written)


def _given(lines: Lines, key: Key, mark: OwnMark, **stamp: Any) -> HoursEntry:
    """As it was given before, where it was; else what it is worth on the day of the mark."""
    before = lines.paid[key]
    if before:
        said = {name: getattr(before[0], name) for name in ("hours", "category", "earned_on", "evidence")}
    else:
        worth = worth_for(lines.item, on=mark.day)
        shown = {name: mark.evidence[name] for name in SHOWN if name in mark.evidence}
        said = {"hours": worth.hours, "evidence": worth.evidence | shown}
        said |= {"category": lines.item.hours_category, "earned_on": mark.day}
    return line_of(lines, member_id=key[0], **said, **stamp)


def _taken_back(line: HoursEntry, together: StudyItem | None, *, reason: str, **stamp: Any) -> HoursEntry:
    if together is None:
        return reversal_of(line, reason=reason or _("It no longer counts as studied"), evidence={}, **stamp)
    reason = _("Counted with the group study “%(title)s”") % {"title": together.title}
    return reversal_of(line, reason=reason[:200], evidence={"together": together.pk}, **stamp)


def _own_marks(item: StudyItem, member_ids: Collection[int]) -> dict[Key, OwnMark]:
    """The first mark of each year that a member has alone, those filed before too."""
    asked, columns = {"item": item, "member_id__in": member_ids}, ("member_id", "completed_at", "evidence")
    found: dict[Key, OwnMark] = {}
    now = Progress.objects.completed().filter(**asked).values_list(*columns)
    before = PastMark.objects.filter(**asked).values_list(*columns)
    for member, moment, evidence in sorted([*now, *before], key=lambda each: each[1]):
        if evidence.get("how") != BY_GROUP:
            day = timezone.localdate(moment)
            found.setdefault((member, day.year), OwnMark(day, evidence))
    return found


def _shared(item: StudyItem, member_ids: Collection[int]) -> dict[Key, StudyItem]:
    """In which activity of a year a member studied the item with others: the first that is worth hours itself."""
    found: dict[Key, StudyItem] = {}
    marks = GroupMark.objects.filter(item=item, member_id__in=member_ids, together__hours__gt=0).select_related(
        "together"
    )
    for mark in marks.order_by("held_on", "together_id"):
        found.setdefault((mark.member_id, mark.held_on.year), mark.together)
    return found
