"""What was studied in an accepted activity is completed by all who took part, and counts with it (decision 0090).

Rows of progress are locked first and the members after them, as beats do: nobody waits in a circle.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from learning.completion.actions import settle
from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry
from learning.hours.once import balance_own
from learning.progress.by_group import stand_by_group
from learning.progress.group_study import GroupMark
from learning.progress.models import BY_GROUP, Pair, PastMark, Progress
from members.events import Attended


def settle_group_study(together: StudyItem, attended: Attended, *, by: Any, now: datetime) -> list[HoursEntry]:
    """Exactly who took part has studied with the group exactly what was chosen; the lines that were written for it."""
    chosen = StudyItem.objects.filter(group_studies__activity_id=attended.activity_id).values_list("pk", flat=True)
    due = {(member, item) for item in chosen for member in attended.member_ids}
    held = GroupMark.objects.filter(together=together)
    kept = {(mark.member_id, mark.item_id) for mark in held if mark.held_on == attended.held_on} & due
    gone = [mark for mark in held if (mark.member_id, mark.item_id) not in kept]
    new = [
        GroupMark(member_id=member, item_id=item, together=together, held_on=attended.held_on, completed_at=now)
        for member, item in sorted(due - kept)
    ]
    return _change(together, gone, new, everybody=due, by=by, now=now)


def reverse_group_study(together: StudyItem, *, by: Any, now: datetime) -> list[HoursEntry]:
    """The record is open again: everything stands as it would without it; the lines that were written for it."""
    return _change(together, list(GroupMark.objects.filter(together=together)), [], by=by, now=now)


def _change(
    together: StudyItem,
    gone: list[GroupMark],
    new: list[GroupMark],
    *,
    everybody: Collection[Pair] = (),
    by: Any,
    now: datetime,
) -> list[HoursEntry]:
    """`everybody`: also those whose mark stays, since what the activity is worth may be another."""
    members = _members_by_item({*everybody, *((mark.member_id, mark.item_id) for mark in gone)})
    _lock(members)
    GroupMark.objects.filter(pk__in=[mark.pk for mark in gone]).delete()
    _forget_filed(together, gone)
    GroupMark.objects.bulk_create(new)
    days = GroupMark.objects.filter(together=together).order_by().values_list("held_on", flat=True).distinct()
    years = {day.year for day in [*days, *(mark.held_on for mark in gone)]}
    written = []
    items = StudyItem.objects.select_related("organisation").filter(pk__in=members).order_by("pk")
    for item in items:
        stand_by_group(item=item, member_ids=members[item.pk], now=now)
        written += balance_own(item=item, member_ids=members[item.pk], years=years, by=by, now=now)
    for item in items:
        settle(member_ids=members[item.pk], item_id=item.pk, now=now)
    return written


def _members_by_item(pairs: Iterable[Pair]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for member, item in pairs:
        found[item].add(member)
    return found


def _lock(members: dict[int, Collection[int]]) -> None:
    everybody = {member for some in members.values() for member in some}
    rows = Progress.objects.filter(item_id__in=members, member_id__in=everybody).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def _forget_filed(together: StudyItem, gone: list[GroupMark]) -> None:
    """A mark that was filed meanwhile, because a plan asked for the item once more, goes with its activity too."""
    filed = PastMark.objects.filter(evidence__how=BY_GROUP, evidence__together=together.pk)
    for item, members in _members_by_item((mark.member_id, mark.item_id) for mark in gone).items():
        filed.filter(item_id=item, member_id__in=members).delete()
