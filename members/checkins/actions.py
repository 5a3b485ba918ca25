from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.accounts.homes import hold_members
from members.accounts.models import COUNTED_STATUSES, Member
from members.audit.actions import record_event
from members.checkins.contact_rhythm import contact_due_on
from members.checkins.models import CheckIn, MobileSpell
from members.checkins.spell_steps import State, Step, StepRefused, may_follow, on_the_day, stand_after
from members.events import standing_changed
from members.organisation.models import Organisation, Participation
from members.organisation.rules import Rule


@dataclass(frozen=True)
class Details:
    """What is asked about a time away, and no more (DOMAIN §4)."""

    destination: str
    is_abroad: bool
    reason: str
    leaves_on: date
    returns_on: date | None
    contact_person: Member | None


@transaction.atomic
def register_spell(
    *, member: Member, details: Details, actor: Any, now: datetime, sent_key: str | None = None
) -> MobileSpell:
    """Registers a time away; the same said twice stays one. Refused while another one is open, and for who is no
    Party member here."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.ended_on or member.status not in COUNTED_STATUSES:
        raise StepRefused("only a Party member of this place registers a time away")
    known = MobileSpell.objects.filter(member=member, sent_key=sent_key).first() if sent_key else None
    if known is not None:
        return known
    last = MobileSpell.objects.open().filter(member=member).first()
    if last is not None:
        if _details(last) != details:
            raise StepRefused("a time away is open")
        return last
    today = timezone.localdate(now)
    spell = MobileSpell(member=member, registered_at=now, registered_by=actor, sent_key=sent_key, **_fields(details))
    spell.state = on_the_day(State.AWAY, leaves_on=spell.leaves_on, today=today)
    _set_contact_due(spell, today=today)
    spell.save()
    _tell("spell.registered", spell, actor=actor, now=now)
    _follow(spell, now=now)
    return spell


@transaction.atomic
def change_spell(*, spell: MobileSpell, details: Details, actor: Any, now: datetime) -> MobileSpell:
    """Corrects what was registered; the steps taken so far stay."""
    hold_members([spell.member_id])  # plans follow who is away: people are held before the log
    spell = _locked(spell)
    if not spell.is_open:
        raise StepRefused("what has ended is not changed")
    if _details(spell) == details:
        return spell
    for name, value in _fields(details).items():
        setattr(spell, name, value)
    today = timezone.localdate(now)
    spell.state = spell.stands(today)
    _set_contact_due(spell, today=today)
    spell.save()
    _tell("spell.changed", spell, actor=actor, now=now)
    _follow(spell, now=now)
    return spell


@transaction.atomic
def report_in(
    *, spell: MobileSpell, host: Organisation, actor: Any, now: datetime, sent_key: str | None = None
) -> MobileSpell:
    """The member has reported in to the host, which is asked to confirm; asking the same one twice changes nothing."""
    spell = _locked(spell)
    if _has_arrived(spell, sent_key):
        return spell
    if spell.host_id == host.pk and spell.state in (State.REPORTED, State.HOSTED):
        return spell
    spell.host = host
    return _take(spell, Step.ARRIVAL, actor=actor, now=now, sent_key=sent_key)


@transaction.atomic
def arrive(
    *, member: Member, details: Details | None, host: Organisation, actor: Any, now: datetime, sent_key: str | None
) -> MobileSpell:
    """Who is at the host without having registered does both in one go; whatever is registered already stays."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    spell = MobileSpell.objects.open().filter(member=member).first()
    if spell is None:
        if details is None:
            raise StepRefused("the time away has ended meanwhile")
        spell = register_spell(member=member, details=details, actor=actor, now=now, sent_key=sent_key)
    return report_in(spell=spell, host=host, actor=actor, now=now, sent_key=sent_key)


@transaction.atomic
def confirm_host(
    *, spell: MobileSpell, host: Organisation, actor: Any, now: datetime, sent_key: str | None = None
) -> MobileSpell:
    """The host receives the member, who takes part there from now on; the affiliation stays where it is."""
    spell = _locked(spell)
    if _has_arrived(spell, sent_key):
        return spell
    if spell.host_id == host.pk and spell.state == State.HOSTED:
        return spell
    _check_host(spell, host)
    spell = _take(spell, Step.CONFIRMED, actor=actor, now=now, sent_key=sent_key)
    _take_part(spell, now=now)
    return spell


@transaction.atomic
def decline_host(
    *, spell: MobileSpell, host: Organisation, note: str, actor: Any, now: datetime, sent_key: str | None = None
) -> MobileSpell:
    """The host does not receive the member and says why; the member can report in elsewhere."""
    spell = _locked(spell)
    if _has_arrived(spell, sent_key):
        return spell
    last = spell.check_ins.exclude(kind=Step.CONTACT).last()
    if last is not None and last.kind == Step.DECLINED and last.host_id == host.pk:
        return spell
    _check_host(spell, host)
    return _take(spell, Step.DECLINED, actor=actor, now=now, note=note, sent_key=sent_key)


@transaction.atomic
def record_contact(
    *,
    spell: MobileSpell,
    way: str,
    happened_on: date,
    actor: Any,
    now: datetime,
    note: str = "",
    sent_key: str | None = None,
) -> CheckIn:
    """Home and the member have spoken with each other: the next contact is due later. The same said twice is one."""
    spell = _locked(spell)
    known = spell.check_ins.filter(sent_key=sent_key).first() if sent_key else None
    if known is not None:
        return known
    if not may_follow(spell.state, Step.CONTACT):
        raise StepRefused("nobody is away any more")
    contact, is_new = spell.check_ins.get_or_create(
        kind=Step.CONTACT,
        way=way,
        happened_on=happened_on,
        note=note,
        recorded_by=actor,
        defaults={"recorded_at": now, "sent_key": sent_key},
    )
    if is_new:
        _set_contact_due(spell, today=timezone.localdate(now))
        spell.save(update_fields=["contact_due_on"])
    return contact


