"""Adds numbers to rows that may be there already, a thousand to a statement; both databases take the same words."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

ROWS = 1000
INTO_TALLIES = (
    "INSERT INTO learning_tally (organisation_id, plan_id, plan_item_id, standing, members) VALUES {rows}"
    " ON CONFLICT {where} DO UPDATE SET members = learning_tally.members + excluded.members"
)
OF_PLAN = "(organisation_id, plan_id, standing) WHERE plan_item_id IS NULL"
OF_ITEM = "(organisation_id, plan_item_id, standing) WHERE plan_item_id IS NOT NULL"
INTO_DAYS = (
    "INSERT INTO learning_daycount (plan_id, organisation_id, standing, day, change) VALUES {rows}"
    " ON CONFLICT (plan_id, organisation_id, standing, day)"
    " DO UPDATE SET change = learning_daycount.change + excluded.change"
)


def add_to_tallies(changes: Iterable[tuple[int, int, int | None, str, int]]) -> None:
    """Each (unit, plan, plan item, standing) by so many, every key once; in one order, plans apart from items."""
    rows = sorted(changes, key=lambda row: (row[0], row[1], row[2] or 0, row[3]))
    _write(INTO_TALLIES.format(where=OF_PLAN, rows="{rows}"), (row for row in rows if row[2] is None))
    _write(INTO_TALLIES.format(where=OF_ITEM, rows="{rows}"), (row for row in rows if row[2] is not None))


def add_to_days(changes: Iterable[tuple[int, int, str, date, int]]) -> None:
    """Each (plan, unit, standing, day) by so many, every key once."""
    _write(INTO_DAYS, sorted(changes))


def _write(statement: str, rows: Iterable[tuple]) -> None:
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while some := list(islice(waiting, ROWS)):
            marks = ", ".join(["(" + ", ".join(["%s"] * len(some[0])) + ")"] * len(some))
            values: list[Any] = [value for row in some for value in row]
            cursor.execute(statement.format(rows=marks), values)
