"""The same list back, with a comment in each bad cell: written anew from what was read, every cell a text."""

from collections import defaultdict
from collections.abc import Mapping
from typing import BinaryIO

import xlsxwriter

from members.organisation.problems import Problem
from members.organisation.sentences import reason_of
from members.organisation.workbook import TEXTS_ONLY, Row, Sheet

COMMENTS = 2000


def write_commented(file: BinaryIO, sheet: Sheet, places: Mapping[str, int], problems: list[Problem]) -> None:
    """Rows and columns stand where they stood; what concerns a whole row is said in its first cell.

    `places`: {column that a problem names: where it stands in the sheet, from 0}.
    """
    said = defaultdict(list)
    for problem in problems:
        if problem.row:
            said[problem.row, max(places.get(problem.column, 0), 0)].append(reason_of(problem))
    commented = set(sorted(said)[:COMMENTS])
    book = xlsxwriter.Workbook(file, TEXTS_ONLY)
    page = book.add_worksheet()
    plain, bad = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bg_color": "#F6D5D3"})
    page.set_column(0, len(sheet.header) - 1, 18, plain)
    cells = {row.number: row.cells for row in (*sheet.above, Row(sheet.header_row, sheet.header), *sheet.rows)}
    for number in sorted(cells.keys() | {row for row, _ in said}):
        texts = cells.get(number, ("",) * len(sheet.header))
        for column, text in enumerate(texts):
            page.write_string(number - 1, column, text, bad if (number, column) in said else plain)
            if (number, column) in commented:  # with its row: what has been written is not in memory any more
                page.write_comment(number - 1, column, "\n".join(said[number, column]), {"x_scale": 2})
    book.close()
