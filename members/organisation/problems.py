"""Why something cannot be taken, as a value: a reason is an English sentence with {placeholders}.

Knows nothing of Django; `members.organisation.sentences` says a problem in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_FILE = "There is no file {name}."
FOLDER = "{name} is a folder, not a workbook."
UNREADABLE = "The file {name} may not be read. Please check its permissions."
EMPTY_FILE = "The file is empty."
LARGE_FILE = "The file is larger than {limit} MB. Please split the list into several files."
OLD_FORMAT = "This is an old .xls file. Please open it, save it as .xlsx and try again."
ENCRYPTED = "The workbook is protected by a password. Please remove the password and try again."
NOT_A_WORKBOOK = (
    "This is neither an .xlsx workbook nor a .csv list in UTF-8 or GB18030. "
    "Please open it in a spreadsheet program and save it as .xlsx."
)
BROKEN_TEXT = "In line {line} of the file a quotation mark is not closed. Please save the list as .xlsx and try again."
NO_HEADINGS = "No row with headings was found. One of the first ten rows must name the columns."
DAMAGED = "The workbook is damaged or incomplete. Please open it, save it again as .xlsx and try again."
HOLDS_TOO_MUCH = "The workbook holds far more than a list. Please copy only the list into a new workbook."
TOO_SLOW = "The workbook takes too long to read. Please copy only the list into a new workbook, or split it."
NO_HEADERS = "The first row is empty. It must read: {expected}."
WRONG_HEADERS = "The first row must read: {expected}. It reads: {found}."
NO_ROWS = "There is nothing below the first row."
TOO_MANY_ROWS = "There are more than {limit} rows. Please split the list into several files."
TOO_MANY_PROBLEMS = "There are more problems than these. Please put these right first."
FORMULA = "This cell holds a formula. Please copy it and paste it as a value."
SHOWS_AN_ERROR = "This cell shows {value} in place of a value."
INEXACT_NUMBER = "This number is too long to be kept exactly. Please make the cell a text and type it again."
LONG_TEXT = "This cell holds more than {limit} characters."
MERGED = "The cells {range} are merged. Please split them and fill in each one."


@dataclass(frozen=True)
class Problem:
    """Why a cell, a row (no column) or the whole file (row 0) cannot be taken."""

    reason: str
    row: int = 0
    column: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
