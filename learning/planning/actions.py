from datetime import date, datetime
from typing import Any

from django.db import transaction

from learning.completion.actions import publish_plan
from learning.completion.places import has_changed_since
from learning.completion.tallies import rebuild_tallies
from learning.planning.queries import unfit_titles
from learning.plans.actions import change_published
from learning.plans.models import StudyPlan
from members.audit.actions import record_event


class NotReady(Exception):
    """The plan is empty, or holds what its members cannot study."""


@transaction.atomic
def send_plan(*, plan: StudyPlan, actor: Any, now: datetime) -> int:
    """Publishes a draft to everybody whom it concerns; how many. A second press sends nothing; raises NotReady."""
    draft = StudyPlan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
    if draft.published_at is not None:
        return draft.enrolments.filter(left_on=None).count()
    if not draft.items.exists() or unfit_titles(draft):
        raise NotReady
    number = publish_plan(draft, now=now)
    code = draft.organisation.code
    record_event("plan.published", now=now, actor=actor, organisation=code, about=draft, detail={"people": number})
    return number


@transaction.atomic
def change_period(*, plan: StudyPlan, title: str, starts_on: date, ends_on: date, actor: Any, now: datetime) -> None:
    """Another title or period. With another last day a plan may count its units where they stood on another day."""
    may_count_elsewhere = has_changed_since(min(plan.ends_on, ends_on)) and plan.ends_on != ends_on
    change_published(plan=plan, title=title, starts_on=starts_on, ends_on=ends_on, actor=actor, now=now)
    if may_count_elsewhere:
        rebuild_tallies(plan=plan)
