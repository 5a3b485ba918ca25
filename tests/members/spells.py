"""Times away for tests."""

from datetime import UTC, date, datetime

from members.accounts.models import Member
from members.checkins.actions import Details, confirm_host, register_spell, report_in
from members.checkins.models import MobileSpell, SpellReason
from members.organisation.models import Organisation

REGISTERED = datetime(2026, 3, 2, 2, tzinfo=UTC)


def details(**rest) -> Details:
    """What a member says who goes to the lake for work."""
    said = {
        "destination": "云溪市临湖区",
        "is_abroad": False,
        "reason": SpellReason.WORK,
        "leaves_on": date(2026, 3, 1),
        "returns_on": None,
        "contact_person": None,
    }
    return Details(**said | rest)


def make_spell(
    member: Member, *, host: Organisation | None = None, is_received: bool = False, now: datetime = REGISTERED, **rest
) -> MobileSpell:
    """A time away: registered; with a host also reported in there, or received by it."""
    spell = register_spell(member=member, details=details(**rest), actor=member.user, now=now)
    if host is not None:
        spell = report_in(spell=spell, host=host, actor=member.user, now=now)
    if is_received:
        spell = confirm_host(spell=spell, host=host, actor=None, now=now)
    return spell
