"""Studying an item once more, because a plan does not count what was studied before its first day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from learning.completion.actions import settle
from learning.completion.models import Completion
from learning.completion.standing import Standing
from learning.courses.models import StudyItem
from learning.plans.models import StudyPlan
from learning.progress.models import PastMark, Progress, ProgressState
from learning.study.admission import admit
from members.accounts.models import Member

ANEW = {
    "state": ProgressState.STUDYING,
    "spans": [],
    "covered_seconds": 0,
    "position_seconds": 0,
    "allowance_seconds": 0,
    "visit": "",
    "beats": [],
    "completed_at": None,
    "evidence": {},
}
MOMENTS = ("clock_at", "started_at", "touched_at")


@transaction.atomic
def study_again(*, member: Member, item: StudyItem, now: datetime) -> bool:
    """Files the mark, which other plans go on counting, and begins the item anew. Again changes nothing.

    False where no running plan asks for it once more, or it has been begun anew already. Raises NotAdmitted.
    """
    admit(member.pk)
    marked = Progress.objects.completed().select_for_update(of=("self",)).select_related("item")
    progress = marked.filter(member=member, item=item).first()
    if progress is None or not asking_again(item, on=timezone.localdate(now)).filter(enrolment__member=member).exists():
        return False
    mark = {"evidence": progress.evidence, "rule_version": progress.rule_version}
    PastMark.objects.create(member=member, item=item, completed_at=progress.completed_at, **mark)
    # The clock counts from now on: a page that was opened before brings nothing along.
    fresh = ANEW | {"rule_version": progress.item.rule_version} | dict.fromkeys(MOMENTS, now)
    for name, value in fresh.items():
        setattr(progress, name, value)
    progress.save(update_fields=list(fresh))
    settle(member_ids=[member.pk], item_id=item.pk, now=now)
    return True


def asking_again(item: StudyItem, *, on: date) -> QuerySet[Completion]:
    """What running plans still ask of people with this item, that do not count what was studied earlier."""
    plans = StudyPlan.objects.running(on).filter(counts_earlier=False)
    open_ones = Completion.objects.filter(plan_item__item=item, enrolment__left_on=None, enrolment__plan__in=plans)
    return open_ones.exclude(standing=Standing.DONE)
