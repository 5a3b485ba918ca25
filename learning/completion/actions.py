"""Who is in which plan, and where each stands. Every change writes its deltas in the same transaction.

One order for everybody: whoever changes enrolments first holds their members, by number, before the audit log and the
tallies. So two who change the same people wait for each other, never in a circle, and nobody is in a plan twice.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from learning.completion.models import Enrolment, HelpNote
from learning.completion.roster import Roster
from learning.completion.tallies import hang_tallies, rebuild_tallies
from learning.plans.audience import concerned
from learning.plans.models import StudyPlan
from learning.plans.overlaps import note_overlap
from members.accounts.homes import hold_members
from members.accounts.models import Member
from members.events import Move, UnitMove
from members.organisation.models import Affiliation, Organisation, Post
from members.roles.policies import under

BATCH = 500


@dataclass
class Aligned:
    """What aligning a plan did, as ids of members: who joined, who left, who stands or is counted otherwise."""

    joined: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)

    def add(self, other: "Aligned") -> None:
        self.joined += other.joined
        self.left += other.left
        self.changed += other.changed


@transaction.atomic
def publish_plan(plan: StudyPlan, *, now: datetime) -> int:
    """Opens a plan to everybody whom it concerns; how many there are. Idempotent."""
    if plan.published_at is None:
        plan.published_at = now
        plan.save(update_fields=["published_at"])
    note_overlap(plan)
    align_plan(plan, now=now)
    return plan.enrolments.filter(left_on=None).count()


@transaction.atomic
def align_plan(plan: StudyPlan, *, now: datetime, member_ids: Collection[int] | None = None) -> Aligned:
    """The plan and its people agree: whom it concerns is in it, everybody else is not, and all stand as they do.

    Called after whatever changes a plan, its items or its audience; with `member_ids` only these are looked at.
    Aligning again changes nothing.
    """
    if member_ids is None:
        there = concerned(plan, on=timezone.localdate(now)).values_list("member_id", flat=True)
        member_ids = {*plan.enrolments.values_list("member_id", flat=True), *there}
    done, everybody = Aligned(), iter(sorted(member_ids))
    while some := list(islice(everybody, BATCH)):
        hold_members(some)
        done.add(_align(plan, some, now=now))
    return done


def settle(*, member_ids: Iterable[int], now: datetime, item_id: int | None = None) -> None:
    """Looks again where members stand in their plans (all plans, or those with one item) and counts what changed."""
    ids = hold_members(member_ids)
    enrolments = Enrolment.objects.filter(member_id__in=ids, left_on=None)
    if item_id is not None:
        enrolments = enrolments.filter(plan__items__item_id=item_id)
    locked = enrolments.select_for_update(of=("self",)).select_related("member", "plan")
    roster = Roster(locked.order_by("member_id", "pk"))
    if roster.lines:
        roster.stand_anew(now=now)
        roster.write(now=now)


def follow_moves(moves: Iterable[Move], *, now: datetime, apart_from: Organisation | None = None) -> None:
    """Members belong elsewhere, or count otherwise: plans count them in their unit, take them in, or let them go.

    A plan whose period is over keeps its figures as they were. `apart_from`: plans of this unit and of those under it
    are left as they are.
    """
    follow_people({move.member_id for move in moves}, now=now, apart_from=apart_from)


def follow_people(member_ids: Iterable[int], *, now: datetime, apart_from: Organisation | None = None) -> None:
    """These people have moved, or their posts, times away or kind of membership are others: plans follow them."""
    ids = hold_members(member_ids)
    plans = StudyPlan.objects.unfinished(timezone.localdate(now)).select_related("organisation")
    plans = plans.prefetch_related("audience")
    if apart_from is not None:
        plans = plans.exclude(under("organisation__path", [apart_from.path]))
    for plan in plans.order_by("pk"):
        _align(plan, ids, now=now)


@transaction.atomic
def follow_units(moves: Sequence[UnitMove], *, now: datetime) -> None:
    """Units stand elsewhere: plans from above reach their people now, or no longer; their own plans stay theirs.

    Without a move units are gone, and everything is counted anew.
    """
    units = list(Organisation.objects.filter(pk__in=[move.unit_id for move in moves]))
    homes = Affiliation.objects.open().order_by("member_id")
    within = under("organisation__path", [unit.path for unit in units])
    belonging = set(homes.filter(within).values_list("member_id", flat=True))
    serving = set(Post.objects.filter(within, until=None).values_list("member_id", flat=True))
    hold_members(belonging | serving)
    for unit in units:
        there = homes.filter(under("organisation__path", [unit.path])).values_list("member_id", "organisation_id")
        people = (Move(member, home, home) for member, home in there)
        while some := list(islice(people, BATCH)):
            follow_moves(some, now=now, apart_from=unit)
    if serving - belonging:  # of other units, and meant by their post in one that stands elsewhere now
        follow_people(serving - belonging, now=now)
    if moves:
        hang_tallies(moves, now=now)
    else:
        rebuild_tallies()


def _align(plan: StudyPlan, ids: Collection[int], *, now: datetime) -> Aligned:
    """These members, who are locked, and the plan."""
    today = timezone.localdate(now)
    units = dict(concerned(plan, member_ids=ids, on=today).values_list("member_id", "organisation_id"))
    known = Enrolment.objects.filter(plan=plan, member_id__in=ids).select_for_update(of=("self",))
    roster = Roster(known.select_related("member", "plan").order_by("member_id"))
    enrolments = {line.enrolment.member_id: line.enrolment for line in roster.lines}
    was_in = {member for member, each in enrolments.items() if each.left_on is None}
    for member, each in enrolments.items():
        each.organisation_id = units.get(member, each.organisation_id)
        each.left_on = None if member in units else each.left_on or today
    new = Member.objects.filter(pk__in=units.keys() - enrolments.keys()).order_by("pk")
    roster.take_in(Enrolment(plan=plan, member=each, organisation_id=units[each.pk], counts_from=today) for each in new)
    helped = set(HelpNote.objects.open().filter(member__in=ids).values_list("member_id", flat=True))
    for line in roster.lines:
        line.enrolment.needs_help = line.enrolment.member_id in helped
    roster.stand_anew(now=now)
    changed = {each.member_id for each in roster.write(now=now)}
    return Aligned(
        joined=sorted(units.keys() - was_in),
        left=sorted(was_in - units.keys()),
        changed=sorted(changed & was_in & units.keys()),
    )
