"""Says what is open in a unit, and what a step does to whom."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.reorganisation.queries import OpenWork


def say_what_keeps_it_open(work: OpenWork) -> str:
    """Why a unit cannot be closed yet, naming everything that is open; blank where nothing is."""
    parts = [
        _people(work.people),
        _taking_part(work.taking_part),
        _units(work.units),
        _activities(work.activities),
        _hosted(work.hosted),
        _transfers(work.transfers),
    ]
    open_parts = _("; ").join(part for part in parts if part)
    return _("It cannot be closed yet. Still open in it: %(parts)s.") % {"parts": open_parts} if open_parts else ""


def say_merger(work: OpenWork, into: str) -> list[str]:
    """What a merger does to whom, a sentence each."""
    return [
        said % {"part": part, "into": into}
        for said, part in (
            (
                _("%(part)s: they belong to “%(into)s” from now on, and so do their running plans."),
                _people(work.people),
            ),
            (_("%(part)s: they take part in “%(into)s” from now on."), _taking_part(work.taking_part)),
            (_("%(part)s: “%(into)s” goes on with them. What was accepted stays here."), _activities(work.activities)),
            (_("%(part)s: they stand under “%(into)s” from now on."), _units(work.units)),
            (_("%(part)s: “%(into)s” receives them from now on."), _hosted(work.hosted)),
            (_("%(part)s: “%(into)s” answers."), _feedback(work.feedback)),
            (_("%(part)s: they go on with “%(into)s”."), _transfers(work.transfers)),
            (_("%(part)s: they end today. None of them opens “%(into)s”."), _roles(work.roles)),
        )
        if part
    ]


def say_posts_end(work: OpenWork) -> str:
    """That posts in the unit end."""
    return _some(
        ngettext("%(number)d post in it ends today.", "%(number)d posts in it end today.", work.posts), work.posts
    )


def say_roles_end(work: OpenWork) -> str:
    """That roles for the unit end."""
    return _some(
        ngettext("%(number)d role for it ends today.", "%(number)d roles for it end today.", work.roles), work.roles
    )


def say_feedback_passes(work: OpenWork, above: str) -> str:
    """Who answers what was put to a unit that closes."""
    part = _feedback(work.feedback)
    return _("%(part)s: “%(into)s” answers.") % {"part": part, "into": above} if part else ""


def _people(number: int) -> str:
    return _some(ngettext("%(number)d member", "%(number)d members", number), number)


def _taking_part(number: int) -> str:
    return _some(ngettext("%(number)d person who takes part", "%(number)d people who take part", number), number)


def _units(number: int) -> str:
    return _some(ngettext("%(number)d unit under it", "%(number)d units under it", number), number)


def _activities(number: int) -> str:
    return _some(
        ngettext("%(number)d activity not accepted yet", "%(number)d activities not accepted yet", number), number
    )


def _hosted(number: int) -> str:
    return _some(
        ngettext("%(number)d member who reported in here", "%(number)d members who reported in here", number), number
    )


def _feedback(number: int) -> str:
    return _some(
        ngettext("%(number)d feedback waiting for an answer", "%(number)d feedbacks waiting for an answer", number),
        number,
    )


def _transfers(number: int) -> str:
    return _some(ngettext("%(number)d transfer record waiting", "%(number)d transfer records waiting", number), number)


def _roles(number: int) -> str:
    return _some(ngettext("%(number)d role for it", "%(number)d roles for it", number), number)


def _some(said: str, number: int) -> str:
    return said % {"number": number} if number else ""
