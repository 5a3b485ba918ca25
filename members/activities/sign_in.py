"""Signing in at an activity by the digits in the hall. Success is said only where a row stands."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from members.accounts.models import Member
from members.activities.actions import NotOpen, hold
from members.activities.kinds import OPEN, TOOK_PART, ActivityState, AttendanceState
from members.activities.models import Activity, Attendance, SignInCode
from members.activities.roster import is_expected
from members.activities.rotation import fits
from members.audit.actions import record_event

EARLIEST = timedelta(hours=2)
AT_LEAST = timedelta(hours=1)


class Outcome(StrEnum):
    SIGNED_IN = "signed_in"
    ALREADY = "already"
    NOT_LISTED = "not_listed"
    CLOSED = "closed"


@transaction.atomic
def open_code(*, activity: Activity, actor: Any, now: datetime) -> SignInCode:
    """The code stands until the end, an hour at least; opened again while it stands it stays. Raises NotOpen."""
    held = hold(activity, OPEN)
    if now < held.starts_at - EARLIEST:
        raise NotOpen
    code = SignInCode.objects.filter(activity=held).first()
    if code is not None and code.closes_at > now:
        return code
    fresh = {"secret": secrets.token_hex(20), "opened_at": now, "closes_at": max(held.ends_at, now + AT_LEAST)}
    code, _ = SignInCode.objects.update_or_create(activity=held, defaults=fresh)
    record_event("activity.code_opened", now=now, actor=actor, organisation=held.lead.code, about=held)
    return code


@transaction.atomic
def close_code(*, activity: Activity, actor: Any, now: datetime) -> None:
    """From now on nobody signs in by code; closing twice changes nothing."""
    if SignInCode.objects.filter(activity=activity, closes_at__gt=now).update(closes_at=now):
        record_event("activity.code_closed", now=now, actor=actor, organisation=activity.lead.code, about=activity)


def open_code_of(activity: Activity, *, now: datetime) -> SignInCode | None:
    """The code that stands now."""
    return SignInCode.objects.filter(activity=activity, opened_at__lte=now, closes_at__gt=now).first()


def activity_of_code(typed: str, among: QuerySet, *, now: datetime) -> Activity | None:
    """Which of these activities shows the typed digits now; nothing where none does."""
    codes = SignInCode.objects.filter(activity__in=among, opened_at__lte=now, closes_at__gt=now)
    for code in codes.select_related("activity").order_by("pk"):
        if fits(typed, code.secret, code.activity_id, now=now):
            return code.activity
    return None


def activity_showing(pk: int, typed: str, *, now: datetime) -> Activity | None:
    """The activity, if it shows these digits now: whoever holds its code may learn its name, on the list or not."""
    return activity_of_code(typed, Activity.objects.filter(pk=pk).values("pk"), now=now)


def activity_seen(pk: int) -> Activity | None:
    """The activity whose code somebody has shown before."""
    return Activity.objects.filter(pk=pk).first()


@transaction.atomic
def sign_in(*, activity: Activity, member: Member, now: datetime) -> Outcome:
    """The member is present, once; whoever calls has seen the code. A second time says so and changes nothing."""
    try:
        held = hold(activity, OPEN)
    except NotOpen:
        return Outcome.CLOSED
    if open_code_of(held, now=now) is None:
        return Outcome.CLOSED
    row = Attendance.objects.filter(activity=held, member=member).first()
    if row is None and not is_expected(held, member):
        return Outcome.NOT_LISTED
    if row is not None and row.state in TOOK_PART:
        return Outcome.ALREADY
    stamp = {"state": AttendanceState.PRESENT, "is_by_code": True, "marked_at": now, "marked_by": member.user}
    Attendance.objects.update_or_create(activity=held, member=member, defaults=stamp)
    if held.state == ActivityState.ANNOUNCED:
        held.state = ActivityState.RECORDING
        held.save(update_fields=["state"])
    return Outcome.SIGNED_IN
