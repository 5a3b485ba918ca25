"""The holdings of one person as documents to keep: JSON for machines, a workbook for people."""

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from members.organisation.workbook import TEXTS_ONLY
from members.privacy.holdings import Holding

SHEET_NAME_SIGNS = 31


def write_json(holdings: Iterable[Holding]) -> str:
    """{model: {label, columns, rows}}, with nothing left out."""
    told = {each.model: {"label": each.label, "columns": each.columns, "rows": each.rows} for each in holdings}
    return json.dumps(told, ensure_ascii=False, indent=1)


def write_workbook(file: BinaryIO, holdings: Iterable[Holding]) -> None:
    """A sheet for each kind of thing; every cell is text."""
    book = xlsxwriter.Workbook(file, TEXTS_ONLY)
    used: set[str] = set()
    for each in holdings:
        sheet = book.add_worksheet(_sheet_name(each.label, used))
        sheet.set_column(0, len(each.columns), 20)
        _write_line(sheet, 0, list(each.columns.values()))
        for number, row in enumerate(each.rows, start=1):
            _write_line(sheet, number, [row[name] for name in each.columns])
    book.close()


def _sheet_name(label: str, used: set[str]) -> str:
    plain = "".join(sign for sign in label if sign not in "[]:*?/\\'")[: SHEET_NAME_SIGNS - 3]
    name, number = plain, 1
    while name.casefold() in used:
        number += 1
        name = f"{plain} {number}"
    used.add(name.casefold())
    return name


def _write_line(sheet, number: int, cells: list) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(number, column, _text(cell)[:32_000])


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else str("" if cell is None else cell)
