"""A host became another unit: who has reported in there has reported in to its successor. The steps so far stay."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from members.checkins.actions import end_spell
from members.checkins.models import CheckIn, MobileSpell
from members.checkins.spell_steps import State, Step
from members.organisation.models import Organisation, Participation


def pass_on_hosted(*, before: Organisation, after: Organisation, actor: Any, now: datetime) -> int:
    """Who waits there waits for the answer of the other unit, who was received is received by it; how many.

    Called in a transaction.
    """
    hosted = MobileSpell.objects.open().filter(host=before).order_by("pk")
    spells = list(hosted.select_for_update(of=("self",), no_key=True))
    for spell in spells:
        if spell.state not in (State.REPORTED, State.HOSTED):
            continue
        is_received = spell.state == State.HOSTED
        CheckIn.objects.create(
            spell=spell,
            kind=Step.CONFIRMED if is_received else Step.ARRIVAL,
            host=after,
            happened_on=timezone.localdate(now),
            recorded_at=now,
            recorded_by=actor,
        )
        if is_received:
            there = {"member_id": spell.member_id, "until": None}
            Participation.objects.filter(organisation=before, **there).update(until=now)
            Participation.objects.get_or_create(organisation=after, **there, defaults={"since": now})
    MobileSpell.objects.filter(pk__in=[spell.pk for spell in spells]).update(host=after)
    return len(spells)


def end_spells_at_home(*, host: Organisation, member_ids: list[int], actor: Any, now: datetime) -> None:
    """Who belongs to the host by now is away no more: the transfer is noted."""
    arrived = MobileSpell.objects.open().filter(host=host, member__in=member_ids)
    for spell in arrived.order_by("pk"):
        end_spell(spell=spell, step=Step.TRANSFERRED, ended_on=timezone.localdate(now), actor=actor, now=now)
