from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from learning.claims.models import ClaimState, HoursClaim
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.telling import TOPIC, tell
from members.accounts.models import Member
from members.audit.actions import record_event
from members.messages.actions import enqueue


class AlreadyDecided(Exception):
    """Somebody has decided otherwise meanwhile."""


@dataclass(frozen=True)
class Said:
    """What hours are claimed: for what, as which category, how many, of which day."""

    title: str
    category: str
    hours: Decimal
    held_on: date
    note: str = ""


@transaction.atomic
def propose_hours(
    *, member: Member, said: Said, actor: Any, may_judge: bool, now: datetime, sent_key: str | None = None
) -> HoursClaim:
    """Hours that wait for an organiser; those of who organises the member themselves count at once, and say so.

    Sent twice from one showing of the form it stands once.
    """
    known = HoursClaim.objects.filter(sent_key=sent_key).first() if sent_key else None
    if known is not None:
        return known
    stamp = {"proposed_at": now, "proposed_by": actor, "sent_key": sent_key}
    claim = HoursClaim.objects.create(member=member, **vars(said), **stamp)
    _note("hours.proposed", claim, actor=actor, now=now)
    if may_judge:
        _approve(claim, actor=actor, now=now)
    return claim


@transaction.atomic
def approve_claim(*, claim: HoursClaim, actor: Any, now: datetime) -> None:
    """The line is written and the member told, once; raises AlreadyDecided where it was declined."""
    held = _hold(claim)
    if held.state == ClaimState.DECLINED:
        raise AlreadyDecided
    if held.state == ClaimState.PROPOSED:
        _approve(held, actor=actor, now=now)


@transaction.atomic
def decline_claim(*, claim: HoursClaim, reason: str, actor: Any, now: datetime) -> None:
    """Nothing is recorded, and whoever proposed it is told why; raises AlreadyDecided where it was approved."""
    held = _hold(claim)
    if held.state == ClaimState.APPROVED:
        raise AlreadyDecided
    if held.state == ClaimState.PROPOSED:
        held.decline_reason = reason
        _decide(held, ClaimState.DECLINED, actor=actor, now=now)
        _note("hours.declined", held, actor=actor, now=now)
        _tell_proposer(held, now=now)


def _hold(claim: HoursClaim) -> HoursClaim:
    return HoursClaim.objects.select_for_update(of=("self",)).select_related("member").get(pk=claim.pk)


def _approve(claim: HoursClaim, *, actor: Any, now: datetime) -> None:
    _decide(claim, ClaimState.APPROVED, actor=actor, now=now)
    is_at_once = claim.proposed_by_id == actor.pk
    line = HoursEntry.objects.create(
        member=claim.member,
        source=HoursSource.BY_HAND,
        category=claim.category,
        hours=claim.hours,
        earned_on=claim.held_on,
        year=claim.year,
        evidence={"by": "hand", "title": claim.title, "claim": claim.pk, "is_at_once": is_at_once},
        source_key=f"claim:{claim.pk}",
        recorded_at=now,
        recorded_by_id=claim.proposed_by_id,
        approved_by=actor,
    )
    _note("hours.approved", claim, actor=actor, now=now)
    tell([line], now=now)


def _decide(claim: HoursClaim, state: ClaimState, *, actor: Any, now: datetime) -> None:
    claim.state, claim.decided_at, claim.decided_by = state, now, actor
    claim.save(update_fields=["state", "decided_at", "decided_by", "decline_reason"])


def _tell_proposer(claim: HoursClaim, *, now: datetime) -> None:
    """Without the name of the member: a message would outlive an erasure. The page behind the link knows it."""
    proposer = Member.objects.present().filter(user_id=claim.proposed_by_id).first()
    if proposer is not None:
        enqueue(
            to=proposer,
            topic=f"{TOPIC}/claim-{claim.pk}",
            title=_("Hours entered by hand were not recorded"),
            text=_("“%(title)s”: %(reason)s") % {"title": claim.title, "reason": claim.decline_reason},
            why=_("You proposed these hours."),
            dedupe=f"hours-claim/{claim.pk}",
            now=now,
            link=reverse("learning:claim", args=[claim.pk]),
        )


def _note(action: str, claim: HoursClaim, *, actor: Any, now: datetime) -> None:
    unit = claim.member.organisation_now()
    record_event(action, now=now, actor=actor, organisation=unit.code if unit else "", about=claim)
