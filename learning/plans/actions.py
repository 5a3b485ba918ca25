from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from learning.courses.models import StudyItem
from learning.plans.models import PlanItem, StudyPlan
from members.audit.actions import record_event
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


@transaction.atomic
def begin_draft(*, title: str, organisation: Organisation, starts_on: date, ends_on: date, made_by: Any) -> StudyPlan:
    """A draft without items; a second press finds the one of the first."""
    facts = {"title": title, "organisation": organisation, "starts_on": starts_on, "ends_on": ends_on}
    there = StudyPlan.objects.filter(**facts, made_by=made_by, published_at=None, items=None).first()
    return there or make_plan(**facts, items=[], made_by=made_by)


class PlanIsOut(Exception):
    """The plan has been published meanwhile: what is in it stands."""


@transaction.atomic
def change_draft(
    *,
    plan: StudyPlan,
    title: str,
    organisation: Organisation,
    starts_on: date,
    ends_on: date,
    items: Sequence[tuple[int, date | None]],
) -> None:
    """The draft as it is now, with its items and their last days in order; raises PlanIsOut."""
    draft = _still_draft(plan)
    _set(draft, title=title, organisation=organisation, starts_on=starts_on, ends_on=ends_on)
    draft.items.all().delete()
    PlanItem.objects.bulk_create(
        PlanItem(plan=draft, item_id=item, due_on=due_on, order=order)
        for order, (item, due_on) in enumerate(items, start=1)
    )


@transaction.atomic
def change_published(*, plan: StudyPlan, title: str, starts_on: date, ends_on: date, actor: Any, now: datetime) -> None:
    """Another title or period. What is to be studied and by whom stays: people have begun."""
    before = {"title": plan.title, "starts_on": str(plan.starts_on), "ends_on": str(plan.ends_on)}
    _set(plan, title=title, starts_on=starts_on, ends_on=ends_on)
    code = plan.organisation.code
    record_event("plan.changed", now=now, actor=actor, organisation=code, about=plan, detail={"before": before})


@transaction.atomic
def discard_draft(*, plan: StudyPlan) -> None:
    """The draft goes, with what was chosen for it; raises PlanIsOut."""
    _still_draft(plan).delete()


def take_over_plans(*, before: Organisation, after: Organisation, now: datetime) -> None:
    """One unit was merged into another: plans that are not over are that one's, with those who are in them.

    Called before the people pass over, in the same transaction. What is over stays with the unit that was.
    """
    not_over = Q(published_at=None) | Q(ends_on__gte=timezone.localdate(now))
    StudyPlan.objects.filter(not_over, organisation=before).update(organisation=after)


def _still_draft(plan: StudyPlan) -> StudyPlan:
    draft = StudyPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if draft.published_at is not None:
        raise PlanIsOut
    return draft


def _set(plan: StudyPlan, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(fields))
