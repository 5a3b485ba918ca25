"""What the pages of a time away show, each to who may see it."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.models import Member
from members.accounts.people import distinguished
from members.accounts.phones import masked, open_phone
from members.checkins.contact_rhythm import is_long_away
from members.checkins.models import CheckIn, MobileSpell, MobileSpellQuerySet
from members.checkins.spell_steps import OPEN, State, Step
from members.checkins.wording import day, say_contact_due, say_long_away, say_state
from members.organisation.models import Organisation
from members.organisation.rules import Rule

THRESHOLD = "mobile.threshold_months"


@dataclass(frozen=True)
class AwayRow:
    """Somebody who is away, as home sees them in a list."""

    spell: MobileSpell
    name: str
    say: str
    contact: str
    is_due: bool
    hint: str

    @property
    def digits(self) -> str:
        """The last two of the member number: what tells two people of one name apart."""
        return self.spell.member.number[-2:]


@dataclass(frozen=True)
class HostedRow:
    """Somebody who has reported in, as the host sees them: no more than these facts."""

    pk: int
    name: str
    home: str
    reason: str
    since: date
    contact_name: str
    contact_phone: str
    is_waiting: bool


@dataclass(frozen=True)
class GoneRow:
    """Somebody who was here and is no longer away from home."""

    name: str
    home: str
    say: str


@dataclass(frozen=True)
class StoryRow:
    """One step of the way: `phase` is past, now or to come (empty)."""

    title: str
    about: str
    phase: str = "past"


def away_rows(spells: MobileSpellQuerySet, *, today: date) -> list[AwayRow]:
    """These times away in words, by name as it is spoken."""
    found = list(spells.with_home().select_related("member", "host"))
    months = Rule.objects.values_at(THRESHOLD, {each.home_path or "" for each in found}, on=today)
    names = _names_of(found)
    rows = [_away_row(each, names[each.member_id], months[each.home_path or ""], today=today) for each in found]
    return sorted(rows, key=lambda row: (row.spell.member.name_sound, row.spell.member.number))


def _names_of(spells: list[MobileSpell]) -> dict[int, str]:
    """What each member is called beside the others; home stands on the rows already."""
    homes = {each.member_id: each.home_name or "" for each in spells}
    return distinguished({each.member_id: each.member for each in spells}.values(), units=homes)


def _away_row(spell: MobileSpell, name: str, months: int, *, today: date) -> AwayRow:
    is_long = spell.is_open and is_long_away(leaves_on=spell.leaves_on, today=today, months=months)
    return AwayRow(
        spell=spell,
        name=name,
        say=say_state(spell, today=today),
        contact=say_contact_due(spell, today=today),
        is_due=spell.contact_due_on is not None and spell.contact_due_on < today,
        hint=say_long_away(months) if is_long else "",
    )


def hosted_rows(spells: MobileSpellQuerySet) -> list[HostedRow]:
    """Who has reported in and waits, or is received, by name as it is spoken."""
    found = spells.with_home().select_related("member", "contact_person").prefetch_related("check_ins").as_spoken()
    names = _names_of(list(found))
    return [_hosted_row(each, names[each.member_id]) for each in found]


def _hosted_row(spell: MobileSpell, name: str) -> HostedRow:
    contact = spell.contact_person
    since = [each.happened_on for each in spell.check_ins.all() if each.kind in (Step.ARRIVAL, Step.CONFIRMED)]
    return HostedRow(
        pk=spell.pk,
        name=name,
        home=spell.home_name or "",
        reason=spell.get_reason_display(),
        since=since[-1] if since else spell.leaves_on,
        contact_name=contact.name if contact else "",
        contact_phone=masked_phone(contact),
        is_waiting=spell.state == State.REPORTED,
    )


def gone_rows(spells: MobileSpellQuerySet, *, today: date) -> list[GoneRow]:
    """Whose time here has ended, and how, by name as it is spoken."""
    found = spells.with_home().select_related("member", "host").as_spoken()
    return [GoneRow(each.member.name, each.home_name or "", say_state(each, today=today)) for each in found]


def masked_phone(member: Member | None) -> str:
    """A telephone number with its middle covered; blank without one."""
    return masked(open_phone(member.phone_cipher)) if member else ""


def story_of(spell: MobileSpell, *, today: date, host: Organisation | None = None) -> list[StoryRow]:
    """The way from registering to the end: what has been, where it stands, what comes; a host reads its own part."""
    registered = _("%(day)s, registered by %(name)s") % {
        "day": day(timezone.localdate(spell.registered_at)),
        "name": str(spell.registered_by) if spell.registered_by else _("the branch"),
    }
    steps = spell.check_ins.exclude(kind=Step.CONTACT).select_related("host")
    steps = steps.filter(host=host) if host else steps
    rows = [StoryRow(_("Time away registered"), registered), *(_step_row(each) for each in steps)]
    if spell.state not in OPEN:
        return rows
    state = spell.stands(today)
    if state in (State.REPORTED, State.HOSTED):
        rows[-1] = StoryRow(rows[-1].title, rows[-1].about, "now")
    elif state == State.PLANNED:
        rows.append(StoryRow(_("Leaves"), day(spell.leaves_on), "now"))
        rows.append(StoryRow(_("Report in"), _("once there"), ""))
    elif spell.is_abroad:
        rows.append(StoryRow(_("Away"), _("keeps in touch with the branch"), "now"))
    else:
        rows.append(StoryRow(_("Report in"), _("not yet"), "now"))
    expected = _("expected %(day)s") % {"day": day(spell.returns_on)} if spell.returns_on else _("not known yet")
    return [*rows, StoryRow(_("Back, or transferred"), expected, "")]


def _step_row(step: CheckIn) -> StoryRow:
    about = day(step.happened_on)
    if step.host is not None and step.kind in (Step.ARRIVAL, Step.CONFIRMED, Step.DECLINED):
        about = _("%(day)s, %(host)s") % {"day": about, "host": step.host.name}
    if step.note:
        about += _(": ") + step.note
    return StoryRow(step.get_kind_display(), about)


def contacts_of(spell: MobileSpell) -> list[CheckIn]:
    """Contacts between home and the member, the latest first."""
    kept = spell.check_ins.filter(kind=Step.CONTACT).select_related("recorded_by")
    return list(kept.order_by("-happened_on", "-pk"))
