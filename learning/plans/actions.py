from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from learning.courses.models import StudyItem
from learning.plans.dates import Move, a_year_later, moved_to, within
from learning.plans.models import StudyPlan
from learning.plans.shape import FACTS, ItemShape, LineShape, Shape, give_shape, shape_of
from members.accounts.models import Member
from members.organisation.models import Organisation

TITLE_LENGTH = 100


@transaction.atomic
def make_plan(
    *,
    title: str,
    organisation: Organisation,
    starts_on: date,
    ends_on: date,
    items: Sequence[StudyItem | ItemShape] = (),
    made_by=None,
    **more: Any,
) -> StudyPlan:
    """A draft for the members of a unit and everything under it, with its items in order; `more` as a Shape has it."""
    shapes = tuple(item if isinstance(item, ItemShape) else ItemShape(item.pk) for item in items)
    return _make(Shape(title, organisation.pk, starts_on, ends_on, items=shapes, **more), made_by=made_by)


@transaction.atomic
def begin_draft(
    *, title: str, organisation: Organisation, starts_on: date, ends_on: date, made_by: Any, template=None
) -> StudyPlan:
    """A draft without items, or as a template has it; a second press finds the one of the first.

    Raises NobodyNamed where the template names only people who do not belong to the unit.
    """
    facts = {"title": title, "organisation": organisation, "starts_on": starts_on, "ends_on": ends_on}
    drafts = StudyPlan.objects.drafts().filter(**facts, made_by=made_by)
    if template is None:
        return drafts.filter(items=None).first() or make_plan(**facts, made_by=made_by)
    shape = _moved(shape_of(template), moved_to(starts_on, template.starts_on), within_days=(starts_on, ends_on))
    shape = _fitting(replace(shape, title=title, starts_on=starts_on, ends_on=ends_on), organisation)
    return _same(drafts, shape) or _make(shape, made_by=made_by)


class NobodyNamed(Exception):
    """A plan names people only, and none of them belongs to this unit: without them it would concern everybody."""


class PlanIsOut(Exception):
    """The plan has been published meanwhile: it is changed with a look at what that does."""


@transaction.atomic
def change_draft(*, plan: StudyPlan, shape: Shape) -> None:
    """The draft as it is now; raises PlanIsOut."""
    give_shape(_still_draft(plan), shape)


@transaction.atomic
def discard_draft(*, plan: StudyPlan) -> None:
    """The draft or template goes, with what was chosen for it; raises PlanIsOut."""
    _still_draft(plan).delete()


@transaction.atomic
def keep_template(*, plan: StudyPlan, made_by: Any) -> StudyPlan:
    """A template that is as the plan is now; where there is one of this unit with its title, that one is renewed."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.organisation_id)
    shape = replace(shape_of(plan), is_yearly=False)
    templates = StudyPlan.objects.templates().filter(organisation=plan.organisation_id, title=plan.title)
    kept = templates.exclude(pk=plan.pk).first()
    if kept is None:
        return _make(shape, made_by=made_by, is_template=True)
    give_shape(kept, shape)
    return kept


@transaction.atomic
def copy_plan(*, plan: StudyPlan, units: Collection[Organisation], made_by: Any) -> list[StudyPlan]:
    """A draft of the plan for each of the units that has none yet; copying again copies to nobody twice.

    Units to which none of the people belongs whom alone the plan names are passed over.
    """
    held = StudyPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    have = set(held.copies.values_list("organisation_id", flat=True))
    shape = replace(shape_of(held), is_yearly=False)
    new = [unit for unit in units if unit.pk not in have]
    made = []
    for unit in new:
        with suppress(NobodyNamed):
            made.append(_make(_fitting(shape, unit), made_by=made_by, copied_from=held))
    return made


@transaction.atomic
def repeat_plan(*, plan: StudyPlan, made_by: Any) -> tuple[StudyPlan, bool]:
    """The same for the next year, as a draft, every day a year later; True when it is new. The old year stays closed.

    Asking again finds the draft that there is, or the plan that has become of it.
    """
    held = StudyPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    there = StudyPlan.objects.filter(repeats=held).first()
    if there is not None:
        return there, False
    shape = _moved(shape_of(held), a_year_later)
    year = held.starts_on.year
    title = held.title.replace(str(year), str(year + 1))
    return _make(replace(shape, title=title[:TITLE_LENGTH]), made_by=made_by, repeats=held), True


def take_over_plans(*, before: Organisation, after: Organisation, now: datetime) -> None:
    """One unit was merged into another: plans that are not over are that one's, with those who are in them.

    Called before the people pass over, in the same transaction. What is over stays with the unit that was.
    """
    not_over = Q(published_at=None) | Q(ends_on__gte=timezone.localdate(now))
    taken = StudyPlan.objects.filter(not_over, organisation=before)
    have = StudyPlan.objects.filter(organisation=after, copied_from__isnull=False).values("copied_from")
    taken.filter(copied_from__in=have).update(copied_from=None)
    taken.update(organisation=after)


def _still_draft(plan: StudyPlan) -> StudyPlan:
    draft = StudyPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if draft.published_at is not None:
        raise PlanIsOut
    return draft


def _make(shape: Shape, *, made_by: Any, **rest: Any) -> StudyPlan:
    plan = StudyPlan.objects.create(**{name: getattr(shape, name) for name in FACTS}, made_by=made_by, **rest)
    give_shape(plan, shape)
    return plan


def _same(drafts: Any, shape: Shape) -> StudyPlan | None:
    return next((draft for draft in drafts if shape_of(draft) == shape), None)


def _moved(shape: Shape, move: Move, *, within_days: tuple[date, date] | None = None) -> Shape:
    """The period and the windows of the items on other days; within these days if they are given."""

    def day(old: date | None) -> date | None:
        if old is None:
            return None
        return within(move(old), *within_days) if within_days else move(old)

    items = tuple(replace(each, opens_on=day(each.opens_on), due_on=day(each.due_on)) for each in shape.items)
    return replace(shape, items=items, starts_on=move(shape.starts_on), ends_on=move(shape.ends_on))


def _fitting(shape: Shape, unit: Organisation) -> Shape:
    """The same for another unit: of people and units that are named, those who belong there; raises NobodyNamed."""
    named = [line.member_id for line in shape.audience if line.member_id]
    people = {*Member.objects.affiliated_under(unit).filter(pk__in=named).values_list("pk", flat=True), 0}
    left_out = [line.organisation_id for line in shape.audience if line.organisation_id]
    units = {*Organisation.objects.under(unit).filter(pk__in=left_out).values_list("pk", flat=True), 0}
    lines = frozenset(line for line in shape.audience if line.member_id in people and line.organisation_id in units)
    if _means_everybody(lines) and not _means_everybody(shape.audience):
        raise NobodyNamed(unit.name)
    return replace(shape, organisation_id=unit.pk, audience=lines)


def _means_everybody(audience: Collection[LineShape]) -> bool:
    return all(line.is_exception for line in audience)
