"""The counts of units: as of now from tallies and what waits to be folded, as of a past day from the counts of days."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import BooleanField, F, Min, QuerySet, Sum, Value
from django.utils import timezone

from learning.board.counts import Counts
from learning.completion.models import DayCount, Delta, Tally
from learning.completion.places import end_of, has_changed_since, units_above
from learning.plans.models import StudyPlan
from members.organisation.history import parents_at
from members.organisation.models import Organisation
from members.roles.policies import superior_paths

Columns = tuple[int, str, str, bool, int]


def exact_counts(plan: StudyPlan | None, units: Sequence[Organisation]) -> dict[int, Counts]:
    """Counts as of now. Tallies and deltas not yet folded are read in one statement: nothing counts twice or never."""
    counts = {unit.pk: Counts() for unit in units}
    if plan is not None:
        rows = list(_folded_and_waiting(plan, units))
        above = _above([(unit, path) for unit, path, _, is_waiting, _ in rows if is_waiting], plan, units)
        for unit, _, standing, is_waiting, number in rows:
            for counted in above[unit] if is_waiting else [unit]:
                counts[counted].add(standing, number)
    return counts


def _folded_and_waiting(plan: StudyPlan, units: Sequence[Organisation]) -> QuerySet:
    columns = ["organisation_id", "path", "standing", "is_waiting", "number"]
    path = F("organisation__path")
    waiting = Delta.objects.filter(plan=plan, plan_item=None).values("organisation_id", "standing")
    waiting = waiting.annotate(path=path, is_waiting=Value(True, BooleanField()), number=Sum("change"))
    folded = Tally.objects.filter(plan=plan, plan_item=None, organisation__in=units)
    folded = folded.annotate(path=path, is_waiting=Value(False, BooleanField()), number=F("members"))
    return folded.values_list(*columns).union(waiting.values_list(*columns), all=True)


def _above(places: list[tuple[int, str]], plan: StudyPlan, units: Sequence[Organisation]) -> dict[int, list[int]]:
    """Which of these units each place counts in: by the tree that the plan follows."""
    if places and has_changed_since(plan.ends_on):
        wanted = {unit.pk for unit in units}
        chains = units_above({(unit, plan.pk) for unit, _ in places})
        return {unit: [each for each in chain if each in wanted] for (unit, _), chain in chains.items()}
    pks = {unit.path: unit.pk for unit in units}
    return {unit: [pks[each] for each in superior_paths(path) if each in pks] for unit, path in places}


def counts_as_of(plan: StudyPlan, units: Iterable[Organisation], *, day: date) -> dict[int, Counts]:
    """Counts as they were at the end of a day, along the tree as it stood then."""
    counts = {unit.pk: Counts() for unit in units}
    parents = parents_at(end_of(min(day, plan.ends_on)))
    for unit, standing, number in _of_days(plan, day):
        place: int | None = unit
        while place is not None:
            if place in counts:
                counts[place].add(standing, number)
            place = parents.get(place)
    return counts


def _of_days(plan: StudyPlan, day: date) -> QuerySet:
    columns = ["organisation_id", "standing"]
    kept = DayCount.objects.filter(plan=plan, day__lte=day).values(*columns).annotate(number=Sum("change"))
    waiting = Delta.objects.filter(plan=plan, plan_item=None, day__lte=day)
    waiting = waiting.values(*columns).annotate(number=Sum("change"))
    return kept.values_list(*columns, "number").union(waiting.values_list(*columns, "number"), all=True)


def known_since(plan: StudyPlan) -> date:
    """The first day of which counts were kept; of what was before that day nothing can be said."""
    first = DayCount.objects.filter(plan=plan).aggregate(day=Min("day"))["day"]
    waiting = Delta.objects.filter(plan=plan).aggregate(day=Min("day"))["day"]
    return min(filter(None, [first, waiting]), default=timezone.localdate())
