"""Many rows to a statement: numbers added to rows that may be there already, and rows that stand otherwise.

Both databases take the same words. Django's own `bulk_update` takes five times as long, all of it in Python.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, models

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

INTO_DELTAS = "INSERT INTO learning_delta (organisation_id, plan_id, plan_item_id, standing, change, day) VALUES {rows}"
CHANGE = "UPDATE {table} AS kept SET {sets} FROM (VALUES {{rows}}) AS given WHERE kept.{key} = given.column1"


def add_to_tallies(changes: Iterable[tuple[int, int, int | None, str, int]]) -> None:
    """Each (unit, plan, plan item, standing) by so many, every key once; in one order, plans apart from items."""
    rows = sorted(changes, key=lambda row: (row[0], row[1], row[2] or 0, row[3]))
    _write(INTO_TALLIES.format(where=OF_PLAN, rows="{rows}"), (row for row in rows if row[2] is None))
    _write(INTO_TALLIES.format(where=OF_ITEM, rows="{rows}"), (row for row in rows if row[2] is not None))


def add_to_days(changes: Iterable[tuple[int, int, str, date, int]]) -> None:
    """Each (plan, unit, standing, day) by so many, every key once."""
    _write(INTO_DAYS, sorted(changes))


def add_deltas(changes: Iterable[tuple[int, int, int | None, str, int, date]]) -> None:
    """Each (unit, plan, plan item, standing) by so many on a day."""
    _write(INTO_DELTAS, changes)


def change_rows(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Saves these fields of rows of one model."""
    model = type(rows[0])._meta
    fields = [model.get_field(name) for name in names]
    sets = ", ".join(f"{field.column} = {_given(field, at)}" for at, field in enumerate(fields, start=2))
    statement = CHANGE.format(table=model.db_table, key=model.pk.column, sets=sets)
    ready = ([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows)
    _write(statement, ((row.pk, *values) for row, values in zip(rows, ready, strict=True)))


def _given(field: models.Field, at: int) -> str:
    """PostgreSQL is told what a column of nothing but NULL is meant to be."""
    column = f"given.column{at}"
    return f"CAST({column} AS {field.db_type(connection)})" if connection.vendor == "postgresql" else column


def _write(statement: str, rows: Iterable[tuple]) -> None:
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while some := list(islice(waiting, ROWS)):
            marks = ", ".join(["(" + ", ".join(["%s"] * len(some[0])) + ")"] * len(some))
            values: list[Any] = [value for row in some for value in row]
            cursor.execute(statement.format(rows=marks), values)
