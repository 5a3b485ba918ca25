"""Somebody needs help, and somebody helped. Said by people only: no rule sets it, nothing is scored by it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from learning.completion.help_telling import tell_helped, tell_leaders
from learning.completion.models import Enrolment, HelpNote, HelpReason
from learning.completion.roster import Roster
from members.accounts.homes import hold_members
from members.accounts.models import Member
from members.audit.actions import record_event


@transaction.atomic
def ask_for_help(*, member: Member, reason: HelpReason, actor: Any, now: datetime) -> bool:
    """From now on the leaders of the unit see that this member needs help, and why; asked again only the why changes.

    False where nothing changes.
    """
    hold_members([member.pk])
    note = HelpNote.objects.open().filter(member=member).first()
    if note is not None and note.reason == reason:
        return False
    if note is not None:
        note.reason = reason
        note.save(update_fields=["reason"])
    else:
        note = HelpNote.objects.create(member=member, reason=reason, since=now, set_by=actor)
        _count(member, needs_help=True, now=now)
        tell_leaders(note, actor=actor, now=now)
    _record("help.asked", member, actor=actor, now=now)
    return True


@transaction.atomic
def clear_help(*, member: Member, actor: Any, now: datetime) -> bool:
    """Help was given, or is not needed any more. False where nobody had asked."""
    hold_members([member.pk])
    note = HelpNote.objects.open().filter(member=member).select_related("member").first()
    if note is None:
        return False
    note.cleared_at, note.cleared_by = now, actor
    note.save(update_fields=["cleared_at", "cleared_by"])
    _count(member, needs_help=False, now=now)
    tell_helped(note, now=now)
    _record("help.cleared", member, actor=actor, now=now)
    return True


def _count(member: Member, *, needs_help: bool, now: datetime) -> None:
    present = Enrolment.objects.filter(member=member, left_on=None).select_for_update(of=("self",))
    roster = Roster(present.select_related("member", "plan").order_by("pk"))
    for line in roster.lines:
        line.enrolment.needs_help = needs_help
    roster.write(now=now)


def _record(action: str, member: Member, *, actor: Any, now: datetime) -> None:
    unit = member.organisation_now()
    record_event(action, now=now, actor=actor, about=member, organisation=unit.code if unit else "")
