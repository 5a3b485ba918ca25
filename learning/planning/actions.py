from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.completion.actions import BATCH, Aligned, align_plan, publish_plan
from learning.completion.overlaps import align_missing
from learning.completion.places import has_changed_since
from learning.completion.tallies import hold_fold, rebuild_tallies
from learning.planning.queries import unfit_titles
from learning.plans.actions import repeat_plan
from learning.plans.models import StudyPlan
from learning.plans.overlaps import note_overlap
from learning.plans.shape import Shape, give_shape, shape_of
from members.accounts.homes import hold_members
from members.accounts.models import Member
from members.audit.actions import record_event
from members.messages.actions import enqueue
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import under

DECEMBER = 12


class NotReady(Exception):
    """The plan is empty, or holds what its members cannot study."""


class ChangedMeanwhile(Exception):
    """Somebody else has changed the plan since it was shown."""


class PlanIsOver(Exception):
    """Its period is over: the figures stand as they are."""


@transaction.atomic
def send_plan(*, plan: StudyPlan, actor: Any, now: datetime) -> int:
    """Publishes a draft to everybody whom it concerns; how many. A second press sends nothing; raises NotReady."""
    draft = StudyPlan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.pk)
    if draft.published_at is not None:
        return draft.enrolments.filter(left_on=None).count()
    if draft.is_template or not draft.items.exists() or unfit_titles(draft):
        raise NotReady
    number = publish_plan(draft, now=now)
    code = draft.organisation.code
    record_event("plan.published", now=now, actor=actor, organisation=code, about=draft, detail={"people": number})
    return number


@transaction.atomic
def change_plan(*, plan: StudyPlan, shape: Shape, seen: str, actor: Any, now: datetime) -> Aligned:
    """A plan that is out becomes another one, and its people follow; what they have studied stays theirs.

    `seen` is the fingerprint of the plan as it was shown. The same again changes nothing. Raises ChangedMeanwhile or
    PlanIsOver.
    """
    held = hold_plan(plan, shape, now=now)
    before = shape_of(held)
    if before == shape:
        return Aligned()
    if before.fingerprint != seen:
        raise ChangedMeanwhile
    aligned = reshape(held, before, shape, now=now)
    people = {"joined": len(aligned.joined), "left": len(aligned.left), "changed": len(aligned.changed)}
    detail = {"before": before.said(), "after": shape.said(), "people": people}
    code = held.organisation.code
    record_event("plan.changed", now=now, actor=actor, organisation=code, about=held, detail=detail)
    if before.ends_on != shape.ends_on and has_changed_since(min(before.ends_on, shape.ends_on)):
        rebuild_tallies(plan=held)
    return aligned


def hold_plan(plan: StudyPlan, shape: Shape, *, now: datetime) -> StudyPlan:
    """The plan, locked with everybody whom it or the shape may touch; raises PlanIsOver."""
    _lock_everybody(plan, shape)
    held = StudyPlan.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=plan.pk)
    if held.ends_on < timezone.localdate(now):
        raise PlanIsOver
    return held


def reshape(held: StudyPlan, before: Shape, shape: Shape, *, now: datetime) -> Aligned:
    """The plan gets the shape, and its people follow where that concerns them."""
    if {each.item_id for each in before.items} - {each.item_id for each in shape.items}:
        hold_fold()  # what is taken out takes its figures along
    give_shape(held, shape)
    if before.concerns_people_as(shape):
        return Aligned()
    note_overlap(held)
    return align_plan(held, now=now)


def _lock_everybody(plan: StudyPlan, shape: Shape) -> None:
    """All who may be touched, by number, before the plan: as everybody does who changes enrolments."""
    paths = Organisation.objects.filter(pk__in={plan.organisation_id, shape.organisation_id}).values_list("path")
    there = Affiliation.objects.open().filter(under("organisation__path", [path for (path,) in paths]))
    enrolled = plan.enrolments.values_list("member_id", flat=True)
    everybody = iter(sorted({*there.values_list("member_id", flat=True), *enrolled}))
    while some := list(islice(everybody, BATCH)):
        hold_members(some)


def align_due_plans(*, now: datetime) -> int:
    """Plans follow what changes by its date alone: terms of posts, times away that begin; how many joined or left."""
    today, number = timezone.localdate(now), 0
    for plan in StudyPlan.objects.unfinished(today).select_related("organisation").order_by("pk"):
        with transaction.atomic():
            aligned = align_missing(plan, now=now)
            number += len(aligned.joined) + len(aligned.left)
    return number


def draft_next_year(*, now: datetime) -> int:
    """In December the draft of each yearly plan for the next year, of which its organiser is told; how many are new.

    Nothing is sent out by itself.
    """
    today, number = timezone.localdate(now), 0
    if today.month != DECEMBER:
        return number
    yearly = StudyPlan.objects.published().filter(
        is_yearly=True, repeated_by=None, starts_on__lte=today, ends_on__year=today.year
    )
    for plan in yearly.select_related("organisation", "made_by").order_by("pk"):
        with transaction.atomic():
            draft, is_new = repeat_plan(plan=plan, made_by=plan.made_by)
            if is_new:
                _tell_organiser(draft, plan, now=now)
                number += 1
    return number


def _tell_organiser(draft: StudyPlan, plan: StudyPlan, *, now: datetime) -> None:
    """Whoever made the plan, while they are an organiser of its unit; else the draft waits among the others."""
    member = Member.objects.present().filter(user=plan.made_by_id).first() if plan.made_by_id else None
    if member is None or not StudyPlan.objects.organised_by(plan.made_by).filter(pk=draft.pk).exists():
        return
    enqueue(
        to=member,
        topic=f"plan.drafted/{plan.pk}",
        title=_("A draft for the next year is ready"),
        text=_("“%(title)s” is repeated every year; its draft “%(draft)s” is waiting. Look through it, then send it.")
        % {"title": plan.title, "draft": draft.title},
        why=_("You made this plan and chose that it is repeated every year."),
        dedupe=f"plan.drafted/{draft.pk}",
        link=f"/organise/plans/{draft.pk}/",
        now=now,
    )