@transaction.atomic
def end_spell(
    *, spell: MobileSpell, step: Step, ended_on: date, actor: Any, now: datetime, sent_key: str | None = None
) -> MobileSpell:
    """The time away is over: the member returned, or the transfer of the affiliation is noted (it moves nothing)."""
    hold_members([spell.member_id])
    spell = _locked(spell)
    if spell.state == step or _has_arrived(spell, sent_key):
        return spell
    spell.ended_on = ended_on
    spell = _take(spell, step, actor=actor, now=now, sent_key=sent_key)
    # Only what this time away has opened; the member may take part there for another reason.
    opened = spell.check_ins.filter(kind__in=[Step.CONFIRMED, Step.REOPENED]).values("recorded_at")
    taking_part = Participation.objects.filter(member_id=spell.member_id, organisation_id=spell.host_id, until=None)
    taking_part.filter(since__in=opened).update(until=now)
    _follow(spell, now=now)
    return spell


@transaction.atomic
def hand_on_contact(*, spell: MobileSpell, contact_person: Member, actor: Any, now: datetime) -> bool:
    """Somebody else keeps in touch from now on; False where nobody is away any more, or it would be the member."""
    spell = _locked(spell)
    if not spell.is_open or contact_person.ended_on or spell.member_id == contact_person.pk:
        return False
    if spell.contact_person_id != contact_person.pk:
        spell.contact_person = contact_person
        spell.save(update_fields=["contact_person"])
        _tell("spell.changed", spell, actor=actor, now=now)
    return True


@transaction.atomic
def reopen_spell(*, spell: MobileSpell, actor: Any, now: datetime) -> MobileSpell:
    """The end was a mistake: everything stands as before it. Refused where another time away has begun since."""
    hold_members([spell.member_id])
    spell = _locked(spell)
    if spell.is_open:
        return spell
    if MobileSpell.objects.filter(member_id=spell.member_id, pk__gt=spell.pk).exists():
        raise StepRefused("another time away has begun since")
    spell.ended_on = None
    spell = _take(spell, Step.REOPENED, actor=actor, now=now)
    if spell.state == State.HOSTED:
        _take_part(spell, now=now)
    _follow(spell, now=now)
    return spell


def _follow(spell: MobileSpell, *, now: datetime) -> None:
    """A time away begins, ends or is of other days: some plans concern only who is away."""
    standing_changed.send(sender=MobileSpell, member_ids=[spell.member_id], now=now)


def _locked(spell: MobileSpell) -> MobileSpell:
    return MobileSpell.objects.select_for_update(of=("self",)).get(pk=spell.pk)


def _has_arrived(spell: MobileSpell, sent_key: str | None) -> bool:
    """This very form was taken before: whatever has happened since, it says nothing new."""
    return sent_key is not None and spell.check_ins.filter(sent_key=sent_key).exists()


def _take(
    spell: MobileSpell, step: Step, *, actor: Any, now: datetime, note: str = "", sent_key: str | None = None
) -> MobileSpell:
    """Writes the step and where the time away stands after it."""
    today = timezone.localdate(now)
    steps = [*spell.check_ins.values_list("kind", flat=True), step]
    state = on_the_day(stand_after(steps), leaves_on=spell.leaves_on, today=today)
    spell.check_ins.create(
        kind=step,
        host_id=spell.host_id,
        note=note,
        happened_on=spell.ended_on or today,
        recorded_at=now,
        recorded_by=actor,
        sent_key=sent_key,
    )
    spell.state = state
    if step == Step.DECLINED:
        spell.host = None
    _set_contact_due(spell, today=today)
    spell.save()
    _tell(f"spell.{step}", spell, actor=actor, now=now)
    return spell


def _check_host(spell: MobileSpell, host: Organisation) -> None:
    if spell.host_id != host.pk:
        raise StepRefused("the member has reported in elsewhere")


def _take_part(spell: MobileSpell, *, now: datetime) -> None:
    Participation.objects.get_or_create(
        member_id=spell.member_id, organisation_id=spell.host_id, until=None, defaults={"since": now}
    )


def _set_contact_due(spell: MobileSpell, *, today: date) -> None:
    if not spell.is_open:
        spell.contact_due_on = None
        return
    key = "mobile.contact.abroad_months" if spell.is_abroad else "mobile.contact.default_months"
    months = Rule.objects.value(key, on=today, organisation=spell.member.organisation_now())
    made = spell.check_ins.filter(kind=Step.CONTACT).values_list("happened_on", flat=True) if spell.pk else []
    begun_on = max(spell.leaves_on, timezone.localdate(spell.registered_at))
    spell.contact_due_on = contact_due_on(begun_on=begun_on, contacts=made, months=months)


def _fields(details: Details) -> dict[str, Any]:
    return {each.name: getattr(details, each.name) for each in fields(Details)}


def _details(spell: MobileSpell) -> Details:
    return Details(**{each.name: getattr(spell, each.name) for each in fields(Details)})


def _tell(action: str, spell: MobileSpell, *, actor: Any, now: datetime) -> None:
    home = spell.member.organisation_now()
    detail = {"host": spell.host.code} if spell.host_id else {}
    record_event(action, now=now, actor=actor, organisation=home.code if home else "", about=spell, detail=detail)
