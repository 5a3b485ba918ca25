"""Under which units somebody counts: where the unit stands now, and for a plan that is over, where it stood then.

So a move of today never changes the figures of last year.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from learning.plans.models import StudyPlan
from members.events import UnitMove
from members.organisation.history import parents_at
from members.organisation.models import Organisation, Placement
from members.roles.policies import STEP, superior_paths

Place = tuple[int, int]  # unit, plan


def units_above(places: Collection[Place]) -> dict[Place, list[int]]:
    """The unit itself and all units above it, for each unit and plan."""
    now_above = _now({unit for unit, _ in places})
    then = _parents_then({plan for _, plan in places})
    return {(unit, plan): _chain(unit, then[plan]) if plan in then else now_above[unit] for unit, plan in places}


def has_changed_since(ends_on: date) -> bool:
    """Whether a period is over and the tree has changed since its last day."""
    end = end_of(ends_on)
    return end < timezone.now() and Placement.objects.filter(until__gt=end).exists()


def end_of(day: date) -> datetime:
    """The moment after the last one of the day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def stands_in_todays_tree(ends_on: date, *, now: datetime) -> bool:
    """Whether a plan with this last day follows units that move at this moment."""
    return end_of(ends_on) >= now


def old_and_new_superiors(moves: Collection[UnitMove]) -> dict[int, tuple[list[int], list[int]]]:
    """For units that have just moved: those above each in the tree of before, and in that of now, the nearest first."""
    units = dict(Organisation.objects.values_list("path", "pk"))
    now: dict[int, int | None] = {pk: units.get(path[:-STEP]) for path, pk in units.items()}
    before = now | {move.unit_id: move.before_id for move in moves}
    return {move.unit_id: (_chain(move.unit_id, before)[1:], _chain(move.unit_id, now)[1:]) for move in moves}


def _now(units: Collection[int]) -> dict[int, list[int]]:
    paths = dict(Organisation.objects.filter(pk__in=units).values_list("pk", "path"))
    above = {path for own in paths.values() for path in superior_paths(own)}
    pks = dict(Organisation.objects.filter(path__in=above).values_list("path", "pk"))
    return {unit: [pks[path] for path in superior_paths(path)] for unit, path in paths.items()}


def _parents_then(plans: Collection[int]) -> dict[int, dict[int, int | None]]:
    """For the plans whose period was over before the tree last changed: the tree as it stood at their end."""
    days = dict(StudyPlan.objects.filter(pk__in=plans).values_list("pk", "ends_on"))
    trees = {day: parents_at(end_of(day)) for day in set(days.values()) if has_changed_since(day)}
    return {plan: trees[day] for plan, day in days.items() if day in trees}


def _chain(unit: int, parents: dict[int, int | None]) -> list[int]:
    above: list[int] = [unit]
    while (parent := parents.get(above[-1])) is not None:
        above.append(parent)
    return above
