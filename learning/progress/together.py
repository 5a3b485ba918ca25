"""Rows of progress that are read and written together: one statement each, whatever their number, on both databases.

The statements are written down here once. Composing them anew for every batch would cost more than running them.
"""

import json
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

from django.db import connection, models

from learning.courses.models import StudyItem
from learning.progress.models import Pair, Progress
from members.accounts.models import Member, User

# In the order of the models' fields, as `from_db` wants them.
READ = ("id", "member", "item", "state", "spans", "covered_seconds", "position_seconds", "allowance_seconds")
READ += ("clock_at", "visit", "beats", "completed_at", "evidence")
READ_OF_ITEM = ("id", "page", "kind", "length_seconds", "completion_rule", "needed_percent", "pass_percent")
READ_OF_ITEM += ("rule_version",)
WRITTEN = ("spans", "covered_seconds", "position_seconds", "allowance_seconds", "clock_at", "visit", "beats")
WRITTEN += ("touched_at",)
# An INSERT that always meets its row names what may not be empty, too: only that gives every value its type.
NAMED = ("id", "member", "item", *WRITTEN, "state", "started_at", "evidence", "rule_version")
Converter = Callable[[Any], Any]


def held_together(pairs: Collection[Pair]) -> dict[Pair, Progress]:
    """The rows for these members and items that are there, locked; only of who may study, and what has a length.

    Each with its item; of both only what a beat needs is read, the rest when it is asked for.
    """
    wanted = sorted(pairs)
    marks = ", ".join(["(%s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_reading() % {"marks": marks}, [key for pair in wanted for key in pair])
        rows = cursor.fetchall()
    items: dict[int, StudyItem] = {}
    held = {}
    for row in rows:
        progress = _made(Progress, READ, row[: len(READ)])
        if progress.item_id not in items:
            items[progress.item_id] = _made(StudyItem, READ_OF_ITEM, row[len(READ) :])
        progress.item = items[progress.item_id]
        held[progress.member_id, progress.item_id] = progress
    return held


def save_together(rows: Iterable[Progress]) -> None:
    """Writes what a beat changes of rows that are there and locked."""
    rows = list(rows)
    if rows:
        marks = ", ".join([f"({', '.join(['%s'] * len(NAMED))})"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(_writing() % {"marks": marks}, [value for row in rows for value in _values(row)])


def _values(row: Progress) -> Iterable[Any]:
    as_stored = connection.ops.adapt_datetimefield_value
    yield from (row.pk, row.member_id, row.item_id)
    yield from (json.dumps(row.spans), row.covered_seconds, row.position_seconds, row.allowance_seconds)
    yield from (as_stored(row.clock_at), row.visit, json.dumps(row.beats), as_stored(row.touched_at))
    yield from ("studying", as_stored(row.touched_at), "{}", 1)  # never stored


def _made(model: type[models.Model], names: tuple[str, ...], row: tuple) -> Any:
    pairs = zip(_converters(model, names), row, strict=True)
    values = [convert(value) if convert else value for convert, value in pairs]
    return model.from_db(connection.alias, _attributes(model, names), values)


@cache
def _attributes(model: type[models.Model], names: tuple[str, ...]) -> list[str]:
    return [model._meta.get_field(name).attname for name in names]


@cache
def _converters(model: type[models.Model], names: tuple[str, ...]) -> list[Converter | None]:
    """What Django itself makes of the values that this database gives."""
    columns = [model._meta.get_field(name).cached_col for name in names]
    return [_chain(column) for column in columns]


def _chain(column: Any) -> Converter | None:
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return convert


@cache
def _reading() -> str:
    progress, item, member, user = (_table(model) for model in (Progress, StudyItem, Member, User))
    columns = [f"{progress}.{_column(Progress, name)}" for name in READ]
    columns += [f"{item}.{_column(StudyItem, name)}" for name in READ_OF_ITEM]
    lock = f" FOR UPDATE OF {progress}" if connection.features.has_select_for_update_of else ""
    return " ".join(
        [
            "SELECT",
            ", ".join(columns),
            f"FROM {progress}",
            f"JOIN {item} ON {item}.id = {progress}.item_id",
            f"JOIN {member} ON {member}.id = {progress}.member_id",
            f"JOIN {user} ON {user}.id = {member}.user_id",
            f"WHERE ({progress}.member_id, {progress}.item_id) IN (VALUES %(marks)s)",
            f"AND {item}.length_seconds IS NOT NULL AND {member}.ended_on IS NULL",
            f"AND {user}.is_active AND {user}.has_consented",
            f"ORDER BY {progress}.id{lock}",
        ]
    )


@cache
def _writing() -> str:
    columns = ", ".join(_column(Progress, name) for name in NAMED)
    news = ", ".join(f"{_column(Progress, name)} = excluded.{_column(Progress, name)}" for name in WRITTEN)
    return " ".join(
        ["INSERT INTO", _table(Progress), f"({columns}) VALUES %(marks)s ON CONFLICT (id) DO UPDATE SET", news]
    )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(model: type[models.Model], name: str) -> str:
    return connection.ops.quote_name(model._meta.get_field(name).column)
