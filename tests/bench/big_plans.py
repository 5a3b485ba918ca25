"""Plans for a house as large as one may become: who is in them, where each stands, and what was counted on which day.

Written by the database itself, a plan to a statement; the tallies come from the recount of the house.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection

from learning.courses.models import ItemKind, StudyItem
from learning.plans.models import PlanItem, StudyPlan
from members.accounts.models import User
from members.organisation.kinds import OrganisationKind
from members.organisation.models import Organisation
from tests.bench.big_house import SINCE, _know_the_tables, _leader, _members, _tree

COMMITTEES, ITEMS = 6, 3  # six committees are three thousand units
OF_HOUSE, OF_COMMITTEES = 5, 18  # how many of the plans; the others are those of branches
FIRST, LAST, OUT = date(2026, 1, 1), date(2099, 12, 31), datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DAYS = 300  # over so many days people began and finished

STANDING = """CASE WHEN (a.member_id * 7 + {plan}) % 10 < 5 THEN 'done' WHEN (a.member_id * 7 + {plan}) % 10 < 7 THEN
 'doing' WHEN (a.member_id * 7 + {plan}) % 10 < 9 THEN 'todo' ELSE 'by_branch' END"""
ENROL = f"""
    INSERT INTO learning_enrolment
        (plan_id, member_id, organisation_id, standing, needs_help, items_done, counts_from, completed_at)
    SELECT {{plan}}, a.member_id, a.organisation_id, {STANDING}, FALSE, 0, '{FIRST}', NULL
    FROM members_affiliation a JOIN members_organisation o ON o.id = a.organisation_id
    WHERE a.until IS NULL AND o.path >= '{{path}}' AND o.path < '{{path}}~' ORDER BY a.member_id LIMIT {{most}}
"""
COMPLETE = """
    INSERT INTO learning_completion (enrolment_id, plan_item_id, standing, completed_at)
    SELECT e.id, i.id, CASE WHEN e.standing = 'doing' THEN CASE WHEN i."order" = 1 THEN 'done' ELSE 'todo' END
        ELSE e.standing END, NULL
    FROM learning_enrolment e JOIN learning_planitem i ON i.plan_id = e.plan_id WHERE e.plan_id = {plan}
"""
BEGIN_DAYS = f"""
    INSERT INTO learning_daycount (plan_id, organisation_id, standing, day, change)
    SELECT plan_id, organisation_id, 'todo', '{FIRST}', COUNT(*) FROM learning_enrolment WHERE plan_id = {{plan}}
    GROUP BY plan_id, organisation_id
"""
LATER_DAYS = """
    INSERT INTO learning_daycount (plan_id, organisation_id, standing, day, change)
    SELECT plan_id, organisation_id, {standing}, {day}, {sign} * COUNT(*) FROM learning_enrolment
    WHERE plan_id = {plan} AND standing <> 'todo' GROUP BY 1, 2, 3, 4
