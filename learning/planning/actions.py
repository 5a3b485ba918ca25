from datetime import datetime
from typing import Any

from django.db import transaction

from learning.completion.actions import publish_plan
from learning.planning.queries import unfit_titles
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
