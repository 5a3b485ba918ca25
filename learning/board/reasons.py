"""Why a person stands so with one item, in a few words. No seconds, no visits, no time of day (DOMAIN §3)."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from learning.courses.wording import say_due
from learning.plans.models import PlanItem
from learning.progress.marks import Mark
from members.accounts.models import StudyWay


def say_item_reason(completion: Completion, enrolment: Enrolment, mark: Mark | None, *, today: date) -> str:
    """When and how it was studied; else what there is to know: its day, an arrangement, a late joining, an offer."""
    item = completion.plan_item
    if completion.completed_at is not None:
        return _done(completion, mark)
    if not item.is_required:
        return _("Offered; whoever likes studies it")
    if completion.standing == Standing.NOT_REQUIRED:
        return ""
    if completion.standing == Standing.BY_BRANCH:
        return _by_branch(enrolment)
    return _(", ").join(filter(None, [_joined_late(enrolment), _due(item, enrolment, today=today)]))


def _done(completion: Completion, mark: Mark | None) -> str:
    day = date_format(timezone.localtime(completion.completed_at), "DATE_FORMAT")
    return _(", ").join([day, mark.how] if mark else [day])


def _by_branch(enrolment: Enrolment) -> str:
    ways = {StudyWay.GROUP: _("Chose to study in a group"), StudyWay.PAPER: _("Chose to study on paper")}
    return ways.get(StudyWay(enrolment.member.study_way), "")


def joined_late(enrolment: Enrolment) -> bool:
    """Whether this person came when the plan had begun and was out."""
    plan = enrolment.plan
    if plan.published_at is None:
        return False
    return enrolment.counts_from > max(plan.starts_on, timezone.localdate(plan.published_at))


def _joined_late(enrolment: Enrolment) -> str:
    if not joined_late(enrolment):
        return ""
    return _("Joined later, from %(day)s") % {"day": date_format(enrolment.counts_from, "MONTH_DAY_FORMAT")}


def _due(item: PlanItem, enrolment: Enrolment, *, today: date) -> str:
    last = item.due_on or enrolment.plan.ends_on
    return say_due(last, today=today) if item.due_on or today > last else ""
