"""Walks one sheet of a foreign workbook, or a csv list, once, in the child process. Pure."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import range_boundaries

# `sheet.iter_rows` would fill every gap up to the last row and does not tell which cells are merged.
from openpyxl.worksheet._reader import WorkSheetParser

from members.organisation import problems
from members.organisation.problems import Problem
from members.organisation.workbook import Columns, Limits
from members.organisation.workbook_cells import problem_of, shown

EXTRA_HEADER_CHARACTERS = 50
FOUND_CHARACTERS = 200
ROWS_TO_HEADINGS = 10


class RefusedError(Exception):
    """The whole file cannot be taken."""

    def __init__(self, reason: str, **values: str | int) -> None:
        self.reason, self.values = reason, values


class BookSheet:
    """One sheet of a workbook: its rows as openpyxl's parser gives them."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.sheet = sheet
        self.parser = WorkSheetParser(
            sheet._get_source(),
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )

    def rows(self) -> Iterator[tuple[int, list[dict]]]:
        return self.parser.parse()

    def format_of(self, cell: dict) -> tuple[str, int]:
        """How a number is shown: the code of its format and the number of the format."""
        if cell["data_type"] != "n" or not cell["style_id"]:
            return "General", 0
        styled = ReadOnlyCell(self.sheet, cell["row"], cell["column"], cell["value"], "n", cell["style_id"])
        return styled.number_format, styled.style_array.numFmtId

    def merged(self) -> list[str]:
        """The merged ranges, known when all rows have been read."""
        return [merged.ref for merged in getattr(self.parser.merged_cells, "mergeCell", ())]


class SheetReader:
    """Header, cells and merged ranges of one sheet, as lines for the parent process."""

    def __init__(self, source: Any, columns: Columns, limits: Limits) -> None:
        self.source, self.columns, self.limits = source, columns, limits
        self.width = len(columns)
        self.header_row = 1
        self.rows = self.characters = self.problems = self.last_row = 0

    def lines(self) -> Iterator[list]:
        """What the sheet holds; raises `RefusedError` where that is no list with these columns."""
        parsed = self.source.rows()
        if self.columns:
            yield self._header(*next(parsed, (1, [])))
        else:
            yield from self._headings(parsed)
        for number, cells in parsed:
            found = self._problems_of(cells)
            texts = self._texts_of(cells, self.width)
            if any(texts) or found:
                yield self._row(number, texts)
                yield from self._told(found)
            if self.problems >= self.limits.problems:
                yield self._line_of(Problem(problems.TOO_MANY_PROBLEMS))
                return
        if not self.rows:
            raise RefusedError(problems.NO_ROWS)
        yield from self._told(self._merged())

    def _header(self, number: int, cells: list[dict]) -> list:
        texts = self._texts_of(cells, self.limits.columns) if number == 1 else []
        found = " ".join(text for text in texts if text)
        if not found:
            raise RefusedError(problems.NO_HEADERS, expected=" ".join(self.columns))
        if tuple(texts[: self.width]) != self.columns:
            raise RefusedError(problems.WRONG_HEADERS, expected=" ".join(self.columns), found=found[:FOUND_CHARACTERS])
        return ["ignored", [text[:EXTRA_HEADER_CHARACTERS] for text in texts[self.width :] if text]]

    def _headings(self, parsed: Iterator[tuple[int, list[dict]]]) -> Iterator[list]:
        """The first row with two texts names the columns; a title may stand above it."""
        for number, cells in islice(parsed, ROWS_TO_HEADINGS):
            texts = [text[:EXTRA_HEADER_CHARACTERS] for text in self._texts_of(cells, self.limits.columns)]
            self.width = max((place for place, text in enumerate(texts, start=1) if text), default=0)
            if sum(map(bool, texts)) > 1:
                self.header_row = number
                self.columns = tuple(map(str, range(self.width)))
                yield ["header", number, texts[: self.width]]
                return
            if any(texts):
                yield ["above", number, texts[: self.width]]
        raise RefusedError(problems.NO_HEADINGS)

    def _row(self, number: int, texts: list[str]) -> list:
        self.rows += 1
        self.last_row = number
        self.characters += sum(map(len, texts))
        if self.rows > self.limits.rows:
            raise RefusedError(problems.TOO_MANY_ROWS, limit=self.limits.rows)
        if self.characters > self.limits.characters:
            raise RefusedError(problems.HOLDS_TOO_MUCH)
        return ["row", number, texts]

    def _problems_of(self, cells: list[dict]) -> list[Problem]:
        """What cannot be taken as it stands; such cells are blank from here on."""
        found = []
        for cell in cells:
            if cell["value"] is None or cell["column"] > self.width:
                continue
            problem = problem_of(cell, self.columns[cell["column"] - 1], self.limits.cell_characters)
            if problem:
                found.append(problem)
                cell["value"] = None
        return found

    def _texts_of(self, cells: list[dict], width: int) -> list[str]:
        texts = [""] * width
        for cell in cells:
            if cell["value"] is not None and cell["column"] <= width:
                texts[cell["column"] - 1] = shown(cell["value"], *self.source.format_of(cell))
        return texts

    def _merged(self) -> list[Problem]:
        """Only the first cell of a merged range has a value: the others would be taken for blank ones."""
        found = []
        for merged in self.source.merged():
            left, top, _, bottom = range_boundaries(merged)
            if left <= self.width and bottom > self.header_row and top <= self.last_row:
                found.append(Problem(problems.MERGED, top, self.columns[left - 1], {"range": merged}))
        return found[: self.limits.problems]

    def _told(self, found: list[Problem]) -> list[list]:
        self.problems += len(found)
        return [self._line_of(problem) for problem in found]

    @staticmethod
    def _line_of(problem: Problem) -> list:
        return ["problem", problem.reason, problem.row, problem.column, problem.values]
