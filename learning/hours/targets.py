"""How many hours are asked of a member in a year, and by what: one's own target, else the rules (decision 0092)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.hours.models import HoursTarget
from members.accounts.models import COUNTED_STATUSES, Member, StudyWay
from members.activities.kinds import COMMITTEE_POSTS
from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import Affiliation, Organisation, Post
from members.organisation.rules import Rule

OF_ALL, OF_TEAM = "hours.member.year", "hours.team_member.year"
BEGINNING = timedelta(days=31)  # so long it may take to enter everybody who was there from the first


@dataclass(frozen=True)
class Asked:
    """`why` says by what the hours are asked; `notes` what else matters for this member; `trainings` how many."""

    hours: Decimal
    why: str
    trainings: int = 0
    notes: tuple[str, ...] = ()
    is_flexible: bool = False


def asked_of(member: Member, *, on: date, unit: Organisation | None) -> Asked:
    """What is asked of a member in the year of that day, by what the register says on it.

    Who came in the middle of the year is asked for the whole, unless a target of their own says otherwise.
    """
    notes = tuple(_notes(member, on))
    if member.status not in COUNTED_STATUSES:
        return Asked(Decimal(0), _("Study hours are asked of Party members."), notes=notes, is_flexible=True)
    own = HoursTarget.objects.filter(member=member, year=on.year).select_related("approved_by").first()
    if own is not None:
        return Asked(own.hours, _say_own(own), notes=notes, is_flexible=member.flexible_study)
    is_in_team = _team_posts(on).filter(member=member).exists()
    rule = Rule.objects.in_force(OF_TEAM if is_in_team else OF_ALL, on=on, organisation=unit)
    trainings = Rule.objects.value("hours.team_member.trainings", on=on, organisation=unit) if is_in_team else 0
    why = _("As a member of the branch's team, by: %(source)s") if is_in_team else _("By: %(source)s")
    said = why % {"source": rule.source}
    return Asked(Decimal(str(rule.value)), said, trainings, notes, is_flexible=member.flexible_study)


def hours_asked(members: Mapping[Member, str], *, on: date) -> dict[int, Decimal]:
    """{member: hours} in the year of that day, by the path of the unit of each, as `asked_of` tells it of one.

    Of whom nothing is asked, or no more than suits them, is left out.
    """
    asked = {each.pk: path for each, path in members.items() if _is_asked(each)}
    own = HoursTarget.objects.filter(member__in=asked, year=on.year).values_list("member_id", "hours")
    team = set(_team_posts(on).filter(member__in=asked).values_list("member_id", flat=True))
    rules = {key: Rule.objects.values_at(key, set(asked.values()), on=on) for key in (OF_TEAM, OF_ALL)}
    figures = {pk: rules[OF_TEAM if pk in team else OF_ALL][path] for pk, path in asked.items()}
    return {pk: Decimal(str(hours)) for pk, hours in figures.items()} | dict(own)


def _is_asked(member: Member) -> bool:
    return member.status in COUNTED_STATUSES and not member.flexible_study


def _say_own(target: HoursTarget) -> str:
    said = {"reason": target.reason, "name": target.approved_by.get_full_name() if target.approved_by else ""}
    if said["name"]:
        return _("Your own target: %(reason)s. Approved by %(name)s") % said
    return _("Your own target: %(reason)s") % said


def _team_posts(on: date) -> QuerySet[Post]:
    """Who is on the committee of a branch that day; a functional unit has no duties (DOMAIN §3)."""
    held = Post.objects.filter(Q(until=None) | Q(until__gt=on), kind__in=COMMITTEE_POSTS, since__lte=on)
    return held.exclude(organisation__kind__in=FUNCTIONAL_KINDS)


def _notes(member: Member, on: date) -> Iterator[str]:
    if _came_in(member, on.year):
        yield _("Joined in the middle of the year: the hours of the whole year are asked, unless a target is set.")
    if member.study_way != StudyWay.ONLINE and not member.flexible_study:
        yield _("Study is arranged by the branch; what is studied together is recorded here.")


def _came_in(member: Member, year: int) -> bool:
    """First entered here in that year, and not with the list with which the register began."""
    first = Affiliation.objects.filter(member=member).aggregate(first=Min("since"))["first"]
    if first is None or timezone.localdate(first).year != year:
        return False
    beginning = Affiliation.objects.order_by("pk").values_list("since", flat=True).first()
    return first > beginning + BEGINNING
