"""Announcing an activity and recording it: what, who was there, what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from members.accounts.models import Member
from members.accounts.names import name_key
from members.activities.kinds import CHANGEABLE, OPEN, ActivityState, AttendanceState
from members.activities.models import Activity, ActivityKindLine, Attendance, Holding, Minutes
from members.activities.roster import is_expected
from members.audit.actions import record_event
from members.organisation.models import Organisation

LATE_ENTRY = timedelta(days=7)


class NotOpen(Exception):
    """The record is not in a state in which this can be done."""


class UnknownGuest(Exception):
    """No member has this number and this name together."""


@dataclass(frozen=True)
class Facts:
    """What an activity is, when and where; `hours` None: counted by its length."""

    lead: Organisation
    kinds: Sequence[str]
    topic: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    is_online: bool = False
    hours: Decimal | None = None
    hours_category: str = "group"


@transaction.atomic
def announce_activity(*, facts: Facts, actor: Any, now: datetime) -> Activity:
    """A new activity of a unit, to come or already held; entered more than a week afterwards it is a late entry."""
    is_over = facts.ends_at <= now
    activity = Activity.objects.create(
        **_said(facts),
        state=ActivityState.RECORDING if is_over else ActivityState.ANNOUNCED,
        is_late_entry=facts.ends_at + LATE_ENTRY < now,
        made_at=now,
        made_by=actor,
    )
    Holding.objects.create(activity=activity, organisation=facts.lead, is_lead=True)
    _set_kinds(activity, facts.kinds)
    _note("activity.announced", activity, actor=actor, now=now, organisation=facts.lead.code)
    return activity


@transaction.atomic
def change_activity(*, activity: Activity, facts: Facts, actor: Any, now: datetime) -> None:
    """Other facts; a record that was submitted is with the branch again. The same facts change nothing."""
    held = hold(activity, CHANGEABLE)
    said = _said(facts)
    is_new = any(getattr(held, name) != value for name, value in said.items())
    if not is_new and held.lead == facts.lead and held.kind_set == set(facts.kinds):
        return
    for name, value in said.items():
        setattr(held, name, value)
    _take_back(held)
    held.save()
    if held.lead != facts.lead:
        held.holdings.filter(is_lead=True).delete()
        Holding.objects.update_or_create(activity=held, organisation=facts.lead, defaults={"is_lead": True})
    _set_kinds(held, facts.kinds)
    _note("activity.changed", held, actor=actor, now=now, organisation=facts.lead.code)


@transaction.atomic
def add_unit(*, activity: Activity, organisation: Organisation, actor: Any, now: datetime) -> None:
    """One more unit holds it; its leaders may tick their own people. Twice is once."""
    held = hold(activity, OPEN)
    _, is_new = Holding.objects.get_or_create(activity=held, organisation=organisation)
    if is_new:
        _note("activity.unit_added", held, actor=actor, now=now, organisation=organisation.code)


@transaction.atomic
def drop_unit(*, activity: Activity, organisation: Organisation, actor: Any, now: datetime) -> None:
    """The unit holds it no longer; the one that leads stays."""
    held = hold(activity, OPEN)
    if held.holdings.filter(organisation=organisation, is_lead=False).delete()[0]:
        _note("activity.unit_dropped", held, actor=actor, now=now, organisation=organisation.code)


@transaction.atomic
def mark_attendance(*, activity: Activity, marks: Mapping[int, str], actor: Any, now: datetime) -> int:
    """How members took part ({member id: state}); how many marks changed. The same marks again change nothing."""
    held = hold(activity, CHANGEABLE)
    known = {row.member_id: row for row in Attendance.objects.filter(activity=held, member_id__in=marks)}
    stamp = {"marked_at": now, "marked_by": actor}
    made = [
        Attendance(activity=held, member_id=member, state=state, **stamp)
        for member, state in marks.items()
        if member not in known
    ]
    changed = [row for member, row in known.items() if row.state != marks[member]]
    for row in changed:
        row.state, row.marked_at, row.marked_by, row.is_by_code = marks[row.member_id], now, actor, False
    Attendance.objects.bulk_create(made)
    Attendance.objects.bulk_update(changed, ["state", "marked_at", "marked_by", "is_by_code"])
    if made or changed:
        _begin_recording(held)
        detail = {"made": len(made), "changed": len(changed)}
        _note("activity.attendance_marked", held, actor=actor, now=now, detail=detail)
    return len(made) + len(changed)


@transaction.atomic
def add_guest(*, activity: Activity, number: str, name: str, actor: Any, now: datetime) -> Member:
    """A member of another unit was there. Number and name must agree: nobody finds out a name by trying numbers."""
    held = hold(activity, CHANGEABLE)
    member = Member.objects.present().filter(number=number.strip(), name_key=name_key(name)).first()
    if member is None:
        raise UnknownGuest
    mark_attendance(activity=held, marks={member.pk: AttendanceState.PRESENT}, actor=actor, now=now)
    if not is_expected(held, member):
        _note("activity.guest_added", held, actor=actor, now=now, detail={"member": member.pk})
    return member


@transaction.atomic
def drop_guest(*, activity: Activity, member: Member, actor: Any, now: datetime) -> None:
    """A guest who was added by mistake; who is expected stays on the list."""
    held = hold(activity, CHANGEABLE)
    if is_expected(held, member):
        return
    if Attendance.objects.filter(activity=held, member=member).delete()[0]:
        _begin_recording(held)
        _note("activity.guest_dropped", held, actor=actor, now=now, detail={"member": member.pk})


@transaction.atomic
def write_minutes(
    *, activity: Activity, text: str, host: Member | None, recorder: Member | None, actor: Any, now: datetime
) -> bool:
    """Host, recorder and the minutes; a changed text is a new revision, the same text is none. True for a change."""
    held = hold(activity, CHANGEABLE)
    last = held.minutes.order_by("-revision").first()
    is_new_text = text.strip() != (last.text if last else "")
    if is_new_text:
        revision = last.revision + 1 if last else 1
        Minutes.objects.create(activity=held, revision=revision, text=text.strip(), written_at=now, written_by=actor)
    is_changed = is_new_text or (held.host, held.recorder) != (host, recorder)
    if is_changed:
        held.host, held.recorder = host, recorder
        _begin_recording(held)
        held.save(update_fields=["host", "recorder", "state"])
    return is_changed


@transaction.atomic
def ask_leave(*, activity: Activity, member: Member, now: datetime) -> bool:
    """Leave beforehand, without a reason. False once it has begun, or for who is not expected."""
    held = hold(activity, OPEN)
    if now >= held.starts_at or not is_expected(held, member):
        return False
    stamp = {"state": AttendanceState.LEAVE, "marked_at": now, "marked_by": member.user}
    row, is_new = Attendance.objects.get_or_create(activity=held, member=member, defaults=stamp)
    return is_new or row.state == AttendanceState.LEAVE


@transaction.atomic
def withdraw_leave(*, activity: Activity, member: Member, now: datetime) -> bool:
    """The member comes after all; only before it begins."""
    held = hold(activity, OPEN)
    own = Attendance.objects.filter(activity=held, member=member, state=AttendanceState.LEAVE)
    return now < held.starts_at and bool(own.delete()[0])


def hold(activity: Activity, states: Sequence[str]) -> Activity:
    """The row itself, locked for this transaction; raises NotOpen in any other state."""
    held = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if held.state not in states:
        raise NotOpen
    return held


def _begin_recording(held: Activity) -> None:
    """Who marks or writes has begun to record; what was submitted before has to be submitted again."""
    if held.state in (ActivityState.ANNOUNCED, ActivityState.SUBMITTED):
        held.state = ActivityState.RECORDING
        held.save(update_fields=["state"])


def _take_back(held: Activity) -> None:
    if held.state == ActivityState.SUBMITTED:
        held.state = ActivityState.RECORDING


def _said(facts: Facts) -> dict[str, Any]:
    return {
        "topic": facts.topic,
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "place": facts.place,
        "is_online": facts.is_online,
        "hours": facts.hours,
        "hours_category": facts.hours_category,
    }


def _set_kinds(activity: Activity, kinds: Sequence[str]) -> None:
    ActivityKindLine.objects.filter(activity=activity).exclude(kind__in=kinds).delete()
    lines = [ActivityKindLine(activity=activity, kind=kind) for kind in kinds]
    ActivityKindLine.objects.bulk_create(lines, ignore_conflicts=True)


def _note(action: str, activity: Activity, *, actor: Any, now: datetime, organisation: str = "", detail=None) -> None:
    code = organisation or activity.lead.code
    record_event(action, now=now, actor=actor, organisation=code, about=activity, detail=detail)
