"""Who has studied an item with the group has completed it, until the record is open again."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from learning.courses.models import StudyItem
from learning.progress.group_study import GroupMark
from learning.progress.models import BY_GROUP, PastMark, Progress, ProgressState

CHANGED = ["state", "completed_at", "touched_at", "evidence", "rule_version"]


def stand_by_group(*, item: StudyItem, member_ids: Collection[int], now: datetime) -> None:
    """Of who has no mark of their own the row says what the group marks say; an own mark stays as it is.

    Looking again changes nothing. The rows are locked.
    """
    rows = Progress.objects.filter(item=item, member_id__in=member_ids).select_for_update(of=("self",)).order_by("pk")
    held, marks = {row.member_id: row for row in rows}, _first_marks(item, member_ids)
    made, changed, gone = [], [], []
    for member in sorted(member_ids):
        row, mark = held.get(member), marks.get(member)
        if row is None and mark is not None:
            made.append(_completed(Progress(member_id=member, item=item, started_at=now), mark, is_first=True, now=now))
        elif row is not None and (not row.is_completed or row.is_by_group):
            is_first = row.evidence.get("is_first", False) and not row.visit
            if mark is not None:
                changed.append(_completed(row, mark, is_first=is_first, now=now))
            elif row.is_by_group and is_first:
                gone.append(row.pk)
            elif row.is_by_group:
                changed.append(_open_again(row))
    Progress.objects.bulk_create(made)
    Progress.objects.bulk_update(changed, CHANGED, batch_size=500)
    Progress.objects.filter(pk__in=gone).delete()


def _first_marks(item: StudyItem, member_ids: Collection[int]) -> dict[int, GroupMark]:
    """For each the earliest mark that was not filed when the item was begun anew."""
    asked = {"item": item, "member_id__in": member_ids}
    filed = dict(PastMark.objects.filter(**asked).values_list("member_id").annotate(Max("completed_at")).order_by())
    found: dict[int, GroupMark] = {}
    for mark in GroupMark.objects.filter(**asked).select_related("together", "item").order_by("held_on", "together_id"):
        if mark.member_id not in filed or mark.completed_at > filed[mark.member_id]:
            found.setdefault(mark.member_id, mark)
    return found


def _completed(row: Progress, mark: GroupMark, *, is_first: bool, now: datetime) -> Progress:
    row.state, row.completed_at, row.touched_at = ProgressState.COMPLETED, mark.completed_at, now
    row.rule_version = mark.item.rule_version
    row.evidence = {
        "how": BY_GROUP,
        "together": mark.together_id,
        "title": mark.together.title,
        "held_on": mark.held_on.isoformat(),
        "is_first": is_first,
    }
    return row


def _open_again(row: Progress) -> Progress:
    row.state, row.completed_at, row.evidence = ProgressState.STUDYING, None, {}
    return row
