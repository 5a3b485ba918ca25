"""Many rows at once, made ready before the transaction, so that it holds the database for a moment only.

SQLite lets one write at a time, and Django's own `bulk_create` and `bulk_update` spend most of their time in Python.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

Values = tuple[Any, ...]


class NewRows:
    """Rows to be added to the table of a model, with every field but the key."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        self.rows: list[Values] = []

    def add(self, entry: models.Model) -> None:
        self.rows.append(
            tuple(field.get_db_prep_save(field.pre_save(entry, True), connection) for field in self.fields)
        )

    def add_copies(self, entry: models.Model, names: Sequence[str], values: Iterable[Values]) -> None:
        """Rows like `entry`, but with other keys in the links of these names."""
        self.add(entry)
        like = list(self.rows.pop())
        places = [[field.name for field in self.fields].index(name) for name in names]
        for each in values:
            for place, value in zip(places, each, strict=True):
                like[place] = value
            self.rows.append(tuple(like))

    def write(self, rows: Sequence[Values]) -> None:
        """Adds some of the rows; inside the caller's transaction."""
        columns = ", ".join(_quoted(field.column) for field in self.fields)
        places = ", ".join(["%s"] * len(self.fields))
        _execute(f"INSERT INTO {_quoted(self.model._meta.db_table)} ({columns}) VALUES ({places})", rows)  # noqa: S608


class ChangedRows:
    """Rows of which some fields get other values."""

    def __init__(self, model: type[models.Model], names: Iterable[str]) -> None:
        self.model = model
        self.fields = [model._meta.get_field(name) for name in names]
        self.rows: list[Values] = []

    def add(self, pk: int, *values: Any) -> None:
        ready = [field.get_db_prep_save(value, connection) for field, value in zip(self.fields, values, strict=True)]
        self.rows.append((*ready, pk))

    def write(self, rows: Sequence[Values]) -> None:
        """Changes some of the rows; inside the caller's transaction."""
        sets = ", ".join(f"{_quoted(field.column)} = %s" for field in self.fields)
        key = _quoted(self.model._meta.pk.column)
        _execute(f"UPDATE {_quoted(self.model._meta.db_table)} SET {sets} WHERE {key} = %s", rows)  # noqa: S608


def _execute(sql: str, rows: Sequence[Values]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
