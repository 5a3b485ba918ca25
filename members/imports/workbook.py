"""The same list back, with a comment in each bad cell: written anew from what was read, every cell a text."""

from collections import defaultdict
from typing import BinaryIO

import xlsxwriter

from members.organisation.problems import Problem
from members.organisation.sentences import reason_of
from members.organisation.workbook import Columns, Sheet

COMMENTS = 2000


def write_commented(file: BinaryIO, sheet: Sheet, columns: Columns, problems: list[Problem]) -> None:
    """Rows stand where they stood; what concerns a whole row is said in its first cell."""
    said = defaultdict(list)
    for problem in problems:
        if problem.row:
            column = columns.index(problem.column) if problem.column in columns else 0
            said[problem.row, column].append(reason_of(problem))
    commented = set(sorted(said)[:COMMENTS])
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    plain, bad = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bg_color": "#F6D5D3"})
    page.set_column(0, len(columns) - 1, 18, plain)
    for column, title in enumerate(columns):
        page.write_string(0, column, title)
    cells = {row.number: row.cells for row in sheet.rows}
    for number in sorted(cells.keys() | {row for row, _ in said if row > 1}):
        texts = cells.get(number, ("",) * len(columns))
        for column, text in enumerate(texts):
            page.write_string(number - 1, column, text, bad if (number, column) in said else plain)
            if (number, column) in commented:  # with its row: what has been written is not in memory any more
                page.write_comment(number - 1, column, "\n".join(said[number, column]), {"x_scale": 2})
    book.close()
