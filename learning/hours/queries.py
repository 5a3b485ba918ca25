"""A year of the ledger in one table."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate, cycle

from django.db.models import Sum
from django.utils import timezone

from learning.courses.categories import HoursCategory
from learning.courses.models import StudyItem
from learning.hours.models import HoursEntryQuerySet
from learning.hours.targets import asked_of
from learning.hours.worth import worth_for
from members.accounts.models import Member
from members.organisation.rules import Rule


@dataclass(frozen=True)
class HoursLine:
    label: str
    hours: Decimal


@dataclass(frozen=True)
class HoursView:
    """The year's ledger in one table: `lines` count towards `required`, what stands `beside` does not.

    `why` says by what the hours are asked; `trainings_owed` how many centralised trainings are still to be attended.
    """

    year: int
    required: Decimal
    lines: list[HoursLine]
    beside: list[HoursLine]
    is_flexible: bool
    why: str = ""
    notes: tuple[str, ...] = ()
    trainings_owed: int = 0

    @property
    def counted(self) -> Decimal:
        return sum((line.hours for line in self.lines), Decimal(0))

    @property
    def owed(self) -> Decimal:
        return max(Decimal(0), self.required - self.counted)

    @property
    def bar(self) -> list[tuple[str, int, int]]:
        """Stretches of a bar of 1000: (class, from, width), in the order of the lines; what stays blank is to go."""
        whole = max(self.required, self.counted) or Decimal(1)
        ends = [round(1000 * total / whole) for total in accumulate(line.hours for line in self.lines)]
        stretches = zip(cycle("ab"), [0, *ends], ends, strict=False)
        return [(name, start, end - start) for name, start, end in stretches if end > start]


def hours_for(item: StudyItem, *, on: date) -> Decimal:
    """What an item is worth on that day, in quarters."""
    return worth_for(item, on=on).hours


def hours_of(member: Member, entries: HoursEntryQuerySet, *, now: datetime, year: int | None = None) -> HoursView:
    """A year's hours of one member (this year's, if none is named), from the ledger lines that the reader may see."""
    today = timezone.localdate(now)
    on = today if year in (None, today.year) else date(year, 12, 31)
    unit = member.organisation_now()
    of_year = entries.filter(member=member).in_year(on.year)
    sums = dict(of_year.values_list("category").annotate(Sum("hours")).order_by())
    counted = Rule.objects.value("hours.counted_categories", on=on, organisation=unit)
    asked = asked_of(member, on=on, unit=unit)
    return HoursView(
        year=on.year,
        required=asked.hours,
        lines=[_sum(category, sums) for category in counted],
        beside=[
            _sum(category, sums) for category in HoursCategory.values if category not in counted and sums.get(category)
        ],
        is_flexible=asked.is_flexible,
        why=asked.why,
        notes=asked.notes,
        trainings_owed=max(0, asked.trainings - _trainings(of_year)) if asked.trainings else 0,
    )


def _trainings(of_year: HoursEntryQuerySet) -> int:
    """How many lines of centralised training stand."""
    return of_year.filter(category=HoursCategory.TRAINING, reverses=None, reversed_by=None, hours__gt=0).count()


def _sum(category: str, sums: dict[str, Decimal]) -> HoursLine:
    return HoursLine(str(HoursCategory(category).label), sums.get(category, Decimal(0)))
