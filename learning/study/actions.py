"""The story of studying, top to bottom: what a beat sets going, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from learning.completion.actions import settle
from learning.courses.models import StudyItem
from learning.hours.actions import credit_item
from learning.progress.actions import begin_progress, take_beat
from learning.progress.models import Progress
from learning.progress.pace import Pace
from learning.study.visits import Visit
from members.accounts.models import Member


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
    item = StudyItem.objects.filter(pk=visit.item_id, length_seconds__isnull=False).first()
    admitted = Member.objects.present().filter(pk=visit.member_id, user__is_active=True)
    if item is None or not admitted.exists():
        raise NotAdmitted
    progress, is_new = begin_progress(member_id=visit.member_id, item=item, pace=visit.pace, now=now)
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


def _conclude(progress: Progress, item: StudyItem, pace: Pace, *, is_new: bool, now: datetime) -> None:
    if progress.covered_seconds >= item.length_seconds:
        evidence = {
            "how": "covered",
            "covered_seconds": progress.covered_seconds,
            "length_seconds": item.length_seconds,
            "gap_seconds": pace.gap_seconds,
        }
        progress.complete(now=now, evidence=evidence, rule_version=item.rule_version)
    progress.save()
    if progress.is_completed:
        credit_item(member_id=progress.member_id, item=item, now=now)
    if is_new or progress.is_completed:
        settle(member_ids=[progress.member_id], item_id=item.pk, now=now)
