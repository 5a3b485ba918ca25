from collections.abc import Sequence
from datetime import date

from django.db import transaction

from learning.courses.models import StudyItem
from learning.plans.models import PlanItem, StudyPlan
from members.organisation.models import Organisation


@transaction.atomic
def make_plan(
    *, title: str, organisation: Organisation, starts_on: date, ends_on: date, items: Sequence[StudyItem], made_by=None
) -> StudyPlan:
    """A draft for the members of a unit and everything under it, with its items in order."""
    plan = StudyPlan.objects.create(
        title=title, organisation=organisation, starts_on=starts_on, ends_on=ends_on, made_by=made_by
    )
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, item=item, order=order) for order, item in enumerate(items, start=1)
    )
    return plan
