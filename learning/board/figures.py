"""The counts of units: as of now from tallies and what waits to be folded, as of a past day from the counts of days."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from django.db.models import BooleanField, F, Min, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from learning.board.counts import Counts
from learning.completion.models import DayCount, Delta, Tally
from learning.completion.places import end_of, has_changed_since, units_above
from learning.plans.models import StudyPlan
from members.organisation.history import parents_at
from members.organisation.models import Organisation
from members.roles.policies import superior_paths, under

# Where, what they stand as, how many, and whether that waits to be folded into whatever lies above.
Row = tuple[str, str, int, bool]


def exact_counts(plan: StudyPlan | None, units: Sequence[Organisation]) -> dict[int, Counts]:
    """Counts as of now. Tallies and deltas not yet folded are read in one statement: nothing counts twice or never."""
    counts = {unit.pk: Counts() for unit in units}
    if plan is not None:
        follows_today = not has_changed_since(plan.ends_on)
        rows = list(_folded_and_waiting(plan, units, follows_today=follows_today))
        above = _by_path(units) if follows_today else _as_then(rows, plan, counts)
        for place, standing, number, is_waiting in rows:
            for unit in above(place) if is_waiting else [int(place)]:
                counts[unit].add(standing, number)
    return counts


def _folded_and_waiting(plan: StudyPlan, units: Sequence[Organisation], *, follows_today: bool) -> QuerySet:
    """What waits is added up for each of the lowest of these units; for a tree that has changed, for every unit."""
    unit, path = Cast("organisation_id", TextField()), Substr("organisation__path", 1, max(len(e.path) for e in units))
    waiting = Delta.objects.filter(plan=plan, plan_item=None)
    if follows_today:
        waiting = waiting.filter(under("organisation__path", _highest(units)))
    waiting = waiting.annotate(place=path if follows_today else unit).values("place", "standing")
    waiting = waiting.annotate(number=Sum("change"), is_waiting=Value(True, BooleanField()))
    folded = Tally.objects.filter(plan=plan, plan_item=None, organisation__in=units)
    folded = folded.annotate(place=unit, number=F("members"), is_waiting=Value(False, BooleanField()))
    columns = ["place", "standing", "number", "is_waiting"]
    return folded.values_list(*columns).union(waiting.values_list(*columns), all=True)


def _highest(units: Sequence[Organisation]) -> list[str]:
    paths = {unit.path for unit in units}
    return [path for path in paths if not paths.intersection(superior_paths(path)[:-1])]


def _by_path(units: Sequence[Organisation]) -> Callable[[str], list[int]]:
    """In which of these units something at a path counts, by the tree of today."""
    pks = {unit.path: unit.pk for unit in units}
    return lambda path: [pks[each] for each in superior_paths(path) if each in pks]


def _as_then(rows: Iterable[Row], plan: StudyPlan, units: Collection[int]) -> Callable[[str], list[int]]:
    """In which of these units something in a unit counts, by the tree in which the plan ended."""
    chains = units_above({(int(place), plan.pk) for place, _, _, is_waiting in rows if is_waiting})
    return lambda place: [unit for unit in chains[int(place), plan.pk] if unit in units]


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
