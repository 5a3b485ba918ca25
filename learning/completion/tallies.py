"""The crank that folds deltas into tallies, what a move of units does to them, and counting anew.

Whoever changes tallies holds the fold first, and waits for nothing else afterwards.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from learning.completion.models import DayCount, Tally
from learning.completion.places import old_and_new_superiors, stands_in_todays_tree
from learning.completion.recount import Dated, Key, as_day, count_and_take, sums, with_superiors
from learning.completion.upserts import add_to_days, add_to_tallies
from learning.plans.models import StudyPlan
from members.events import UnitMove

FOLD_LOCK = 0x464F4C44  # "FOLD"
TAKE = """
    DELETE FROM learning_delta WHERE id IN (SELECT id FROM learning_delta WHERE {which} ORDER BY id LIMIT %s)
    RETURNING organisation_id, plan_id, plan_item_id, standing, day, change
"""
STAYING = """
    SELECT id FROM learning_planitem WHERE id IN (SELECT plan_item_id FROM learning_delta)
    FOR KEY SHARE SKIP LOCKED
"""


@transaction.atomic
def fold_deltas(*, limit: int = 20_000) -> int:
    """Adds waiting deltas to the tallies of their unit and of all units above it; how many were folded. Idempotent."""
    hold_fold()
    taken = _take(limit)
    if taken:
        _add(with_superiors(sums(taken)))
        _add_days(taken)
    return len(taken)


def _take(limit: int) -> list[Dated]:
    """What is deleted is what is counted: no delta of others slips between the two.

    What tells of an item that somebody takes out of its plan at this moment waits, and goes with the item.
    """
    with connection.cursor() as cursor:
        which = "1 = 1"
        if connection.vendor == "postgresql":
            cursor.execute(STAYING)
            items = ", ".join(str(pk) for (pk,) in cursor.fetchall())
            which = f"plan_item_id IS NULL OR plan_item_id IN ({items or 'NULL'})"
        cursor.execute(TAKE.format(which=which), [limit])
        return [(tuple(row[:4]), as_day(row[4]), row[5]) for row in cursor.fetchall()]


@transaction.atomic
def hang_tallies(moves: Sequence[UnitMove], *, now: datetime) -> None:
    """What was folded of units that have moved is taken from those above them before and given to those above now.

    Only for plans whose period is not over: the others keep the tree of their last day. Deltas that wait need nothing.
    """
    hold_fold()
    published = StudyPlan.objects.published().values_list("pk", "ends_on")
    plans = [pk for pk, ends_on in published if stands_in_todays_tree(ends_on, now=now)]
    folded: dict[int, Counter] = {move.unit_id: Counter() for move in moves}
    for tally in Tally.objects.filter(organisation__in=folded, plan__in=plans).iterator():
        folded[tally.organisation_id][_key(tally)[1:]] = tally.members
    pieces = {unit: counts.copy() for unit, counts in folded.items()}
    chains = old_and_new_superiors(moves)
    for unit, (before, _) in chains.items():
        # What hung under another unit that moves was folded into that one too, and goes its own way.
        if above := next((each for each in before if each in pieces), None):
            pieces[above].subtract(folded[unit])
    changes: Counter[Key] = Counter()
    for unit, (before, after) in chains.items():
        for rest, number in pieces[unit].items():
            changes.update({(superior, *rest): -number for superior in before})
            changes.update({(superior, *rest): number for superior in after})
    _add(changes)


@transaction.atomic
def rebuild_tallies(*, plan: StudyPlan | None = None) -> int:
    """Counts everything (or one plan) anew from the enrolments; how many tallies were wrong before.

    Nobody is held up: whoever counts meanwhile is counted here, deltas and all, or folded later.
    """
    hold_fold()
    of_plan = {"plan": plan} if plan else {}
    said = Counter({_key(tally): tally.members for tally in Tally.objects.filter(**of_plan).iterator()})
    counted = count_and_take(plan)
    right, waiting = with_superiors(counted.own), with_superiors(sums(counted.waiting))
    keys = right.keys() | said.keys() | waiting.keys()
    _add({key: right[key] - said[key] for key in keys})
    _add_days(counted.waiting)
    _mend_days(counted.own, DayCount.objects.filter(**of_plan))
    return sum(right[key] != said[key] + waiting[key] for key in keys)


def hold_fold() -> None:
    """SQLite lets one write at a time; PostgreSQL is asked to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])


def _add(changes: "Counter[Key] | dict[Key, int]") -> None:
    add_to_tallies((*key, change) for key, change in changes.items() if change)


def _add_days(dated: Iterable[Dated]) -> None:
    """A plan as a whole, by day; of single items only the present is kept."""
    changes: Counter[tuple[int, int, str, date]] = Counter()
    for (unit, plan, item, standing), day, change in dated:
        if item is None:
            changes[plan, unit, standing, day] += change
    add_to_days((*key, change) for key, change in changes.items() if change)


def _mend_days(own: "Counter[Key]", days: QuerySet[DayCount]) -> None:
    """Where the days do not add up to what is counted, today makes it good."""
    kept = {
        (unit, plan, None, standing): number
        for unit, plan, standing, number in days.values_list("organisation_id", "plan_id", "standing")
        .annotate(number=Sum("change"))
        .order_by()
    }
    keys = {key for key in own if key[2] is None} | kept.keys()
    _add_days((key, timezone.localdate(), own[key] - kept.get(key, 0)) for key in keys)


def _key(row: Tally) -> Key:
    return row.organisation_id, row.plan_id, row.plan_item_id, row.standing
