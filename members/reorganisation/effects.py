"""What a step would do to whom, told before anything is written: a title, sentences, and the one button."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.accounts.models import Member
from members.organisation.kinds import OrganisationKind
from members.organisation.models import Affiliation, Organisation
from members.reorganisation.queries import open_work
from members.reorganisation.rules import why_not_merged, why_not_moved
from members.reorganisation.wording import (
    say_feedback_passes,
    say_merger,
    say_posts_end,
    say_roles_end,
    say_what_keeps_it_open,
)


@dataclass(frozen=True)
class Effects:
    """`refusal`: why it cannot be done at all."""

    title: str = ""
    sentences: list[str] = field(default_factory=list)
    button: str = ""
    done: str = ""
    refusal: str = ""


def of_opening(parent: Organisation, given: dict, *, now: datetime) -> Effects:
    """A new unit."""
    facts = {"unit": given["name"], "above": parent.name, "kind": OrganisationKind(given["kind"]).label}
    return Effects(
        title=_("Open “%(unit)s”?") % facts,
        sentences=[
            _("A %(kind)s under “%(above)s”, from today.") % facts,
            _("Nobody is in it yet. People come by transfer records or a workbook."),
            _("Nobody leads it by itself: the security administrator gives the role."),
            _("Who leads “%(above)s” sees it at once.") % facts,
        ],
        button=_("Open it"),
        done=_("Opened."),
    )


def of_change(unit: Organisation, given: dict, *, now: datetime) -> Effects:
    """Another name or contact."""
    labels = {
        "name": _("Full name"),
        "sector": _("Sector"),
        "help_name": _("Whom to ask"),
        "help_phone": _("Telephone"),
    }
    changed = [name for name, value in given.items() if getattr(unit, name) != value]
    if not changed:
        return Effects(refusal=_("Nothing has changed."))
    said = [
        _("%(what)s: “%(before)s” becomes “%(after)s”.")
        % {"what": labels[name], "before": getattr(unit, name) or "—", "after": given[name] or "—"}
        for name in changed
    ]
    kept = _("The former name stays in the history of the unit; records that were accepted do not change.")
    return Effects(
        title=_("Change “%(unit)s”?") % {"unit": unit.name},
        sentences=[*said, *([kept] if "name" in changed else [])],
        button=_("Change it"),
        done=_("Changed."),
    )


def of_move(unit: Organisation, given: dict, *, now: datetime) -> Effects:
    """Another place in the tree."""
    to, here = given["to"], Organisation.objects.under(unit)
    people = Affiliation.objects.open().filter(organisation__in=here).count()
    facts = {"unit": unit.name, "to": to.name, "from": unit.get_parent().name, "people": people}
    below = here.open().count() - 1
    with_people = ngettext("%(people)d member comes along.", "%(people)d members come along.", people)
    with_units = ngettext("%(number)d unit under it comes along.", "%(number)d units under it come along.", below)
    return Effects(
        title=_("Move “%(unit)s” under “%(to)s”?") % facts,
        sentences=[
            with_people % facts,
            *([with_units % {"number": below}] if below else []),
            _("Who leads “%(to)s” leads it from now on, who leads “%(from)s” no longer does.") % facts,
            _("Plans of “%(from)s” that are not over end for its people, those of “%(to)s” begin.") % facts
            + _("What was studied counts; its own plans stay."),
            _("Figures of periods that are over stay where they were counted."),
        ],
        button=_("Move it"),
        done=_("Moved."),
        refusal=why_not_moved(unit, to),
    )


def of_merger(unit: Organisation, given: dict, *, now: datetime) -> Effects:
    """One unit less."""
    into, work = given["to"], open_work(unit, now=now)
    facts = {"unit": unit.name, "into": into.name, "code": unit.code}
    return Effects(
        title=_("Merge “%(unit)s” into “%(into)s”?") % facts,
        sentences=[
            *say_merger(work, into.name),
            *filter(None, [say_posts_end(work)]),
            _("Plans of “%(unit)s” that are not over go on in “%(into)s” for those who are in them.") % facts,
            _("Figures of periods that are over, and records that were accepted, stay with “%(unit)s”.") % facts,
            _("Its addresses lead to “%(into)s” from now on. It cannot be opened again.") % facts,
        ],
        button=_("Merge them"),
        done=_("Merged."),
        refusal=why_not_merged(unit, into),
    )


def of_split(unit: Organisation, given: dict, *, now: datetime) -> Effects:
    """One unit more."""
    people = Member.objects.filter(pk__in=given["people"], affiliations__organisation=unit, affiliations__until=None)
    names = "、".join(people.order_by("name_key").values_list("name", flat=True))
    units = "、".join(unit.get_children().filter(code__in=given["units"]).values_list("name", flat=True))
    facts = {"unit": unit.name, "new": given["name"], "names": names, "units": units}
    return Effects(
        title=_("Divide “%(unit)s”, with “%(new)s” beside it?") % facts,
        sentences=[
            *([_("These belong to “%(new)s” from now on: %(names)s.") % facts] if names else []),
            *([_("These stand under “%(new)s” from now on: %(units)s.") % facts] if units else []),
            _("Activities, feedback and plans of “%(unit)s” stay with it; plans from above reach both.") % facts,
            _("Figures of periods that are over stay where they were counted."),
            _("Nobody leads it by itself: the security administrator gives the role."),
        ],
        button=_("Divide it"),
        done=_("Divided."),
    )


def of_closing(unit: Organisation, *, now: datetime) -> Effects:
    """A unit that nobody needs any more."""
    work, above = open_work(unit, now=now), unit.get_parent()
    ends = [say_feedback_passes(work, above.name), say_posts_end(work), say_roles_end(work)]
    return Effects(
        title=_("Close “%(unit)s”?") % {"unit": unit.name},
        sentences=[
            *filter(None, ends),
            _("Its records and figures stay, and who leads “%(above)s” still sees them.") % {"above": above.name},
            _("It cannot be opened again, and its code is not used a second time."),
        ],
        button=_("Close it"),
        refusal=say_what_keeps_it_open(work),
    )
