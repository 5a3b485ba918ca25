"""A record of two sides: proposed by the giving unit, answered by the receiving one. Nothing happens by itself."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.accounts.homes import Elsewhere, change_home, hold_member
from members.accounts.models import Member
from members.audit.actions import record_event
from members.checkins.passing_on import end_spells_at_home
from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import Affiliation, Organisation
from members.organisation.placing import hold_units
from members.transfers.models import Transfer, TransferState


class NotTransferred(Exception):
    """A sentence: why this cannot be recorded."""


@transaction.atomic
def propose_transfer(*, member: Member, receiving: Organisation, actor: Any, now: datetime, note: str = "") -> Transfer:
    """Asks the receiving unit; the member belongs where they belong until it has answered. Asked twice it is one."""
    home = member.organisation_now()
    if home is None:
        raise NotTransferred(_("The membership here has ended."))
    held = hold_units([home, receiving])
    _check_receiving(held[receiving.pk])
    member = hold_member(member)
    if not Affiliation.objects.open().filter(member=member, organisation=home, member__ended_on=None).exists():
        raise NotTransferred(_("Meanwhile this member belongs to another unit. Please look once more."))
    if home.pk == receiving.pk:
        raise NotTransferred(_("The member belongs to this unit already."))
    waiting = Transfer.objects.filter(member=member, state=TransferState.PROPOSED).first()
    if waiting is not None and waiting.giving_id == home.pk:
        if waiting.receiving_id == receiving.pk:
            return waiting
        raise NotTransferred(_("Another unit has been asked already. Please withdraw that record first."))
    if waiting is not None:  # the member came here by another way; nobody can answer it any more
        _close(waiting, TransferState.LAPSED, actor=actor, now=now)
    transfer = Transfer.objects.create(
        member=member, giving=home, receiving=receiving, note=note, proposed_at=now, proposed_by=actor
    )
    _tell("transfer.proposed", transfer, actor=actor, now=now)
    return transfer


@transaction.atomic
def accept_transfer(*, transfer: Transfer, actor: Any, now: datetime) -> Transfer:
    """The receiving unit has the member from now on, in the same transaction; accepted twice it stays as it is."""
    transfer = _held(transfer)
    if transfer.state == TransferState.ACCEPTED:
        return transfer
    _check_waiting(transfer)
    _check_receiving(transfer.receiving)
    member = hold_member(transfer.member)
    if member.ended_on is not None:
        raise NotTransferred(_("The membership here has ended."))
    _close(transfer, TransferState.ACCEPTED, actor=actor, now=now)
    _tell("transfer.accepted", transfer, actor=actor, now=now)
    try:
        change_home(member_ids=[member.pk], before=transfer.giving, after=transfer.receiving, now=now)
    except Elsewhere as error:
        raise NotTransferred(_("Meanwhile this member belongs to another unit. Please look once more.")) from error
    end_spells_at_home(host=transfer.receiving, member_ids=[member.pk], actor=actor, now=now)
    return transfer


@transaction.atomic
def decline_transfer(*, transfer: Transfer, reason: str, actor: Any, now: datetime) -> Transfer:
    """The receiving unit does not receive the member and says why; declined twice it stays as it is."""
    transfer = _held(transfer)
    if transfer.state == TransferState.DECLINED:
        return transfer
    _check_waiting(transfer)
    _close(transfer, TransferState.DECLINED, actor=actor, now=now, reason=reason)
    _tell("transfer.declined", transfer, actor=actor, now=now)
    return transfer


@transaction.atomic
def withdraw_transfer(*, transfer: Transfer, actor: Any, now: datetime) -> Transfer:
    """The giving unit asks no longer; withdrawn twice it stays as it is."""
    transfer = _held(transfer)
    if transfer.state == TransferState.WITHDRAWN:
        return transfer
    _check_waiting(transfer)
    _close(transfer, TransferState.WITHDRAWN, actor=actor, now=now)
    _tell("transfer.withdrawn", transfer, actor=actor, now=now)
    return transfer


def pass_on_transfers(
    *,
    before: Organisation,
    after: Organisation,
    actor: Any,
    now: datetime,
    of_members: Collection[int] | None = None,
) -> None:
    """One unit became another: what waits on either side waits there; between the two of them nothing is left to do.

    `of_members`: only these people pass over, so only what they wait for. To be called with both units held.
    """
    found = Transfer.objects.filter(Q(receiving=before) | Q(giving=before), state=TransferState.PROPOSED)
    if of_members is not None:
        found = found.filter(giving=before, member__in=list(of_members))
    for transfer in found.order_by("pk").select_for_update(of=("self",), no_key=True):
        giving = after.pk if transfer.giving_id == before.pk else transfer.giving_id
        receiving = after.pk if transfer.receiving_id == before.pk else transfer.receiving_id
        if giving == receiving:
            _close(transfer, TransferState.LAPSED, actor=actor, now=now)
        else:
            transfer.giving_id, transfer.receiving_id = giving, receiving
            transfer.save(update_fields=["giving", "receiving"])


def _held(transfer: Transfer) -> Transfer:
    """The record with both units and itself locked, in one order for everybody: units first, then the record."""
    seen = Transfer.objects.select_related("giving", "receiving").get(pk=transfer.pk)
    units = hold_units([seen.giving, seen.receiving])
    held = Transfer.objects.select_for_update(of=("self",), no_key=True).get(pk=transfer.pk)
    if (held.giving_id, held.receiving_id) != (seen.giving_id, seen.receiving_id):
        raise NotTransferred(_("Meanwhile one of the units was merged into another. Please look once more."))
    held.giving, held.receiving = units[held.giving_id], units[held.receiving_id]
    return held


def _check_waiting(transfer: Transfer) -> None:
    if transfer.state != TransferState.PROPOSED:
        said = _("This record is closed already: %(state)s.")
        raise NotTransferred(said % {"state": transfer.get_state_display()})


def _check_receiving(unit: Organisation) -> None:
    if unit.closed_on is not None:
        raise NotTransferred(_("The receiving unit has been closed."))
    if unit.kind in FUNCTIONAL_KINDS:
        raise NotTransferred(_("Nobody belongs to a unit of this kind; people only take part there."))


def _close(transfer: Transfer, state: TransferState, *, actor: Any, now: datetime, reason: str = "") -> None:
    transfer.state, transfer.answered_at, transfer.answered_by, transfer.reason = state, now, actor, reason
    transfer.save(update_fields=["state", "answered_at", "answered_by", "reason"])


def _tell(action: str, transfer: Transfer, *, actor: Any, now: datetime) -> None:
    codes = {"from": transfer.giving.code, "to": transfer.receiving.code}
    record_event(action, now=now, actor=actor, organisation=transfer.giving.code, about=transfer, detail=codes)
