"""The crank that folds deltas into tallies, and the recount that proves it right."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Count as Number

from learning.completion.models import Completion, Delta, Enrolment, Tally
from learning.completion.places import units_above

# organisation, plan, plan item (None for the plan as a whole), standing
Key = tuple[int, int, int | None, str]
FOLD_LOCK = 0x464F4C44  # "FOLD"
BATCH = 1000


@transaction.atomic
def fold_deltas(*, limit: int = 5000) -> int:
    """Adds waiting deltas to the tallies of their unit and of all units above it; how many were folded. Idempotent."""
    _only_one_folds()
    deltas = list(Delta.objects.order_by("pk").select_related("organisation")[:limit])
    if deltas:
        changes = _with_superiors(
            ((delta.organisation_id, delta.plan_id, delta.plan_item_id, delta.standing), delta.change)
            for delta in deltas
        )
        _add(changes)
        Delta.objects.filter(pk__in=[delta.pk for delta in deltas]).delete()
    return len(deltas)


@transaction.atomic
def rebuild_tallies() -> int:
    """Counts everything anew from the enrolments; how many tallies were wrong before."""
    _only_one_folds()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # whoever counts otherwise must have committed, with their delta
            cursor.execute("LOCK TABLE learning_delta IN SHARE ROW EXCLUSIVE MODE")
    wrong = wrong_tallies()
    right = recount()
    Delta.objects.all().delete()
    Tally.objects.all().delete()
    Tally.objects.bulk_create((_tally(key, number) for key, number in sorted(right.items(), key=str)), batch_size=BATCH)
    return len(wrong)


def wrong_tallies() -> list[Key]:
    """What tallies plus waiting deltas do not say as the enrolments do."""
    said = Counter({_key(tally): tally.members for tally in Tally.objects.all().iterator()})
    for key, change in _with_superiors((_key(delta), delta.change) for delta in Delta.objects.all().iterator()).items():
        said[key] += change
    right = recount()
    return sorted((key for key in said.keys() | right.keys() if said[key] != right[key]), key=str)


def recount() -> "Counter[Key]":
    """Every count from the enrolments and completions themselves, for every unit with everything under it."""
    present = Enrolment.objects.filter(left_on=None)
    plans = present.values_list("organisation_id", "plan_id", "standing").annotate(number=Number("pk")).order_by()
    items = (
        Completion.objects.filter(enrolment__left_on=None)
        .values_list("enrolment__organisation_id", "enrolment__plan_id", "plan_item_id", "standing")
        .annotate(number=Number("pk"))
        .order_by()
    )
    own: list[tuple[Key, int]] = [((unit, plan, None, standing), number) for unit, plan, standing, number in plans]
    own += [((unit, plan, item, standing), number) for unit, plan, item, standing, number in items]
    return _with_superiors(own)


def _only_one_folds() -> None:
    """SQLite lets one write at a time; PostgreSQL is asked to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])


def _with_superiors(changes: Iterable[tuple[Key, int]]) -> "Counter[Key]":
    """Each change for its unit and for every unit above it; what cancels out is left away."""
    changes = list(changes)
    above = units_above({(unit, plan) for (unit, plan, _, _), _ in changes})
    total: Counter[Key] = Counter()
    for (unit, plan, *rest), change in changes:
        for superior in above[unit, plan]:
            total[(superior, plan, *rest)] += change
    return Counter({key: change for key, change in total.items() if change})


def _add(changes: "Counter[Key]") -> None:
    plans, units = {key[1] for key in changes}, {key[0] for key in changes}
    there = {_key(tally): tally for tally in Tally.objects.filter(plan__in=plans, organisation__in=units)}
    for key in there.keys() & changes.keys():
        there[key].members += changes[key]
    changed = [there[key] for key in there.keys() & changes.keys()]
    Tally.objects.bulk_update(changed, ["members"], batch_size=BATCH)
    new = [_tally(key, change) for key, change in changes.items() if key not in there]
    Tally.objects.bulk_create(new, batch_size=BATCH)


def _key(row) -> Key:
    return row.organisation_id, row.plan_id, row.plan_item_id, row.standing


def _tally(key: Key, members: int) -> Tally:
    unit, plan, item, standing = key
    return Tally(organisation_id=unit, plan_id=plan, plan_item_id=item, standing=standing, members=members)
