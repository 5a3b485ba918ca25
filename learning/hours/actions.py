from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from learning.courses.models import StudyItem
from learning.hours.lines import Lines, line_of, reversal_of
from learning.hours.models import HoursEntry
from learning.hours.once import balance_own
from learning.hours.telling import tell


def credit_item(*, member_id: int, item: StudyItem, now: datetime) -> None:
    """Writes the hours of an item that a member has completed alone, once a year, and tells the member."""
    year = timezone.localdate(now).year
    tell(balance_own(item=item, member_ids=[member_id], years=[year], by=None, now=now), now=now)


def take_back(*, member_id: int, item: StudyItem, reason: str, by: Any, now: datetime) -> None:
    """What stands in the ledger for an item whose mark has gone is reversed, for that reason; again changes nothing."""
    years = set(HoursEntry.objects.filter(member_id=member_id, item=item).values_list("year", flat=True))
    told = {"item": item, "member_ids": [member_id], "years": years, "reason": reason}
    tell(balance_own(**told, by=by, now=now), now=now)


@dataclass(frozen=True)
class Due:
    """What an item is worth to each of some members."""

    member_ids: Collection[int]
    hours: Decimal
    category: str
    earned_on: date
    evidence: dict = field(default_factory=dict)


def balance_item(*, item: StudyItem, due: Due, reason: str, by: Any, now: datetime) -> list[HoursEntry]:
    """The lines of an item become what is due: what differs is reversed by a line of its own, what lacks is added.

    Nothing is edited and nothing paid twice; balancing again changes nothing. The lines that were written for it.
    """
    lines = Lines(item)
    standing = lines.standing()
    wrong = [line for line in standing if not _is_due(line, due)]
    stamp = {"recorded_at": now, "recorded_by": by}
    against = [reversal_of(line, reason=reason, evidence=due.evidence, **stamp) for line in wrong]
    served = {line.member_id for line in standing} - {line.member_id for line in wrong}
    lacking = sorted(set(due.member_ids) - served) if due.hours else []
    said = {"hours": due.hours, "category": due.category, "earned_on": due.earned_on, "evidence": due.evidence}
    added = [line_of(lines, member_id=member, **said, **stamp) for member in lacking]
    return HoursEntry.objects.bulk_create([*against, *added])


def _is_due(line: HoursEntry, due: Due) -> bool:
    said = line.hours, line.category, line.earned_on
    return line.member_id in due.member_ids and said == (due.hours, due.category, due.earned_on)
