from collections.abc import Collection, Sequence
from datetime import datetime

from learning.courses.models import StudyItem
from learning.progress.models import Progress, ProgressState
from learning.progress.pace import Pace
from learning.progress.spans import covered, credited


def begin_progress(*, member_id: int, item: StudyItem, pace: Pace, now: datetime) -> tuple[Progress, bool]:
    """The one row for this member and item, locked; made at the first sign of study. True when it is new."""
    fresh = {"started_at": now, "touched_at": now, "allowance_seconds": pace.slack_seconds}
    Progress.objects.bulk_create([Progress(member_id=member_id, item=item, **fresh)], ignore_conflicts=True)
    held = Progress.objects.select_for_update(of=("self",)).select_related("item")
    progress = held.get(member_id=member_id, item=item)
    return progress, progress.clock_at is None


def take_beat(
    progress: Progress,
    *,
    length: float,
    pace: Pace,
    visit: str,
    opened_at: datetime,
    seq: int,
    spans: Sequence[Sequence[float]],
    position: float,
    now: datetime,
) -> bool:
    """Adds what a player claims, as far as the server's own clock allows. False when this beat was taken before.

    Time counts once: from the last beat of any visit, or from the opening of this one, whichever is later.
    """
    if progress.visit != visit:
        progress.visit, progress.beats = visit, []
    if _was_taken(progress.beats, seq):
        return False
    progress.beats = _with_beat(progress.beats, seq)
    allowance = _allowance(progress, pace=pace, opened_at=opened_at, now=now)
    held = [(start, end) for start, end in progress.spans]
    held, gained = credited(held, spans, length=length, gap=pace.gap_seconds, allowance=allowance)
    progress.spans = [list(span) for span in held]
    progress.covered_seconds = round(covered(held, length, pace.gap_seconds), 1)
    progress.allowance_seconds = max(0.0, allowance - gained)
    progress.position_seconds = round(min(max(0.0, position), length), 1)
    progress.clock_at = max(now, _counted_from(progress, opened_at))
    progress.touched_at = now
    return True


def take_whole(progress: Progress, *, length: float, pace: Pace, opened_at: datetime, now: datetime) -> float:
    """Takes a reader's word that all of it was read, if the clock allows that; else nothing changes.

    The seconds that must pass first: 0 when it was taken.
    """
    allowance = _allowance(progress, pace=pace, opened_at=opened_at, now=now)
    missing = length - progress.covered_seconds
    if missing > allowance:
        return (missing - allowance) / pace.rate
    progress.spans, progress.covered_seconds = [[0.0, length]], length
    progress.allowance_seconds, progress.clock_at, progress.touched_at = allowance - missing, now, now
    return 0.0


def _counted_from(progress: Progress, opened_at: datetime) -> datetime:
    return max(opened_at, progress.clock_at or opened_at)


def _allowance(progress: Progress, *, pace: Pace, opened_at: datetime, now: datetime) -> float:
    """Seconds of new coverage that the server's clock permits at this moment."""
    elapsed = max(0.0, (now - _counted_from(progress, opened_at)).total_seconds())
    return progress.allowance_seconds + elapsed * pace.rate


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


def _was_taken(beats: list[list[int]], seq: int) -> bool:
    return any(first <= seq <= last for first, last in beats)


def _with_beat(beats: list[list[int]], seq: int) -> list[list[int]]:
    """Numbers of beats as runs [[1, 5], [7, 7]]; a beat that comes late joins its neighbours."""
    runs: list[list[int]] = []
    for first, last in sorted([*beats, [seq, seq]]):
        if runs and first <= runs[-1][1] + 1:
            runs[-1][1] = max(runs[-1][1], last)
        else:
            runs.append([first, last])
    return runs