"""
# Some who had not begun finish the first item: their records, and the deltas of it.
COMPLETE_SOME = (
    """CREATE TEMPORARY TABLE picked AS SELECT id, organisation_id, plan_id FROM learning_enrolment
    WHERE plan_id IN ({plans}) AND standing = 'todo' ORDER BY (id * 7919) % 100003, id LIMIT {members}""",
    "UPDATE learning_enrolment SET standing = 'doing' WHERE id IN (SELECT id FROM picked)",
    f"""INSERT INTO learning_delta (organisation_id, plan_id, plan_item_id, standing, change, day)
    SELECT p.organisation_id, p.plan_id, NULL, s.standing, s.change, '{TODAY}' FROM picked p
    CROSS JOIN (SELECT 'todo' AS standing, -1 AS change UNION ALL SELECT 'doing', 1) s ORDER BY p.id""",
    f"""INSERT INTO learning_delta (organisation_id, plan_id, plan_item_id, standing, change, day)
    SELECT p.organisation_id, p.plan_id, i.id, s.standing, s.change, '{TODAY}' FROM picked p
    JOIN learning_planitem i ON i.plan_id = p.plan_id AND i."order" = 1
    CROSS JOIN (SELECT 'todo' AS standing, -1 AS change UNION ALL SELECT 'done', 1) s ORDER BY p.id""",
    """UPDATE learning_completion SET standing = 'done' WHERE enrolment_id IN (SELECT id FROM picked)
    AND plan_item_id IN (SELECT id FROM learning_planitem WHERE "order" = 1)""",
    "DROP TABLE picked",
)
DAY = {
    "postgresql": f"DATE '{FIRST}' + 1 + CAST(member_id % {DAYS} AS integer)",
    "sqlite": f"date('{FIRST}', '+' || (1 + member_id % {DAYS}) || ' days')",
}


@dataclass
class PlannedHouse:
    """`sized` are plans of the whole house for so many of its members, the last one for all."""

    organiser: User
    units: list[Organisation]
    members: int
    plans: list[StudyPlan]
    sized: dict[int, StudyPlan]


def make_planned_house(*, members: int, plans: int) -> PlannedHouse:
    """Three thousand units, so many members, so many plans; the tallies are still to be counted."""
    units = _tree(COMMITTEES)
    people = _members(members, units)
    organiser = _leader(units[0], "root_organiser")
    items = [_item(units[0], number) for number in range(ITEMS)]
    sizes = sorted({min(members, size) for size in (1_000, 10_000)} | {members})
    with _unchecked():
        sized = {size: _fill(_plan(units[0], items, f"{size} 人"), most=size) for size in sizes}
        others = [_fill(_plan(home, items, home.name)) for home in _homes(units, plans - len(sized))]
    _know_the_tables()
    return PlannedHouse(organiser, units, len(people), [*others, *sized.values()], sized)


def _homes(units: list[Organisation], number: int) -> list[Organisation]:
    committees = [unit for unit in units if unit.kind == OrganisationKind.COMMITTEE]
    branches = [unit for unit in units if unit.kind == OrganisationKind.BRANCH]
    high = [units[0]] * (OF_HOUSE - 1) + committees * (OF_COMMITTEES // len(committees))
    return [*high, *branches[: max(0, number - len(high))]][:number]


def _plan(home: Organisation, items: Sequence[StudyItem], title: str) -> StudyPlan:
    facts = {"starts_on": FIRST, "ends_on": LAST, "published_at": OUT}
    plan = StudyPlan.objects.create(title=title, organisation=home, **facts)
    PlanItem.objects.bulk_create(PlanItem(plan=plan, item=item, order=n) for n, item in enumerate(items, start=1))
    return plan


def _item(unit: Organisation, number: int) -> StudyItem:
    facts = {"hours_category": "self", "completion_rule": "quiz", "published_at": SINCE, "audience": "members"}
    return StudyItem.objects.create(kind=ItemKind.QUIZ, title=f"第 {number} 项", organisation=unit, **facts)


def _fill(plan: StudyPlan, *, most: int = 10_000_000) -> StudyPlan:
    day = DAY[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(ENROL.format(plan=plan.pk, path=plan.organisation.path, most=most))
        cursor.execute(COMPLETE.format(plan=plan.pk))
        cursor.execute(BEGIN_DAYS.format(plan=plan.pk))
        cursor.execute(LATER_DAYS.format(plan=plan.pk, standing="'todo'", day=day, sign=-1))
        cursor.execute(LATER_DAYS.format(plan=plan.pk, standing="standing", day=day, sign=1))
    return plan


@contextmanager
def _unchecked():
    """PostgreSQL takes millions of rows without asking for each whether what it points at is there."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica" if is_postgresql else "PRAGMA foreign_keys = OFF")
        yield
        cursor.execute("SET session_replication_role = DEFAULT" if is_postgresql else "PRAGMA foreign_keys = ON")
