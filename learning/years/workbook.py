"""A closed year as a workbook: the figures of the page, every text typed as text (no formula can hide in a name)."""

from typing import BinaryIO

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.years.queries import Sums, YearOfUnit
from members.organisation.workbook import TEXTS_ONLY


def write_year(file: BinaryIO, shown: YearOfUnit) -> None:
    """Two sheets: units as they were closed, and what came since."""
    book = xlsxwriter.Workbook(file, TEXTS_ONLY)
    _write_units(book.add_worksheet(_("As closed")), shown)
    _write_supplements(book.add_worksheet(_("Supplements")), shown)
    book.close()


def _write_units(sheet, shown: YearOfUnit) -> None:
    sheet.set_column(0, 1, 26)
    heads = [
        _("Code"),
        _("Unit"),
        _("Members"),
        _("Expected to study"),
        _("Reached the hours asked"),
        _("Hours recorded"),
    ]
    lines = [heads, *([row.unit.code, row.unit.name, *_figures(row.sums)] for row in shown.rows)]
    lines.append([shown.unit.code, _("Total: %(unit)s") % {"unit": shown.unit.name}, *_figures(shown.total)])
    closed = timezone.localdate(shown.closing.closed_at).isoformat() if shown.closing else ""
    _write(sheet, [*lines, [], [_("Closed on %(day)s") % {"day": closed}], [_statement()]])


def _write_supplements(sheet, shown: YearOfUnit) -> None:
    sheet.set_column(0, 4, 26)
    lines = [[_("Day"), _("Unit"), _("Reason"), _("People"), _("Hours")]]
    lines += [
        [each.on.isoformat(), each.unit, each.reason, each.people, float(each.hours)] for each in shown.supplements
    ]
    _write(sheet, [*lines, [], [_statement()]])


def _figures(sums: Sums) -> list:
    return [sums.members, sums.expected, sums.met, float(sums.counted)]


def _statement() -> str:
    return _("Study hours serve the arranging of study and reminders; they are no basis for assessment.")


def _write(sheet, lines: list[list]) -> None:
    for number, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            write = sheet.write_number if isinstance(cell, int | float) else sheet.write_string
            write(number, column, cell)
