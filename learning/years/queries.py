"""What the pages of years show to organisers: sums of units, never a name."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from learning.hours.models import HoursEntry
from learning.years.actions import closing_day
from learning.years.loose import LooseEnds, label_of, loose_ends
from learning.years.models import YearClosing, YearFigure
from learning.years.supplements import Supplement, supplements_under
from members.accounts.models import Member
from members.organisation.history import children_at, parents_at
from members.organisation.models import Organisation
from members.roles.policies import organised_paths

EARLIEST = 2000


@dataclass
class Sums:
    """A unit with everything under it: members, of whom something was asked (应学), of these who reached it."""

    members: int = 0
    expected: int = 0
    met: int = 0
    counted: Decimal = Decimal(0)

    def add(self, row: dict[str, Any]) -> None:
        self.members += row["members"]
        self.expected += row["expected"]
        self.met += row["met"]
        self.counted += row["hours"]


@dataclass(frozen=True)
class UnitSums:
    unit: Organisation
    sums: Sums
    is_own: bool = False  # the members of the unit itself, beside those of the units under it


@dataclass(frozen=True)
class YearLine:
    """One year in the list: closed, waiting for its day, or not over."""

    year: int
    closing: YearClosing | None
    closes_on: date
    is_over: bool


@dataclass(frozen=True)
class Shelf:
    unit: Organisation
    lines: list[YearLine]


@dataclass(frozen=True)
class YearOfUnit:
    """One year of one unit: before the closing what is open, after it the sums and what came since."""

    unit: Organisation
    year: int
    is_over: bool
    closes_on: date
    may_close: bool
    closing: YearClosing | None = None
    loose: list[LooseEnds] = field(default_factory=list)
    rows: list[UnitSums] = field(default_factory=list)
    total: Sums = field(default_factory=Sums)
    supplements: list[Supplement] = field(default_factory=list)

    @property
    def loose_at_closing(self) -> list[tuple[str, int]]:
        return [(label_of(name), number) for name, number in self.closing.loose.items()] if self.closing else []

    @property
    def supplemented(self) -> Decimal:
        return sum((each.hours for each in self.supplements), Decimal(0))


def closing_units(user: Any) -> list[Organisation]:
    """The highest units that this organiser serves, by code: for these a year is closed."""
    paths = organised_paths(user)
    highest = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    return list(Organisation.objects.organised_by(user).open().filter(path__in=highest).in_order())


def shelves_of(user: Any, *, now: datetime) -> list[Shelf]:
    """The years of each of these units, the latest first."""
    this_year = timezone.localdate(now).year
    return [Shelf(unit, _lines(unit, this_year)) for unit in closing_units(user)]


def year_of(unit: Organisation, year: int, *, user: Any, now: datetime) -> YearOfUnit:
    """One year of one unit, as it was closed or as it stands before."""
    closing = closing_at(unit, year)
    known = {"is_over": year < timezone.localdate(now).year, "closes_on": closing_day(unit, year)}
    if closing is None:
        may_close = known["is_over"] and unit in closing_units(user)
        return YearOfUnit(unit, year, may_close=may_close, loose=loose_ends(unit, year, now=now), **known)
    rows, total = _sums(unit, closing)
    since = supplements_under(unit, closing)
    said = {"closing": closing, "rows": rows, "total": total, "supplements": since}
    return YearOfUnit(unit, year, may_close=False, **said, **known)


def years_of(member: Member, *, now: datetime) -> list[int]:
    """Of which years a member can have a record: those with hours, and this one; the latest first."""
    this_year = timezone.localdate(now).year
    written = HoursEntry.objects.filter(member=member, year__range=(EARLIEST, this_year)).order_by()
    return sorted({this_year, *written.values_list("year", flat=True).distinct()}, reverse=True)


def closing_at(unit: Organisation, year: int) -> YearClosing | None:
    """By which closing the year of the unit was closed: its own, or that of the nearest unit above."""
    found = YearClosing.objects.filter(year=year).reaching(unit.path).select_related("organisation", "closed_by")
    return found.order_by("-organisation__path").first()


def _lines(unit: Organisation, this_year: int) -> list[YearLine]:
    closings = YearClosing.objects.reaching(unit.path).select_related("organisation", "closed_by")
    nearest = {each.year: each for each in closings.order_by("organisation__path")}
    written = HoursEntry.objects.order_by("year").values_list("year", flat=True).distinct()
    years = {this_year, this_year - 1, *nearest, *(year for year in written if EARLIEST <= year <= this_year)}
    return [
        YearLine(year, nearest.get(year), closing_day(unit, year), is_over=year < this_year)
        for year in sorted(years, reverse=True)
    ]


def _sums(unit: Organisation, closing: YearClosing) -> tuple[list[UnitSums], Sums]:
    """By the tree as it stood when the year was closed: a unit that moves later takes no figures along."""
    above = parents_at(closing.closed_at)
    by_unit: dict[int, Sums] = defaultdict(Sums)
    own = Sums()
    for row in _figures(closing.year):
        chain = _chain(row["organisation"], above)
        for each in chain:
            by_unit[each].add(row)
        if row["organisation"] == unit.pk:
            own.add(row)
    below = [UnitSums(each, by_unit[each.pk]) for each in children_at(unit, closing.closed_at) if each.pk in by_unit]
    if own.members and below:
        below.insert(0, UnitSums(unit, own, is_own=True))
    return below, by_unit[unit.pk]


def _figures(year: int):
    met = Q(target__isnull=False, counted__gte=F("target"))
    rows = YearFigure.objects.filter(year=year).order_by("organisation").values("organisation")
    return rows.annotate(
        members=Count("pk"), expected=Count("target"), met=Count("pk", filter=met), hours=Sum("counted")
    )


def _chain(unit: int, above: dict[int, int | None]) -> list[int]:
    found: list[int] = [unit]
    while (parent := above.get(found[-1])) is not None:
        found.append(parent)
    return found
