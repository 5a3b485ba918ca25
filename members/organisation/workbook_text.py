"""A csv list as a sheet: which characters it is written in, what stands between the cells. Pure."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO

from members.organisation import problems
from members.organisation.workbook_sheet import RefusedError

UTF8_MARK = b"\xef\xbb\xbf"
BETWEEN_CELLS = ",\t;，"
# What no list that people typed holds; bytes that are no text often read as these in GB18030.
NO_LETTERS = ("Cc", "Cn", "Co", "Cs")
KEPT_AS_TEXT = re.compile('="([^"]*)"')  # how spreadsheet programs keep zeros in front in a csv


class TextSheet:
    """The rows of a csv list, as openpyxl's parser would give them."""

    def __init__(self, file: BinaryIO) -> None:
        self.text = decoded(file.read())
        if self.text.lstrip().startswith("<"):  # a page that a programme calls .xls
            raise RefusedError(problems.NOT_A_WORKBOOK)

    def rows(self) -> Iterator[tuple[int, list[dict]]]:
        reader = csv.reader(StringIO(self.text, newline=""), delimiter=delimiter_of(self.text), strict=True)
        number = 0
        try:
            for number, texts in enumerate(reader, start=1):
                yield number, [_cell(number, place, text) for place, text in enumerate(texts, start=1) if text]
        except csv.Error as error:
            if "limit" in str(error):
                raise RefusedError(problems.HOLDS_TOO_MUCH) from error
            raise RefusedError(problems.BROKEN_TEXT, line=number + 1) from error

    def format_of(self, cell: dict) -> tuple[str, int]:
        return "General", 0

    def merged(self) -> list[str]:
        return []


def decoded(raw: bytes) -> str:
    """The text of UTF-8, with its mark or without, or of GB18030; `RefusedError` for whatever is neither."""
    for encoding in ("utf-8-sig",) if raw.startswith(UTF8_MARK) else ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(letter) in NO_LETTERS for letter in set(text) - set("\t\r\n")):
            return text
    raise RefusedError(problems.NOT_A_WORKBOOK)


def delimiter_of(text: str) -> str:
    """What stands most often in the first line that has any of them."""
    for line in text[:20_000].splitlines():
        counts = {mark: line.count(mark) for mark in BETWEEN_CELLS}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","


def _cell(row: int, column: int, text: str) -> dict:
    kept = KEPT_AS_TEXT.fullmatch(text)
    kind = "f" if text.startswith("=") and not kept else "s"
    return {"row": row, "column": column, "value": kept[1] if kept else text, "data_type": kind, "style_id": 0}
