"""Who may have their study recorded, and the first sign of it."""

from datetime import datetime

from django.db.models import Q

from learning.courses.models import StudyItem
from learning.progress.actions import begin_progress
from learning.progress.models import Progress
from learning.study.visits import Visit
from members.accounts.models import Member


class NotAdmitted(Exception):
    """The member may not study here any more, or the item cannot be studied yet."""


def admit(member_id: int) -> None:
    """Present, with an open account, and agreed that their study online is recorded; else raises NotAdmitted.

    `learning.progress.together` asks the same where a row is there already.
    """
    if not Member.objects.filter(_admitted(), pk=member_id).exists():
        raise NotAdmitted


def begun(visit: Visit, *, now: datetime) -> tuple[Progress, bool]:
    """The row of who opened that visit, made at the first sign of study, and whether it is new. Raises NotAdmitted."""
    item = StudyItem.objects.filter(pk=visit.item_id, length_seconds__isnull=False).first()
    if item is None:
        raise NotAdmitted
    admit(visit.member_id)
    return begin_progress(member_id=visit.member_id, item=item, pace=visit.pace, now=now)


def _admitted() -> Q:
    return Q(ended_on=None, user__is_active=True, user__has_consented=True)
