"""What members have studied, in two questions to it: has it begun, and since when does it count for a plan?"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import CharField, Value
from django.utils import timezone

from learning.plans.models import StudyPlan
from learning.progress.group_study import GroupMark
from learning.progress.models import Pair, PastMark, Progress, ProgressState


class Marks:
    """All marks of these members on these items, those filed before and those of a group too; one query."""

    def __init__(self, member_ids: Collection[int], item_ids: Collection[int]) -> None:
        self._moments: dict[Pair, list[datetime]] = defaultdict(list)
        self._begun: set[Pair] = set()
        asked = {"member_id__in": member_ids, "item_id__in": item_ids}
        columns = ["member_id", "item_id", "state", "completed_at"]
        now = Progress.objects.filter(**asked).values_list(*columns)
        before = PastMark.objects.filter(**asked).annotate(state=Value("filed", CharField())).values_list(*columns)
        together = GroupMark.objects.filter(**asked).annotate(state=Value("group", CharField())).values_list(*columns)
        for member, item, state, moment in now.union(before, together, all=True):
            if moment is not None:
                self._moments[member, item].append(moment)
            if state == ProgressState.STUDYING:
                self._begun.add((member, item))

    def is_begun(self, pair: Pair) -> bool:
        """The member is in the middle of it."""
        return pair in self._begun

    def completed_at(self, pair: Pair, plan: StudyPlan) -> datetime | None:
        """The first mark that counts for this plan."""
        first = None if plan.counts_earlier else plan.starts_on
        return min((each for each in self._moments[pair] if first is None or _day(each) >= first), default=None)


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
