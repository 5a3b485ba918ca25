"""Sign-in cards to print: the codes exist in clear in one answer only."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import segno
from django.core import signing
from django.core.cache import cache
from django.utils.translation import gettext as _

from members.accounts.codes import GOOD_FOR, NoCard, issue_code
from members.accounts.models import Member, User
from members.roles.policies import may_give_card

A_SHEET = 10
AT_ONCE = 80
SALT = "members.cards"
TURN_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class QrCode:
    """One path in an SVG of `size` units."""

    size: int
    path: str


@dataclass(frozen=True)
class Card:
    number: str
    name: str
    unit: str
    code: str
    qr: QrCode


@dataclass
class Issued:
    """The cards, who got none and why, and until when the codes are good."""

    good_until: datetime
    cards: list[Card] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sheets(self) -> list[list[Card]]:
        """Ten to a page."""
        return [self.cards[at : at + A_SHEET] for at in range(0, len(self.cards), A_SHEET)]


def issue_member_cards(*, members: Iterable[Member], actor: User, door: str, now: datetime) -> Issued:
    """A fresh card for each member, in the order given; `door` is the address of the sign-in with a card."""
    issued = Issued(good_until=now + GOOD_FOR)
    for member in members:
        unit = member.organisation_now()
        try:
            _check_giver(actor, member.user)
            code = issue_code(actor=actor, now=now, member=member)
        except NoCard as refusal:
            issued.refused.append((member.name, str(refusal)))
            continue
        issued.cards.append(_card(member.number, member.name, unit.name if unit else "", code, door))
    return issued


def issue_staff_card(*, user: User, actor: User, door: str, now: datetime) -> Issued:
    """A fresh card for an account of staff."""
    issued = Issued(good_until=now + GOOD_FOR)
    try:
        code = issue_code(actor=actor, now=now, user=user)
    except NoCard as refusal:
        issued.refused.append((str(user), str(refusal)))
    else:
        issued.cards.append(_card(user.username, str(user), "", code, door))
    return issued


def qr_code(text: str) -> QrCode:
    """The code with a quiet border, dark squares drawn row by row."""
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=3))
    steps = []
    for y, row in enumerate(rows):
        x, cells = 0, list(row)
        while x < len(cells):
            start = x
            while x < len(cells) and cells[x]:
                x += 1
            if x > start:
                steps.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return QrCode(len(rows), "".join(steps))


def new_turn() -> str:
    """Goes into the form: with one turn codes are issued once, however often the page is loaded again."""
    return signing.dumps(secrets.token_hex(8), salt=SALT)


def take_turn(signed: str) -> bool:
    """True the first time; the past turns are remembered for as long as they would be good."""
    try:
        turn = signing.loads(signed, salt=SALT, max_age=TURN_SECONDS)
    except signing.BadSignature:
        return False
    return cache.add(f"{SALT}:{turn}", True, TURN_SECONDS)


def _card(number: str, name: str, unit: str, code: str, door: str) -> Card:
    return Card(number, name, unit, code, qr_code(f"{door}?number={number}"))


def _check_giver(actor: User, user: User | None) -> None:
    """With a card one comes in as that person: so nobody gives one to who may do more than they do themselves."""
    if user is None:
        return
    if user.pk == actor.pk:
        raise NoCard(_("This is you; change your password on your own page."))
    if not may_give_card(actor, user):
        raise NoCard(_("This person has another duty too; the system administrator gives the card."))
