"""What a person sees in a cell, as text. Pure."""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.utils.datetime import from_excel

from members.organisation.problems import FORMULA, INEXACT_NUMBER, LONG_TEXT, SHOWS_AN_ERROR, Problem

# Chinese versions of the spreadsheet programs mean dates and times by these numbers and write no format for them
# (ECMA-376 part 1, 18.8.30), so that openpyxl takes the cells for plain numbers.
CHINESE_DATES = frozenset({27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})
EXACT_DIGITS = 15
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
ESCAPED_CONTROL = re.compile("_x00[01][0-9A-Fa-f]_")
JOINERS = "\u200c\u200d"
ZEROS = re.compile("0+")


def clean(text: str) -> str:
    """The text without what nobody sees: blanks around it (full-width ones too), zero-width and control characters."""
    text = INVISIBLE.sub("", ESCAPED_CONTROL.sub("", text.replace("\r\n", "\n")))
    before = None
    while before != text:
        before, text = text, text.strip().strip(JOINERS)
    return text


def shown(value: Any, number_format: str = "General", format_id: int = 0) -> str:
    """A value as text: whole numbers without a point, dates as 2021-07-01, zeros in front where the format has them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        if format_id in CHINESE_DATES and 0 < value < 2_958_466:
            return shown(from_excel(value))
        return _number(value, number_format)
    if isinstance(value, (date, time, timedelta)):
        return _moment(value)
    return clean(str(value))


def problem_of(cell: dict, column: str, cell_characters: int) -> Problem | None:
    """Why a cell, as openpyxl's parser gives it, cannot be taken as it stands, or nothing."""
    value, row = cell["value"], cell["row"]
    if cell["data_type"] == "f":
        return Problem(FORMULA, row, column)
    if cell["data_type"] == "e" or (isinstance(value, float) and not math.isfinite(value)):
        return Problem(SHOWS_AN_ERROR, row, column, {"value": str(value)[:20]})
    if isinstance(value, (int, float)) and abs(value) >= 10**EXACT_DIGITS:
        return Problem(INEXACT_NUMBER, row, column)
    if isinstance(value, str) and len(value) > cell_characters:
        return Problem(LONG_TEXT, row, column, {"limit": cell_characters})
    return None


def _number(value: int | float, number_format: str) -> str:
    if value != int(value):
        return f"{value:.{EXACT_DIGITS}g}"
    digits = str(int(value))
    return digits.zfill(len(number_format)) if ZEROS.fullmatch(number_format) else digits


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
