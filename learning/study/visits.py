"""A visit: the server's word that this member opened this item at that moment; signed, so a beat needs no session."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.core import signing

from learning.progress.pace import Pace

GOOD_FOR = timedelta(hours=12)
SALT = "learning.visit"


class VisitRefused(Exception):
    """The visit was not signed here, or is too old."""


@dataclass(frozen=True)
class Visit:
    member_id: int
    item_id: int
    key: str
    opened_at: datetime
    pace: Pace

    @property
    def pair(self) -> tuple[int, int]:
        """(member, item)"""
        return self.member_id, self.item_id


@cache
def _signer() -> signing.Signer:
    """One for the process: making one costs more than signing."""
    return signing.Signer(salt=SALT)


def open_visit(*, member_id: int, item_id: int, pace: Pace, now: datetime) -> str:
    """A signed visit, good for twelve hours."""
    opened_ms = int(now.timestamp() * 1000)
    figures = [pace.rate, pace.slack_seconds, pace.gap_seconds, pace.bank_seconds]
    fields = [member_id, item_id, secrets.token_urlsafe(9), opened_ms, *figures]
    return _signer().sign("~".join(map(str, fields)))


def read_visit(signed: str, *, now: datetime) -> Visit:
    """The visit that was signed; raises VisitRefused.

    One signed before there was a rule for the bank goes by what it was told: time counts as long as the visit is good.
    """
    try:
        member, item, key, opened, rate, slack, gap, *bank = _signer().unsign(signed).split("~")
    except (signing.BadSignature, ValueError) as error:
        raise VisitRefused("unsigned") from error
    opened_at = datetime.fromtimestamp(int(opened) / 1000, UTC)
    if now - opened_at > GOOD_FOR:
        raise VisitRefused("too old")
    pace = Pace(float(rate), float(slack), float(gap), float(bank[0]) if bank else GOOD_FOR.total_seconds())
    return Visit(int(member), int(item), key, opened_at, pace)
