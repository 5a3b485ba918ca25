from collections.abc import Collection
from datetime import datetime

from learning.courses.models import StudyItem
from learning.progress.credit import Claim, Held, after_beat, after_word
from learning.progress.models import Progress, ProgressState
from learning.progress.pace import Pace
from learning.progress.spans import covered


def begin_progress(*, member_id: int, item: StudyItem, pace: Pace, now: datetime) -> tuple[Progress, bool]:
    """The one row for this member and item, locked; made at the first sign of study. True when it is new."""
    fresh = {"started_at": now, "touched_at": now, "allowance_seconds": pace.slack_seconds}
    fresh["rule_version"] = item.rule_version
    Progress.objects.bulk_create([Progress(member_id=member_id, item=item, **fresh)], ignore_conflicts=True)
    held = Progress.objects.select_for_update(of=("self",)).select_related("item")
    progress = held.get(member_id=member_id, item=item)
    return progress, progress.clock_at is None


def take_beat(progress: Progress, claim: Claim, *, length: float, pace: Pace, position: float) -> bool:
    """Adds what a player claims, as far as the server's own clock allows. False when this beat was taken before."""
    after = after_beat(_held(progress), claim, length=length, pace=pace)
    if after is None:
        return False
    _hold(progress, after, length=length, pace=pace)
    progress.position_seconds = round(min(max(0.0, position), length), 1)
    progress.touched_at = claim.now
    return True


def take_whole(progress: Progress, *, length: float, pace: Pace, opened_at: datetime, now: datetime) -> float:
    """Takes a reader's word that all of it was read, if the clock allows that; else nothing changes.

    The seconds that must pass first: 0 when it was taken.
    """
    after, wait = after_word(_held(progress), opened_at=opened_at, now=now, length=length, pace=pace)
    if after is not None:
        _hold(progress, after, length=length, pace=pace)
        progress.touched_at = now
    return wait


def _held(progress: Progress) -> Held:
    spans = [(start, end) for start, end in progress.spans]
    return Held(spans, progress.allowance_seconds, progress.clock_at, progress.visit, progress.beats)


def _hold(progress: Progress, held: Held, *, length: float, pace: Pace) -> None:
    progress.spans = [list(span) for span in held.spans]
    progress.covered_seconds = round(covered(held.spans, length, pace.gap_seconds), 1)
    progress.allowance_seconds, progress.clock_at = held.bank, held.clock_at
    progress.visit, progress.beats = held.visit, held.beats


def complete_together(*, item: StudyItem, member_ids: Collection[int], evidence: dict, now: datetime) -> None:
    """Exactly these members have completed an item that is not studied alone; of who has already, the mark stays."""
    Progress.objects.filter(item=item).exclude(member_id__in=member_ids).delete()
    done = {"state": ProgressState.COMPLETED, "started_at": now, "touched_at": now, "completed_at": now}
    Progress.objects.bulk_create(
        [
            Progress(member_id=member, item=item, evidence=evidence, rule_version=item.rule_version, **done)
            for member in sorted(member_ids)
        ],
        ignore_conflicts=True,
    )
