from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.checkins.models import MobileSpell
from members.checkins.spell_steps import State


def say_state(spell: MobileSpell, *, today: date) -> str:
    """Where a time away stands, in one sentence, as home reads it."""
    state = spell.stands(today)
    if state == State.AWAY and spell.is_abroad:
        return _("Abroad, keeps in touch with home")
    values = {"host": spell.host.name if spell.host else "", "day": day(spell.ended_on or spell.leaves_on)}
    return {
        State.PLANNED: _("Leaves on %(day)s"),
        State.AWAY: _("Has not reported in yet"),
        State.REPORTED: _("Reported in, waiting for %(host)s to confirm"),
        State.HOSTED: _("Received by %(host)s"),
        State.RETURNED: _("Returned on %(day)s"),
        State.TRANSFERRED: _("Transfer noted on %(day)s"),
    }[state] % values


def say_contact_due(spell: MobileSpell, *, today: date) -> str:
    """By when home and the member speak with each other next."""
    if spell.contact_due_on is None:
        return ""
    if spell.contact_due_on < today:
        return _("It is time to get in touch; the day was %(day)s") % {"day": day(spell.contact_due_on)}
    return _("Next contact before %(day)s") % {"day": day(spell.contact_due_on)}


def say_long_away(months: int) -> str:
    """The neutral hint for home: what to talk about, nothing is decided here."""
    return _(
        "Away for %(months)s months. Please talk with the member about whether to transfer the affiliation "
        "(the National Party Member Information System decides)."
    ) % {"months": months}


def changed_meanwhile() -> str:
    """Why a step was not taken."""
    return _("Meanwhile something has changed, so nothing was written. Please look at what stands here now.")


def day(moment: date) -> str:
    """A day as it is written everywhere."""
    return date_format(moment, "DATE_FORMAT")
