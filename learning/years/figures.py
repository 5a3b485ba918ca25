"""What a year of study hours comes to for many members, and to which unit each of these years belongs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from learning.completion.places import end_of
from learning.hours.models import HoursEntry
from learning.years.models import YearFigure
from learning.years.targets import targets_of
from members.accounts.models import Member
from members.organisation.models import Affiliation, Organisation
from members.organisation.rules import Rule
from members.roles.policies import lies_within, under

AT_ONCE = 500


@dataclass(frozen=True)
class Home:
    """Where a member's year belongs; `was_there`: they belonged somewhere when it ended."""

    organisation_id: int
    path: str
    was_there: bool


def last_day(year: int) -> date:
    return date(year, 12, 31)


def open_people(unit: Organisation, year: int) -> list[int]:
    """Who may have an open year under the unit: belonged there when it ended, or ever and has hours in it."""
    ever = Affiliation.objects.filter(under("organisation__path", [unit.path]))
    then = ever.at(end_of(last_day(year))).values_list("member_id", flat=True)
    lines = HoursEntry.objects.in_year(year).filter(member__in=ever.values("member_id"))
    closed = YearFigure.objects.filter(year=year).values_list("member_id", flat=True)
    return sorted({*then, *lines.order_by().values_list("member_id", flat=True).distinct()} - set(closed))


def figures_of(
    members: Iterable[int], year: int, *, within: str, apart_from: Collection[str] = ()
) -> Iterator[list[YearFigure]]:
    """Unsaved figures of those whose year belongs at or under `within`, a few hundred at a time."""
    waiting = iter(members)
    while some := list(islice(waiting, AT_ONCE)):
        homes = {
            member: home
            for member, home in homes_of(some, year).items()
            if home.path.startswith(within) and not (apart_from and lies_within(home.path, apart_from))
        }
        yield _figures(homes, year)


def homes_of(members: Sequence[int], year: int) -> dict[int, Home]:
    """Where each belonged when the year ended; or else last before that, or first after it."""
    end = end_of(last_day(year))
    rows = defaultdict(list)
    found = Affiliation.objects.filter(member__in=members).order_by("since", "pk")
    for member, unit, path, since, until in found.values_list(
        "member_id", "organisation_id", "organisation__path", "since", "until"
    ):
        rows[member].append((since, until, unit, path))
    return {member: _home(own, end) for member, own in rows.items()}


def counted_categories(unit: Organisation | None, year: int) -> list[str]:
    """Which categories count towards the target of that year."""
    return Rule.objects.value("hours.counted_categories", on=last_day(year), organisation=unit)


def _home(rows: list[tuple[datetime, datetime | None, int, str]], end: datetime) -> Home:
    before = [row for row in rows if row[0] <= end]
    since, until, unit, path = before[-1] if before else rows[0]
    return Home(unit, path, was_there=since <= end and (until is None or until > end))


def _figures(homes: dict[int, Home], year: int) -> list[YearFigure]:
    paths = {home.path for home in homes.values()}
    counted = Rule.objects.values_at("hours.counted_categories", paths, on=last_day(year))
    expected = Member.objects.counted().filter(pk__in=[pk for pk, home in homes.items() if home.was_there])
    targets = targets_of({member: homes[member.pk].path for member in expected}, year)
    sums: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    lines: dict[int, list[int]] = defaultdict(list)
    entries = HoursEntry.objects.in_year(year).filter(member__in=homes).order_by("pk")
    for member, pk, category, hours in entries.values_list("member_id", "pk", "category", "hours"):
        sums[member][category] += hours
        lines[member].append(pk)
    return [
        YearFigure(
            member_id=member,
            organisation_id=home.organisation_id,
            year=year,
            hours={category: str(hours) for category, hours in sorted(sums[member].items())},
            counted=sum((sums[member].get(each, Decimal(0)) for each in counted[home.path]), Decimal(0)),
            target=targets.get(member),
            lines=lines[member],
        )
        for member, home in homes.items()
    ]
