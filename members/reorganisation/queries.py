"""What is open in a unit: asked before it is closed, merged or divided, and shown before anything is written."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from members.accounts.models import Member
from members.activities.passing_on import open_activities_of
from members.checkins.models import MobileSpell
from members.feedback.models import Feedback
from members.organisation.models import Affiliation, Organisation, OrganisationQuerySet, Participation, Post
from members.organisation.unit_words import NO_SUPERIOR, SUPERIORS
from members.reorganisation.models import UnitChange
from members.reorganisation.rules import kinds_that_take_in
from members.roles.models import RoleGrant
from members.roles.policies import under
from members.transfers.models import Transfer

AT_MOST = 12


@dataclass(frozen=True)
class OpenWork:
    """So many of each, in the unit itself (not under it)."""

    people: int
    taking_part: int
    units: int
    activities: int
    hosted: int
    feedback: int
    transfers: int
    posts: int
    roles: int


def open_work(unit: Organisation, *, now: datetime) -> OpenWork:
    """Counted now, whoever asks: figures without names."""
    transfers = Transfer.objects.open().filter(Q(giving=unit) | Q(receiving=unit))
    return OpenWork(
        people=Affiliation.objects.open().filter(organisation=unit).count(),
        taking_part=Participation.objects.filter(organisation=unit, until=None, member__ended_on=None).count(),
        units=unit.get_children().open().count(),
        activities=open_activities_of(unit).distinct().count(),
        hosted=MobileSpell.objects.open().present().filter(host=unit).count(),
        feedback=Feedback.objects.open().filter(organisation=unit).count(),
        transfers=transfers.count(),
        posts=Post.objects.filter(organisation=unit, until=None).count(),
        roles=grants_of(unit, now=now).count(),
    )


def grants_of(unit: Organisation, *, now: datetime):
    """Who acts for this unit now, in whatever role."""
    return RoleGrant.objects.live(now).filter(organisation=unit).order_by("pk")


def people_to_divide(unit: Organisation, *, user) -> list[Member]:
    """Who belongs to the unit itself, for whoever leads it."""
    own = Affiliation.objects.open().filter(organisation=unit)
    return list(Member.objects.led_by(user).present().filter(pk__in=own.values("member_id")))


def history_of(unit: Organisation, *, user) -> list[UnitChange]:
    """What was changed about the unit, the latest first."""
    own = UnitChange.objects.led_by(user).filter(organisation=unit).select_related("other")
    return list(own.order_by("-happened_at", "-pk"))


def people_at(unit: Organisation, moment: datetime) -> int:
    """How many belonged to the unit itself at that moment."""
    return Affiliation.objects.at(moment).filter(organisation=unit).count()


def movable_to(unit: Organisation, *, user) -> OrganisationQuerySet:
    """Under which units of this organiser's it can be moved."""
    kinds = SUPERIORS[unit.kind] - {NO_SUPERIOR}
    units = Organisation.objects.organised_by(user).open().filter(kind__in=kinds)
    return units.exclude(under("path", [unit.path])).exclude(path=unit.path[: -Organisation.steplen])


def mergeable(unit: Organisation, *, user) -> OrganisationQuerySet:
    """Into which units of this organiser's it can be merged."""
    below = unit.get_children().open().values_list("kind", flat=True).distinct().order_by()
    kinds = kinds_that_take_in(unit.kind).intersection(*(SUPERIORS[kind] for kind in below))
    units = Organisation.objects.organised_by(user).open().filter(kind__in=kinds)
    return units.exclude(under("path", [unit.path]))


def like(units: OrganisationQuerySet, words: str) -> list[Organisation]:
    """A short list by code; one more than is shown says that there are more."""
    found = units.filter(Q(name__icontains=words) | Q(code__icontains=words)) if words else units
    return list(found.in_order()[: AT_MOST + 1])
