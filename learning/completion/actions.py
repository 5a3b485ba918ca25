"""Who is in which plan, and where each stands. Every change writes its deltas in the same transaction."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from learning.completion.deltas import Deltas
from learning.completion.models import Completion, Enrolment
from learning.completion.queries import concerned
from learning.completion.standing import Standing, item_standing, plan_standing
from learning.plans.models import PlanItem, StudyPlan
from learning.progress.models import Progress, ProgressState
from members.accounts.models import COUNTED_STATUSES, Member, StudyWay
from members.events import Move
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import under

BATCH = 500
Studied = dict[tuple[int, int], tuple[str, datetime | None]]  # (member, item): state of study, since when complete


@transaction.atomic
def publish_plan(plan: StudyPlan, *, now: datetime) -> int:
    """Opens a plan to everybody whom it concerns; how many there are. What was studied before counts. Idempotent."""
    if plan.published_at is None:
        plan.published_at = now
        plan.save(update_fields=["published_at"])
    there = concerned(plan)
    enrolled = set(Enrolment.objects.filter(plan=plan).values_list("member_id", flat=True))
    units = {
        member: unit for member, unit in there.values_list("member_id", "organisation_id") if member not in enrolled
    }
    enrol(plan, units, now=now)
    return len(enrolled) + len(units)


def enrol(plan: StudyPlan, units: dict[int, int], *, now: datetime) -> None:
    """Takes members into a plan, each counted in the unit given for them ({member: unit})."""
    ids = sorted(units)
    items = list(plan.items.all())
    for start in range(0, len(ids), BATCH):
        _enrol_some(plan, items, {member: units[member] for member in ids[start : start + BATCH]}, now=now)


def _enrol_some(plan: StudyPlan, items: list[PlanItem], units: dict[int, int], *, now: datetime) -> None:
    studied = _studied(units, [item.item_id for item in items])
    enrolments, completions, deltas = [], [], Deltas()
    for member in Member.objects.filter(pk__in=units).order_by("pk"):
        enrolment = Enrolment(
            plan=plan, member=member, organisation_id=units[member.pk], counts_from=timezone.localdate(now)
        )
        own = [Completion(enrolment=enrolment, plan_item=item) for item in items]
        _stand(enrolment, own, member, studied, now=now)
        deltas.add(enrolment, own, sign=1)
        enrolments.append(enrolment)
        completions.extend(own)
    Enrolment.objects.bulk_create(enrolments)
    Completion.objects.bulk_create(completions, batch_size=BATCH)
    deltas.write()


def settle(*, member_ids: Iterable[int], now: datetime, item_id: int | None = None) -> None:
    """Looks again where members stand in their plans (all plans, or those with one item) and counts what changed."""
    enrolments = Enrolment.objects.filter(member_id__in=list(member_ids), left_on=None)
    if item_id is not None:
        enrolments = enrolments.filter(plan__items__item_id=item_id)
    deltas = Deltas()
    for enrolment in enrolments.select_for_update(of=("self",)).select_related("member").order_by("pk"):
        completions = list(enrolment.completions.select_related("plan_item").order_by("plan_item__order"))
        studied = _studied([enrolment.member_id], [each.plan_item.item_id for each in completions])
        deltas.add(enrolment, completions, sign=-1)
        before = {each.pk: each.standing for each in completions}
        if _stand(enrolment, completions, enrolment.member, studied, now=now):
            for completion in completions:  # mostly one: bulk_update writes a case for each of them
                if completion.standing != before[completion.pk]:
                    completion.save(update_fields=["standing", "completed_at"])
            enrolment.save(update_fields=["standing", "items_done", "completed_at"])
        deltas.add(enrolment, completions, sign=1)
    deltas.write()


def follow_moves(moves: Iterable[Move], *, now: datetime, apart_from: Organisation | None = None) -> None:
    """Members belong elsewhere: plans count them in the new unit, take them in, or let them go.

    A plan whose period is over keeps its figures as they were. `apart_from`: plans of this unit and of those under it
    are left as they are.
    """
    targets = {move.member_id: move.after_id for move in moves}
    units = Organisation.objects.in_bulk([unit for unit in targets.values() if unit])
    counted = Member.objects.filter(pk__in=targets, ended_on=None, status__in=COUNTED_STATUSES)
    counted_ids = set(counted.values_list("pk", flat=True))
    plans = StudyPlan.objects.unfinished(timezone.localdate(now)).select_related("organisation")
    if apart_from is not None:
        plans = plans.exclude(under("organisation__path", [apart_from.path]))
    for plan in plans:
        reached = {
            member: unit
            for member, unit in targets.items()
            if unit and member in counted_ids and units[unit].path.startswith(plan.organisation.path)
        }
        known = _move_enrolments(plan, set(targets), reached, now=now)
        enrol(plan, {member: unit for member, unit in reached.items() if member not in known}, now=now)


def follow_unit(organisation: Organisation, *, now: datetime) -> None:
    """A unit stands elsewhere: plans from above reach its people now, or no longer; its own plans stay theirs."""
    homes = Affiliation.objects.open().filter(under("organisation__path", [organisation.path])).order_by("pk")
    moves = (Move(member, unit, unit) for member, unit in homes.values_list("member_id", "organisation_id"))
    while some := list(islice(moves, BATCH)):
        follow_moves(some, now=now, apart_from=organisation)


def _move_enrolments(plan: StudyPlan, members: set[int], reached: dict[int, int], *, now: datetime) -> set[int]:
    deltas, known = Deltas(), set()
    enrolments = Enrolment.objects.filter(plan=plan, member_id__in=members).select_for_update(of=("self",))
    for enrolment in enrolments.select_related("member").order_by("pk"):
        completions = list(enrolment.completions.select_related("plan_item"))
        if enrolment.left_on is None:
            deltas.add(enrolment, completions, sign=-1)
        enrolment.organisation_id = reached.get(enrolment.member_id, enrolment.organisation_id)
        enrolment.left_on = None if enrolment.member_id in reached else enrolment.left_on or timezone.localdate(now)
        studied = _studied([enrolment.member_id], [each.plan_item.item_id for each in completions])
        _stand(enrolment, completions, enrolment.member, studied, now=now)
        Completion.objects.bulk_update(completions, ["standing", "completed_at"])
        enrolment.save(update_fields=["organisation", "left_on", "standing", "items_done", "completed_at"])
        if enrolment.left_on is None:
            deltas.add(enrolment, completions, sign=1)
        known.add(enrolment.member_id)
    deltas.write()
    return known


def _studied(members: Iterable[int], items: Iterable[int]) -> Studied:
    found = Progress.objects.filter(member_id__in=list(members), item_id__in=list(items))
    rows = found.values_list("member_id", "item_id", "state", "completed_at")
    return {(member, item): (state, completed_at) for member, item, state, completed_at in rows}


def _stand(
    enrolment: Enrolment,
    completions: list[Completion],
    member: Member,
    studied: Studied,
    *,
    now: datetime,
) -> bool:
    """Sets where the enrolment and its items stand, and since when: what was studied before the plan, since then.

    True when something changed.
    """
    before = [enrolment.standing, *(completion.standing for completion in completions)]
    person = {"is_flexible": member.flexible_study, "is_online": member.study_way == StudyWay.ONLINE}
    for completion in completions:
        state, studied_at = studied.get((member.pk, completion.plan_item.item_id), (None, None))
        is_completed = state == ProgressState.COMPLETED
        completion.standing = item_standing(is_started=state is not None, is_completed=is_completed, **person)
        completion.completed_at = (completion.completed_at or studied_at) if is_completed else None
    enrolment.standing = plan_standing([Standing(each.standing) for each in completions], **person)
    enrolment.items_done = sum(each.standing == Standing.DONE for each in completions)
    is_done = enrolment.standing == Standing.DONE
    last = max((each.completed_at for each in completions if each.completed_at), default=now)
    enrolment.completed_at = (enrolment.completed_at or last) if is_done else None
    return before != [enrolment.standing, *(completion.standing for completion in completions)]
