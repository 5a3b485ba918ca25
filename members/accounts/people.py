"""The people of a unit for whoever leads it: by name, with the state of their account in words."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.accounts.models import Member, MemberQuerySet, User
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import led_paths, lies_within

UNITS_SHOWN = 100
SIGNED_IN = Q(user__is_active=True, user__one_time_until=None, user__last_login__isnull=False)


@dataclass(frozen=True)
class PersonLine:
    number: str
    name: str
    unit: str
    state: str


def people_of(unit: Organisation, *, user: User, typed: str = "") -> MemberQuerySet:
    """Everybody present in a branch and under it; of a larger unit those who belong to it directly.

    With a name or a number typed, everybody under the unit who is called so.
    """
    if not lies_within(unit.path, led_paths(user)):
        return Member.objects.none()
    present, typed = Member.objects.present(), typed.strip()
    if typed or unit.kind in BRANCH_KINDS:
        found = present.affiliated_under(unit).called(typed)
    else:
        found = present.filter(affiliations__organisation=unit, affiliations__until=None)
    return found.select_related("user").as_spoken()


def lines_of(people: Iterable[Member], *, among: MemberQuerySet, now: datetime) -> list[PersonLine]:
    """One page of a list of people, with the state of each account and the unit of each."""
    shown = list(people)
    units = units_of(shown)
    names = distinguished(shown, among=among, units=units)
    return [
        PersonLine(each.number, names[each.pk], units.get(each.pk, ""), say_account(each.user, now=now))
        for each in shown
    ]


def not_signed_in(people: MemberQuerySet) -> MemberQuerySet:
    """Who of these has no account yet, or has not used it."""
    return people.exclude(SIGNED_IN)


def how_many(people: MemberQuerySet) -> tuple[int, int]:
    """All of them, and how many have not signed in yet."""
    counts = people.order_by().aggregate(all=Count("pk"), signed_in=Count("pk", filter=SIGNED_IN))
    return counts["all"], counts["all"] - counts["signed_in"]


def ended_under(unit: Organisation, *, user: User) -> MemberQuerySet:
    """Whose membership ended while they belonged to the unit or under it: an end can be reversed."""
    ended = Member.objects.led_by(user, with_ended=True).exclude(ended_on=None)
    return ended.filter(last_path__gte=unit.path, last_path__lt=unit.path + "~").as_spoken()


def by_name(members: Iterable[Member]) -> list[Member]:
    """In the order in which names are spoken."""
    return sorted(members, key=lambda member: (member.name_sound, member.number))


def distinguished(
    people: Iterable[Member],
    *,
    among: MemberQuerySet | None = None,
    shared: Collection[str] = (),
    units: dict[int, str] | None = None,
) -> dict[int, str]:
    """What each of these is called in a list: who shares a name also by the unit and the end of the number.

    `among` is the whole list where only a page of it is shown: a namesake may stand on another page; `shared` are the
    keys of names that such a list has more than once, if they are known already. `units` says where each belongs.
    """
    shown = list(people)
    seen = Counter(each.name_key for each in shown)
    shared = {*shared, *(key for key, number in seen.items() if number > 1)}
    if among is not None and shown:
        alike = (
            among.filter(name_key__in=seen).order_by().values("name_key").annotate(number=Count("pk", distinct=True))
        )
        shared |= set(alike.filter(number__gt=1).values_list("name_key", flat=True))
    if units is None:
        units = units_of(each for each in shown if each.name_key in shared) if shared else {}
    return {each.pk: _apart(each, units.get(each.pk, "")) if each.name_key in shared else each.name for each in shown}


def units_of(people: Iterable[Member]) -> dict[int, str]:
    """Where each of these belongs now."""
    homes = Affiliation.objects.open().filter(member__in=[each.pk for each in people])
    return dict(homes.values_list("member_id", "organisation__name"))


def _apart(member: Member, unit: str) -> str:
    said = {"name": member.name, "unit": unit, "digits": member.number[-2:]}
    if not unit:
        return _("%(name)s (number ends in %(digits)s)") % said
    return _("%(name)s (%(unit)s, number ends in %(digits)s)") % said


def units_under(unit: Organisation) -> list[Organisation]:
    """Where to look further: nothing under a branch, whose people are shown with it; of very many the first."""
    return [] if unit.kind in BRANCH_KINDS else list(unit.get_children().open().in_order()[:UNITS_SHOWN])


def say_account(user: User | None, *, now: datetime) -> str:
    """The state of an account in words; no day of a sign-in, that is nobody's business."""
    if user is None:
        return _("No account yet")
    if not user.is_active:
        return _("Account closed")
    if user.one_time_until is not None:
        until = date_format(timezone.localtime(user.one_time_until), "DATE_FORMAT")
        if user.one_time_until > now:
            return _("Has a one-time code, good until %(day)s") % {"day": until}
        return _("The one-time code has expired")
    return _("Has signed in") if user.last_login is not None else _("Has not signed in yet")
