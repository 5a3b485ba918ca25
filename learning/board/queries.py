"""What the organiser sees: units with their counts, people with their reason. By code and by name, never by figure."""

from dataclasses import dataclass

from django.db.models import BooleanField, F, QuerySet, Value

from learning.board.counts import Counts
from learning.completion.models import Delta, Tally
from learning.completion.places import end_of, has_changed_since
from learning.plans.models import StudyPlan
from members.organisation.history import children_at
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Organisation, OrganisationQuerySet


@dataclass(frozen=True)
class UnitRow:
    unit: Organisation
    counts: Counts
    is_own: bool = False  # the members of the unit itself, beside those of the units under it


@dataclass(frozen=True)
class Board:
    unit: Organisation
    superiors: list[Organisation]
    plan: StudyPlan | None
    plans: list[StudyPlan]
    rows: list[UnitRow]
    total: Counts

    @property
    def names_people(self) -> bool:
        """Of a branch or group the people are shown, of anything above it the units."""
        return self.unit.kind in BRANCH_KINDS


def board_of(unit: Organisation, *, user, plan_id: int | None = None) -> Board:
    """One unit with the units right under it, for one plan (the latest, if none is named)."""
    plans = list(plans_for(unit, user=user))
    plan = next((each for each in plans if each.pk == plan_id), None) or usual_plan(unit, plans)
    below = list(_below(unit, plan))
    counts = exact_counts(plan, [unit, *below])
    below = [each for each in below if each.closed_on is None or counts[each.pk].members]
    rows = [UnitRow(each, counts[each.pk]) for each in below]
    own = counts[unit.pk].minus([row.counts for row in rows])
    if own.members and below:
        rows.insert(0, UnitRow(unit, own, is_own=True))
    superiors = Organisation.objects.led_by(user).filter(pk__in=unit.get_ancestors().values("pk"))
    return Board(unit, list(superiors), plan, plans, rows, counts[unit.pk])


def _below(unit: Organisation, plan: StudyPlan | None) -> OrganisationQuerySet:
    """What stands right under the unit; for a plan that is over, what stood there then."""
    if plan is not None and has_changed_since(plan.ends_on):
        return children_at(unit, end_of(plan.ends_on))
    return unit.get_children().in_order()


def plans_for(unit: Organisation, *, user) -> QuerySet[StudyPlan]:
    """Published plans that concern this unit or units under it, the latest first."""
    led = StudyPlan.objects.led_by(user).published()
    concerned = led.reaching(unit) | led.filter(organisation__in=Organisation.objects.under(unit))
    return concerned.select_related("organisation").order_by("-starts_on", "-pk")


def usual_plan(unit: Organisation, plans: list[StudyPlan]) -> StudyPlan | None:
    """The latest that everybody in the unit is in, or else the latest that concerns some of them."""
    whole = (each for each in plans if unit.path.startswith(each.organisation.path))
    return next(whole, plans[0] if plans else None)


def exact_counts(plan: StudyPlan | None, units: list[Organisation]) -> dict[int, Counts]:
    """Counts as of now. Tallies and deltas not yet folded are read in one statement: nothing counts twice or never."""
    counts = {unit.path: Counts() for unit in units}
    if plan is not None:
        for path, standing, is_waiting, number in _folded_and_waiting(plan, units):
            for unit_path in counts:
                if path.startswith(unit_path) if is_waiting else path == unit_path:
                    counts[unit_path].add(standing, number)
    return {unit.pk: counts[unit.path] for unit in units}


def _folded_and_waiting(plan: StudyPlan, units: list[Organisation]) -> QuerySet:
    columns = ["organisation__path", "standing", "is_waiting", "number"]
    folded = Tally.objects.filter(plan=plan, plan_item=None, organisation__in=units)
    waiting = Delta.objects.filter(plan=plan, plan_item=None)
    return (
        folded.annotate(is_waiting=Value(False, BooleanField()), number=F("members"))
        .values_list(*columns)
        .union(
            waiting.annotate(is_waiting=Value(True, BooleanField()), number=F("change")).values_list(*columns), all=True
        )
    )
