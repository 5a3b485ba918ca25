"""A year of the ledger in one table."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate, cycle

from django.db.models import Sum
from django.utils import timezone

from learning.courses.categories import HoursCategory
from learning.courses.models import ItemKind, StudyItem
from learning.hours.models import HoursEntryQuerySet
from learning.hours.preset import hours_by_length
from members.accounts.models import Member
from members.organisation.rules import Rule


@dataclass(frozen=True)
class HoursLine:
    label: str
    hours: Decimal


@dataclass(frozen=True)
class HoursView:
    """The year's ledger in one table: `lines` count towards `required`, what stands `beside` does not."""

    year: int
    required: Decimal
    lines: list[HoursLine]
    beside: list[HoursLine]
    is_flexible: bool

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
    """What an item is worth: as its editors say, else by the rules (of a quiz one figure, of the rest by length)."""
    if item.hours is not None:
        return item.hours
    if item.kind == ItemKind.QUIZ:
        return Decimal(Rule.objects.value("hours.quiz_preset", on=on, organisation=item.organisation))
    preset = Rule.objects.value("hours.lesson_preset", on=on, organisation=item.organisation)
    return hours_by_length(item.length_seconds or 0, preset)


def hours_of(member: Member, entries: HoursEntryQuerySet, *, now: datetime, year: int | None = None) -> HoursView:
    """A year's hours of one member (this year's, if none is named), from the ledger lines that the reader may see."""
    today = timezone.localdate(now)
    on = today if year in (None, today.year) else date(year, 12, 31)
    unit = member.organisation_now()
    sums = dict(
        entries.filter(member=member).in_year(on.year).values_list("category").annotate(Sum("hours")).order_by()
    )
    counted = Rule.objects.value("hours.counted_categories", on=on, organisation=unit)
    return HoursView(
        year=on.year,
        required=Decimal(Rule.objects.value("hours.member.year", on=on, organisation=unit)),
        lines=[_sum(category, sums) for category in counted],
        beside=[
            _sum(category, sums) for category in HoursCategory.values if category not in counted and sums.get(category)
        ],
        is_flexible=member.flexible_study,
    )


def _sum(category: str, sums: dict[str, Decimal]) -> HoursLine:
    return HoursLine(str(HoursCategory(category).label), sums.get(category, Decimal(0)))
