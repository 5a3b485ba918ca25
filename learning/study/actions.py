"""The story of studying, top to bottom: what a beat sets going, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from learning.completion.actions import settle
from learning.courses.actions import publish_activity
from learning.courses.models import StudyItem
from learning.hours.actions import Due, balance_item, credit_item
from learning.progress.actions import begin_progress, complete_together, take_beat, take_whole
from learning.progress.models import Progress
from learning.progress.pace import Pace
from learning.progress.spans import gaps, unread
from learning.study.visits import Visit
from members.accounts.models import Member
from members.events import Attended

CHANGED_BY_A_BEAT = [
    "state",
    "spans",
    "covered_seconds",
    "position_seconds",
    "allowance_seconds",
    "clock_at",
    "visit",
    "beats",
    "touched_at",
    "completed_at",
    "evidence",
    "rule_version",
]


class NotAdmitted(Exception):
    """The member may not study here any more, or the item cannot be studied yet."""


@dataclass(frozen=True)
class Beat:
    """What a player says since its last beat: stretches seen and the position, in seconds of the item."""

    seq: int
    spans: Sequence[Sequence[float]]
    position: float


@transaction.atomic
def record_beat(visit: Visit, beat: Beat, *, now: datetime) -> Progress:
    """Takes a beat: coverage, perhaps completion with its hours and plan items. A repeated beat changes nothing."""
    progress, is_new = _held(visit) or _begun(visit, now=now)
    item = progress.item
    if progress.is_completed:
        return progress
    is_taken = take_beat(
        progress,
        length=item.length_seconds,
        pace=visit.pace,
        visit=visit.key,
        opened_at=visit.opened_at,
        seq=beat.seq,
        spans=beat.spans,
        position=beat.position,
        now=now,
    )
    if is_taken:
        _conclude(progress, item, visit.pace, is_new=is_new, now=now)
    return progress


@transaction.atomic
def declare_read(visit: Visit, *, now: datetime) -> float:
    """Takes a reader's word that a text was read to its end, as far as the server's clock allows.

    The seconds to wait first: 0 when it stands. A refusal writes nothing. Raises NotAdmitted.
    """
    progress, is_new = _held(visit) or _begun(visit, now=now)
    item = progress.item
    if progress.is_completed:
        return 0.0
    wait = take_whole(progress, length=item.length_seconds, pace=visit.pace, opened_at=visit.opened_at, now=now)
    if wait:
        transaction.set_rollback(True)
        return wait
    _conclude(progress, item, visit.pace, is_new=is_new, now=now, how="declared")
    return 0.0


def _held(visit: Visit) -> tuple[Progress, bool] | None:
    """The row that is there already, of a member who still may study: locked, in one query."""
    there = Progress.objects.select_for_update(of=("self",)).select_related("item")
    progress = there.filter(_admitted("member__"), member_id=visit.member_id, item_id=visit.item_id).first()
    return (progress, False) if progress is not None and progress.item.length_seconds is not None else None


def _begun(visit: Visit, *, now: datetime) -> tuple[Progress, bool]:
    """The first sign of study; raises NotAdmitted."""
    item = StudyItem.objects.filter(pk=visit.item_id, length_seconds__isnull=False).first()
    if item is None or not Member.objects.filter(_admitted(), pk=visit.member_id).exists():
        raise NotAdmitted
    return begin_progress(member_id=visit.member_id, item=item, pace=visit.pace, now=now)


def _admitted(lead: str = "") -> Q:
    return Q(**{f"{lead}ended_on": None, f"{lead}user__is_active": True})


def _conclude(
    progress: Progress, item: StudyItem, pace: Pace, *, is_new: bool, now: datetime, how: str = "covered"
) -> None:
    if _is_all_seen(progress, item, pace):
        evidence = {
            "how": how,
            "covered_seconds": progress.covered_seconds,
            "length_seconds": item.length_seconds,
            "gap_seconds": pace.gap_seconds,
        }
        progress.complete(now=now, evidence=evidence, rule_version=item.rule_version)
    progress.save(update_fields=CHANGED_BY_A_BEAT)
    if progress.is_completed:
        credit_item(member_id=progress.member_id, item=item, now=now)
    if is_new or progress.is_completed:
        settle(member_ids=[progress.member_id], item_id=item.pk, now=now)


def _is_all_seen(progress: Progress, item: StudyItem, pace: Pace) -> bool:
    """Asked of the spans: kept figures are rounded. Of a text the very end, too: somebody must have come there."""
    missing = unread if item.is_text else gaps
    return not missing(progress.spans, item.length_seconds, pace.gap_seconds)


@transaction.atomic
def settle_attendance(attended: Attended, *, by: Any, now: datetime) -> StudyItem:
    """Who took part in an accepted activity has completed it: hours once, plan items closed. Settling again is safe."""
    item = publish_activity(attended, now=now)
    due = Due(attended.member_ids, attended.hours, attended.category, attended.held_on)
    evidence = {"how": "attendance", "activity": attended.activity_id, "held_on": attended.held_on.isoformat()}
    _balance(item, due, evidence, reason="", by=by, now=now)
    return item


@transaction.atomic
def reverse_attendance(*, activity_id: int, reason: str, by: Any, now: datetime) -> None:
    """The record is open again: until it is accepted anew nobody has completed it. The ledger gets lines against it."""
    item = StudyItem.objects.filter(activity_id=activity_id).first()
    if item is not None:
        none = Due(frozenset(), item.hours or Decimal(0), item.hours_category, now.date())
        _balance(item, none, {}, reason=reason, by=by, now=now)


def _balance(item: StudyItem, due: Due, evidence: dict, *, reason: str, by: Any, now: datetime) -> None:
    before = set(Progress.objects.filter(item=item).values_list("member_id", flat=True))
    complete_together(item=item, member_ids=due.member_ids, evidence=evidence, now=now)
    balance_item(item=item, due=due, reason=reason, by=by, now=now)
    settle(member_ids=before.symmetric_difference(due.member_ids), item_id=item.pk, now=now)
