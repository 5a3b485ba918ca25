"""The recount that proves the tallies right: every count from the enrolments and completions themselves.

What is compared is read in one statement, so that whoever counts meanwhile is in all of it or in nothing of it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from learning.completion.models import Enrolment, HelpNote
from learning.completion.places import units_above
from learning.plans.models import StudyPlan

# organisation, plan, plan item (None for the plan as a whole), standing
Key = tuple[int, int, int | None, str]
Dated = tuple[Key, date, int]

OWN = """
    SELECT 'own', e.organisation_id, e.plan_id, CAST(NULL AS bigint), e.standing, CAST(NULL AS date), COUNT(*)
    FROM learning_enrolment e WHERE e.left_on IS NULL AND {plan} GROUP BY e.organisation_id, e.plan_id, e.standing
    UNION ALL
    SELECT 'own', e.organisation_id, e.plan_id, CAST(NULL AS bigint), 'needs_help', CAST(NULL AS date), COUNT(*)
    FROM learning_enrolment e WHERE e.left_on IS NULL AND e.needs_help AND {plan} GROUP BY e.organisation_id, e.plan_id
    UNION ALL
    SELECT 'own', e.organisation_id, e.plan_id, c.plan_item_id, c.standing, CAST(NULL AS date), COUNT(*)
    FROM learning_completion c JOIN learning_enrolment e ON e.id = c.enrolment_id
    WHERE e.left_on IS NULL AND {plan} GROUP BY e.organisation_id, e.plan_id, c.plan_item_id, c.standing
"""
COLUMNS = "organisation_id, plan_id, plan_item_id, standing, day, change"
WAITING = "SELECT 'waiting', {columns} FROM {deltas}"
TAKE = "DELETE FROM learning_delta WHERE {plan} RETURNING {columns}"
SAID = """
    SELECT 'said', organisation_id, plan_id, plan_item_id, standing, CAST(NULL AS date), members FROM learning_tally
    UNION ALL
    SELECT 'days', organisation_id, plan_id, CAST(NULL AS bigint), standing, CAST(NULL AS date), SUM(change)
    FROM learning_daycount GROUP BY organisation_id, plan_id, standing
"""


@dataclass
class Counted:
    """What was read at one moment, all of a unit itself but `said`, which is of a unit with everything under it."""

    own: "Counter[Key]" = field(default_factory=Counter)
    waiting: list[Dated] = field(default_factory=list)
    said: "Counter[Key]" = field(default_factory=Counter)
    days: "Counter[Key]" = field(default_factory=Counter)


def count_and_take(plan: StudyPlan | None) -> Counted:
    """Counts everything (or one plan), and takes the deltas that wait for it out of their table."""
    names = {"columns": COLUMNS, "plan": f"plan_id = {int(plan.pk)}" if plan else "1 = 1"}
    own = OWN.format(plan=f"e.plan_id = {int(plan.pk)}" if plan else "1 = 1")
    take = TAKE.format(**names)
    if connection.vendor == "postgresql":
        waiting = WAITING.format(columns=COLUMNS, deltas="taken")
        return _read([f"WITH taken AS ({take}) {own} UNION ALL {waiting}"])
    return _read([own, take])


def count_all() -> Counted:
    """Counts everything, and reads what tallies, days and deltas say of it."""
    waiting = WAITING.format(columns=COLUMNS, deltas="learning_delta")
    return _read([f"{OWN.format(plan='1 = 1')} UNION ALL {waiting} UNION ALL {SAID}"])


def recount() -> "Counter[Key]":
    """Every count from the enrolments and completions themselves, for every unit with everything under it."""
    return with_superiors(count_all().own)


def wrong_tallies() -> list[Key]:
    """What tallies plus waiting deltas do not say as the enrolments do."""
    counted = count_all()
    waiting = with_superiors(sums(counted.waiting))
    right = with_superiors(counted.own)
    keys = right.keys() | counted.said.keys() | waiting.keys()
    return sorted((key for key in keys if right[key] != counted.said[key] + waiting[key]), key=str)


def wrong_days() -> list[Key]:
    """Where the counts of single days do not add up to what is counted now."""
    counted = count_all()
    waiting = sums(counted.waiting)
    keys = (key for key in counted.own.keys() | counted.days.keys() | waiting.keys() if key[2] is None)
    return sorted((key for key in keys if counted.own[key] != counted.days[key] + waiting[key]), key=str)


def wrong_help() -> int:
    """How many enrolments do not say as the notes do whether their member needs help."""
    present = Enrolment.objects.filter(left_on=None)
    noted = HelpNote.objects.open().values("member_id")
    unsaid = present.filter(needs_help=False, member__in=noted).count()
    return unsaid + present.filter(needs_help=True).exclude(member__in=noted).count()


def sums(dated: list[Dated]) -> "Counter[Key]":
    total: Counter[Key] = Counter()
    for key, _, change in dated:
        total[key] += change
    return total


def with_superiors(own: "Counter[Key]") -> "Counter[Key]":
    """Each number for its unit and for every unit above it; what cancels out is left away."""
    above = units_above({(unit, plan) for (unit, plan, _, _), number in own.items() if number})
    total: Counter[Key] = Counter()
    for (unit, plan, *rest), number in own.items():
        if number:
            for superior in above[unit, plan]:
                total[(superior, plan, *rest)] += number
    return Counter({key: number for key, number in total.items() if number})


def _read(statements: list[str]) -> Counted:
    counted = Counted()
    for kind, key, day, number in _rows(statements):
        if kind == "waiting":
            counted.waiting.append((key, day, number))
        else:
            getattr(counted, kind)[key] = number
    return counted


def _rows(statements: list[str]) -> Iterator[tuple[str, Key, date, int]]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            for row in cursor:
                kind, unit, plan, item, standing, day, number = row if len(row) == 7 else ("waiting", *row)
                yield kind, (unit, plan, item, standing), as_day(day), number


def as_day(value: date | str | None) -> date:
    """SQLite hands out days as they are written."""
    return date.fromisoformat(value) if isinstance(value, str) else value or date.min
