"""What the pages of transfer records show, to either side."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import Organisation, OrganisationQuerySet
from members.organisation.sounds import sound_of
from members.roles.policies import led_paths, lies_within
from members.transfers.models import Transfer, TransferQuerySet, TransferState
from members.transfers.wording import say_state

AT_MOST = 12
PAST_SHOWN = 50


@dataclass(frozen=True)
class TransferRow:
    """One record as both sides read it; two people of one name differ by unit and the end of the number."""

    transfer: Transfer
    name: str
    digits: str
    say: str
    is_open: bool
    is_asked: bool
    is_given: bool

    @property
    def on(self) -> datetime:
        return self.transfer.answered_at or self.transfer.proposed_at


@dataclass(frozen=True)
class Choice:
    """A unit that may receive somebody: nothing is shown of it but its name and its superior's."""

    code: str
    name: str
    superior: str


def transfer_rows(transfers: TransferQuerySet, *, user) -> list[TransferRow]:
    """These records in words, in three queries at most."""
    still = Transfer.objects.open().filter(pk=OuterRef("pk"))
    found = transfers.annotate(is_open=Exists(still)).select_related("member", "giving", "receiving")
    paths = led_paths(user)
    return [
        TransferRow(
            transfer=each,
            name=each.member.name,
            digits=each.member.number[-2:],
            say=say_state(each, is_open=each.is_open),
            is_open=each.is_open,
            is_asked=each.is_open and lies_within(each.receiving.path, paths),
            is_given=each.state == TransferState.PROPOSED and lies_within(each.giving.path, paths),
        )
        for each in found
    ]


def by_name(rows: list[TransferRow]) -> list[TransferRow]:
    """In the order in which names are spoken."""
    return sorted(rows, key=lambda row: (sound_of(row.name), row.transfer.member.number))


def past_rows(user) -> list[TransferRow]:
    """The latest that are closed, the newest first."""
    closed = Transfer.objects.led_by(user).closed().order_by("-proposed_at", "-pk")
    return transfer_rows(closed[:PAST_SHOWN], user=user)


def receiving_units(home: Organisation) -> OrganisationQuerySet:
    """Open units, anywhere in the house, to which somebody from there can belong."""
    return Organisation.objects.open().exclude(kind__in=FUNCTIONAL_KINDS).exclude(pk=home.pk)


def find_receiving(text: str, home: Organisation) -> list[Choice]:
    """A short list by code, of units whose name or code is like what was typed; one more than shown says «more»."""
    text = text.strip()
    if not text:
        return []
    like = receiving_units(home).filter(Q(name__icontains=text) | Q(code__iexact=text))
    found = list(like.in_order()[: AT_MOST + 1])
    above = {unit.path: unit.path[: -Organisation.steplen] for unit in found}
    names = dict(Organisation.objects.filter(path__in=set(above.values())).values_list("path", "name"))
    return [Choice(unit.code, unit.name, names.get(above[unit.path], "")) for unit in found]
