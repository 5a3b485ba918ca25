"""What the organiser sees: units with their counts, people with their reason. By code and by name, never by figure."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone

from learning.board.counts import Counts
from learning.board.days import Days
from learning.board.figures import counts_as_of, exact_counts, known_since
from learning.completion.places import end_of, has_changed_since
from learning.plans.models import StudyPlan
from members.organisation.history import children_at
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Organisation


@dataclass(frozen=True)
class UnitRow:
    unit: Organisation
    counts: Counts
    is_own: bool = False  # the members of the unit itself, beside those of the units under it


@dataclass(frozen=True)
class Family:
    """A unit with those above it that the reader leads too, the highest first, and those right under it, by code."""

    unit: Organisation
    superiors: list[Organisation]
    below: list[Organisation]


@dataclass(frozen=True)
class Board:
    unit: Organisation
    superiors: list[Organisation]
    plan: StudyPlan | None
    plans: list[StudyPlan]
    rows: list[UnitRow]
    total: Counts
    days: Days

    @property
    def names_people(self) -> bool:
        """Of a branch or group the people are shown, of anything above it the units."""
        return self.unit.kind in BRANCH_KINDS

    @cached_property
    def kept(self) -> str:
        """In an address: the plan and the day that are looked at."""
        asked = {"plan": self.plan.pk if self.plan else "", "day": self.days.asked or ""}
        return urlencode({name: said for name, said in asked.items() if said})


def family_of(code: str, *, user) -> Family | None:
    """Of the unit with this code, or of the highest one that is led; None where the reader leads no such unit."""
    led = Organisation.objects.led_by(user)
    named = led.filter(code=code) if code else led.open().order_by("depth", "code")[:1]
    kin = list(led.kin_of(named).in_order())
    units = (each for each in kin if each.code == code) if code else sorted(kin, key=lambda each: each.depth)
    unit = next(iter(units), None)
    if unit is None:
        return None
    superiors = sorted((each for each in kin if each.depth < unit.depth), key=lambda each: each.depth)
    return Family(unit, superiors, [each for each in kin if each.depth > unit.depth])


def board_of(family: Family, *, user, plan_id: int | None = None, day: date | None = None) -> Board:
    """One unit with the units right under it, for one plan (the latest, if none is named), now or as of a past day."""
    unit = family.unit
    plans = list(plans_for(unit, user=user))
    plan = next((each for each in plans if each.pk == plan_id), None) or usual_plan(unit, plans)
    days = _days(plan, day)
    below = _below(family, plan, days.asked)
    units = [unit, *below]
    counts = counts_as_of(plan, units, day=days.asked) if plan and days.asked else exact_counts(plan, units)
    below = [each for each in below if each.closed_on is None or counts[each.pk].members]
    rows = [UnitRow(each, counts[each.pk]) for each in below]
    own = counts[unit.pk].minus([row.counts for row in rows])
    if own.members and below:
        rows.insert(0, UnitRow(unit, own, is_own=True))
    return Board(unit, family.superiors, plan, plans, rows, counts[unit.pk], days)


def _days(plan: StudyPlan | None, day: date | None) -> Days:
    """A day of which nothing is known gives way to the first of which something is."""
    today = timezone.localdate()
    if plan is None or day is None:
        return Days(today)
    since = known_since(plan)
    return Days(today, day) if day >= since else Days(today, since if since < today else None, since)


def _below(family: Family, plan: StudyPlan | None, day: date | None) -> list[Organisation]:
    """What stands right under the unit; as of a past day, or for a plan that is over, what stood there then."""
    if plan is not None and has_changed_since(min(day or plan.ends_on, plan.ends_on)):
        return list(children_at(family.unit, end_of(min(day or plan.ends_on, plan.ends_on))))
    return family.below


def plans_for(unit: Organisation, *, user) -> QuerySet[StudyPlan]:
    """Published plans that concern this unit or units under it, the latest first."""
    led = StudyPlan.objects.led_by(user).published()
    concerned = led.reaching(unit) | led.filter(organisation__in=Organisation.objects.under(unit))
    return concerned.select_related("organisation").order_by("-starts_on", "-pk")


def usual_plan(unit: Organisation, plans: list[StudyPlan]) -> StudyPlan | None:
    """The latest that everybody in the unit is in, or else the latest that concerns some of them."""
    whole = (each for each in plans if unit.path.startswith(each.organisation.path))
    return next(whole, plans[0] if plans else None)
