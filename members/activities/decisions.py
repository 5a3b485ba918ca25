"""The record goes up and comes back: submitted, accepted or returned, reopened by the unit above. Each is audited."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.activities.actions import NotOpen, hold
from members.activities.kinds import OPEN, TOOK_PART, ActivityState
from members.activities.models import Activity, Attendance, SignInCode
from members.activities.worth import worth_of
from members.audit.actions import record_event
from members.events import Attended, attendance_reversed, attendance_settled


class NotReady(Exception):
    """Nobody has been recorded as present, or the activity is not over yet."""


@transaction.atomic
def submit_activity(*, activity: Activity, actor: Any, now: datetime) -> None:
    """The record goes to the unit above, which sees exactly this state of it; submitted again it stays as it is."""
    held = hold(activity, (*OPEN, ActivityState.SUBMITTED))
    if held.state == ActivityState.SUBMITTED:
        return
    if now < held.starts_at or not _took_part(held).exists():
        raise NotReady
    held.state, held.submitted_at, held.return_reason = ActivityState.SUBMITTED, now, ""
    held.save(update_fields=["state", "submitted_at", "return_reason"])
    SignInCode.objects.filter(activity=held, closes_at__gt=now).update(closes_at=now)
    _note("activity.submitted", held, actor=actor, now=now)


@transaction.atomic
def accept_activity(*, activity: Activity, seen: datetime, actor: Any, now: datetime) -> None:
    """What was submitted at `seen` is accepted, and hours and plan items follow, once. Raises NotOpen otherwise."""
    held = hold(activity, (ActivityState.SUBMITTED, ActivityState.ACCEPTED))
    if held.submitted_at != seen:
        raise NotOpen
    if held.state == ActivityState.ACCEPTED:
        return
    held.state, held.settled_at, held.settled_by = ActivityState.ACCEPTED, now, actor
    held.save(update_fields=["state", "settled_at", "settled_by"])
    attendance_settled.send(sender=Activity, attended=attended_of(held), by=actor, now=now)
    _note("activity.accepted", held, actor=actor, now=now)


@transaction.atomic
def return_activity(*, activity: Activity, reason: str, actor: Any, now: datetime) -> None:
    """Back to the unit, with the reason that it reads first; returned again it stays as it is."""
    held = hold(activity, (ActivityState.SUBMITTED, ActivityState.RETURNED))
    if held.state == ActivityState.RETURNED:
        return
    _send_back(held, reason)
    _note("activity.returned", held, actor=actor, now=now)


@transaction.atomic
def reopen_activity(*, activity: Activity, reason: str, actor: Any, now: datetime) -> None:
    """An accepted record is with the unit again, and what followed from it is reversed, until it is accepted anew."""
    held = hold(activity, (ActivityState.ACCEPTED, ActivityState.RETURNED))
    if held.state == ActivityState.RETURNED:
        return
    _send_back(held, reason)
    held.settled_at = held.settled_by = None
    held.save(update_fields=["settled_at", "settled_by"])
    attendance_reversed.send(sender=Activity, activity_id=held.pk, reason=reason, by=actor, now=now)
    _note("activity.reopened", held, actor=actor, now=now)


@transaction.atomic
def cancel_activity(*, activity: Activity, actor: Any, now: datetime) -> None:
    """It does not take place; whoever looks for it reads so."""
    held = hold(activity, (*OPEN, ActivityState.CANCELLED))
    if held.state != ActivityState.CANCELLED:
        held.state = ActivityState.CANCELLED
        held.save(update_fields=["state"])
        _note("activity.cancelled", held, actor=actor, now=now)


def attended_of(activity: Activity) -> Attended:
    """The news of an accepted record."""
    return Attended(
        activity_id=activity.pk,
        title=activity.topic,
        organisation_id=activity.lead.pk,
        held_on=timezone.localdate(activity.starts_at),
        hours=worth_of(activity),
        category=activity.hours_category,
        member_ids=frozenset(_took_part(activity).values_list("member_id", flat=True)),
    )


def _took_part(activity: Activity):
    return Attendance.objects.filter(activity=activity, state__in=TOOK_PART)


def _send_back(held: Activity, reason: str) -> None:
    held.state, held.return_reason = ActivityState.RETURNED, reason
    held.save(update_fields=["state", "return_reason"])


def _note(action: str, activity: Activity, *, actor: Any, now: datetime) -> None:
    """Without the reason: a text may hold names, the log holds none."""
    record_event(action, now=now, actor=actor, organisation=activity.lead.code, about=activity)
