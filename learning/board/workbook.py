"""The board as a workbook: the same figures as the page, every text typed as text (no formula can hide in a name)."""

from collections.abc import Iterable
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from learning.board.people import PersonRow
from learning.board.queries import Board, UnitRow
from members.organisation.workbook import TEXTS_ONLY


def write_board(file: BinaryIO, board: Board, people: Iterable[PersonRow]) -> None:
    """Writes two sheets, units and people; memory does not grow with the number of people."""
    book = xlsxwriter.Workbook(file, TEXTS_ONLY)
    _write_units(book, board)
    _write_people(book, people)
    book.close()


def _write_units(book: xlsxwriter.Workbook, board: Board) -> None:
    sheet = book.add_worksheet(_("Units"))
    sheet.set_column(0, 1, 26)
    head = [
        _("Code"),
        _("Unit"),
        _("Members"),
        _("Expected to study"),
        _("Studied"),
        _("Studying"),
        _("Not started yet"),
        _("Studies with the branch"),
        _("Not required"),
        _("Needs help"),
    ]
    _write_line(sheet, 0, head)
    total = UnitRow(board.unit, board.total)
    lines = [*board.rows, total]
    for number, row in enumerate(lines, start=1):
        name = _("Total: %(unit)s") % {"unit": row.unit.name} if row is total else row.unit.name
        counts = row.counts
        figures = [
            counts.members,
            counts.expected,
            counts.done,
            counts.doing,
            counts.todo,
            counts.by_branch,
            counts.not_required,
            counts.needs_help,
        ]
        _write_line(sheet, number, [row.unit.code, name, *figures])
    statement = _("Study hours serve the arranging of study and reminders; they are no basis for assessment.")
    _write_line(sheet, len(lines) + 2, [statement])


def _write_people(book: xlsxwriter.Workbook, people: Iterable[PersonRow]) -> None:
    sheet = book.add_worksheet(_("People"))
    sheet.set_column(0, 5, 22)
    _write_line(sheet, 0, [_("Member number"), _("Name"), _("Unit"), _("State"), _("Reason"), _("Needs help")])
    for number, row in enumerate(people, start=1):
        _write_line(sheet, number, [row.number, row.name, row.unit, row.say, row.reason, row.help])


def _write_line(sheet, number: int, cells: list) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(number, column, cell)
        else:
            sheet.write_string(number, column, cell)
