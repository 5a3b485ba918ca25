from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.accounts.models import User
from members.audit.actions import record_event
from members.handovers.kinds import KINDS, Thing
from members.handovers.models import Handover, HandoverLine, HandoverState
from members.handovers.queries import held_by
from members.organisation.models import Organisation
from members.roles.policies import lies_within, paths_by_leader


class NotHanded(Exception):
    """A sentence: why this is not handed over, or not taken over."""


@transaction.atomic
def start_handover(
    *, organisation: Organisation, leaving: User, successor: User, actor: Any, now: datetime
) -> Handover:
    """Lists what is open and asks the successor to take it over; the same once more changes nothing."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    standing = Handover.objects.open().filter(organisation=organisation, leaving=leaving).first()
    if standing is not None:
        if standing.successor_id != successor.pk:
            raise NotHanded(_("This is being handed over to somebody else already. Please take that back first."))
        return standing
    if successor.pk in (leaving.pk, getattr(actor, "pk", None)) or not successor.is_admitted:
        raise NotHanded(_("This person cannot take it over: please choose somebody else who can sign in here."))
    things = held_by(leaving, organisation, now=now)
    if not things:
        raise NotHanded(_("Nothing is open any more, so there is nothing to hand over."))
    handover = Handover.objects.create(
        organisation=organisation, leaving=leaving, successor=successor, made_at=now, made_by=actor
    )
    _list(handover, things)
    _note("handover.started", handover, actor=actor, now=now, detail={"lines": len(things)})
    return handover


@transaction.atomic
def accept_handover(*, handover: Handover, actor: Any, now: datetime) -> Handover:
    """The successor takes it over: also what has come since it was listed. Twice is once; raises NotHanded."""
    held = _locked(handover)
    if held.state == HandoverState.ACCEPTED:
        return held
    _check_open(held)
    if held.leaving is None or held.successor_id != actor.pk:
        raise NotHanded(_("Only the successor takes it over."))
    things = held_by(held.leaving, held.organisation, now=now)
    _check_may_take(things, actor, now)
    _list(held, things)
    passed_on = [each for each in things if KINDS[each.kind].pass_on(each.pk, to=actor, actor=actor, now=now)]
    for each in passed_on:
        held.lines.filter(kind=each.kind, thing_id=each.pk).update(is_passed_on=True)
    _settle(held, HandoverState.ACCEPTED, now=now)
    detail = {"lines": held.lines.count(), "passed_on": len(passed_on)}
    _note("handover.accepted", held, actor=actor, now=now, detail=detail)
    return held


@transaction.atomic
def return_handover(*, handover: Handover, reason: str, actor: Any, now: datetime) -> Handover:
    """The successor does not take it over yet and says why; nothing has changed hands."""
    held = _locked(handover)
    if held.state == HandoverState.RETURNED:
        return held
    _check_open(held)
    held.return_reason = reason
    _settle(held, HandoverState.RETURNED, now=now)
    _note("handover.returned", held, actor=actor, now=now)
    return held


@transaction.atomic
def withdraw_handover(*, handover: Handover, actor: Any, now: datetime) -> Handover:
    """Whoever began it takes it back before it is taken over."""
    held = _locked(handover)
    if held.state == HandoverState.WITHDRAWN:
        return held
    _check_open(held)
    _settle(held, HandoverState.WITHDRAWN, now=now)
    _note("handover.withdrawn", held, actor=actor, now=now)
    return held


def _locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",)).select_related("organisation", "leaving", "successor")
    return rows.get(pk=handover.pk)


def _check_open(held: Handover) -> None:
    if not held.is_open:
        raise NotHanded(
            _("Meanwhile something has changed, so nothing was written. Please look at what stands here now.")
        )


def _check_may_take(things: Collection[Thing], actor: Any, now: datetime) -> None:
    """What needs a role is taken over only by who has one there: nothing open may belong to anybody else."""
    led = paths_by_leader(now).get(actor.pk, [])
    if any(each.is_kept is None and not lies_within(each.path, led) for each in things):
        raise NotHanded(
            _("You have no role in this unit yet. Please ask the security administrator for it, then take it over.")
        )


def _list(handover: Handover, things: Collection[Thing]) -> None:
    lines = [HandoverLine(handover=handover, kind=each.kind, thing_id=each.pk) for each in things]
    HandoverLine.objects.bulk_create(lines, ignore_conflicts=True)


def _settle(held: Handover, state: HandoverState, *, now: datetime) -> None:
    held.state, held.settled_at = state, now
    held.save(update_fields=["state", "settled_at", "return_reason"])


def _note(action: str, handover: Handover, *, actor: Any, now: datetime, detail: dict | None = None) -> None:
    code = handover.organisation.code
    record_event(action, now=now, actor=actor, organisation=code, about=handover, detail=detail)
