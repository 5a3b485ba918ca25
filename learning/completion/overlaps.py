"""Who joins in the very moment in which a plan is sent out or changed.

Neither sees the other: whoever joins reads the plans before this one stands, and the plan reads the people before they
are there. So the plan says in its row that it is to be looked through once more. The crank writes down there how far
the transactions of the database had come, waits until none of those is under way any more, takes in whoever lacks, and
is done. Nobody waits for anybody.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from learning.completion.actions import Aligned, align_plan
from learning.completion.models import Enrolment
from learning.plans.audience import concerned
from learning.plans.models import StudyPlan
from learning.plans.overlaps import NEW_OVERLAP

UNDER_WAY = "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"


def settle_overlaps(*, now: datetime) -> int:
    """Takes in who came meanwhile, once everybody who could have is through; how many joined or left. Idempotent."""
    waiting = StudyPlan.objects.filter(overlaps__isnull=False).select_related("organisation").order_by("pk")
    number = 0
    for plan in waiting:
        oldest, newest = _transactions()
        with transaction.atomic():
            if plan.overlaps == NEW_OVERLAP:
                _note(plan, newest)
            elif plan.overlaps <= oldest:
                aligned = align_missing(plan, now=now)
                number += len(aligned.joined) + len(aligned.left)
                _note(plan, None)
    return number


def align_missing(plan: StudyPlan, *, now: datetime) -> Aligned:
    """Only who is to join or to leave is touched."""
    here = Enrolment.objects.filter(plan=plan, left_on=None)
    meant = concerned(plan, on=timezone.localdate(now))
    new = meant.exclude(Exists(here.filter(member=OuterRef("member")))).values_list("member_id", flat=True)
    gone = here.exclude(Q(member__in=meant.values("member"))).values_list("member_id", flat=True)
    otherwise = {*new, *gone}
    return align_plan(plan, now=now, member_ids=otherwise) if otherwise else Aligned()


def _transactions() -> tuple[int, int]:
    """The number below which no transaction is under way, and the one that the next will get."""
    with connection.cursor() as cursor:
        cursor.execute(UNDER_WAY)
        return cursor.fetchone()


def _note(plan: StudyPlan, overlaps: int | None) -> None:
    """Where the plan has not been changed once more meanwhile."""
    StudyPlan.objects.filter(pk=plan.pk, overlaps=plan.overlaps).update(overlaps=overlaps)
