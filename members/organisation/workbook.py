"""Reads a workbook or a csv list that somebody sent, without trusting it: a child process with hard limits opens it.

What comes back is text and problems. Knows nothing of Django.
"""

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from io import BufferedReader, BytesIO
from pathlib import Path

from members.organisation import problems
from members.organisation.problems import Problem

MEGABYTE = 1024 * 1024
MODULE = "members.organisation.workbook_reader"
ROOT = Path(__file__).resolve().parents[2]
KILLED = (-signal.SIGKILL, -signal.SIGXCPU)
OUT_OF_MEMORY = 71  # the child's exit code
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")

# How xlsxwriter is told to write what people typed: a text stays a text, never a formula or a link.
TEXTS_ONLY = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}

Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank: its number in the sheet and one text for each column."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A list. Read without columns being asked for, a row has a text for each heading, and the column of a problem
    is the place of its heading, from 0; `above` are the rows before the headings."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    file_name: str = ""
    sha256: str = ""
    header: tuple[str, ...] = ()
    header_row: int = 1
    above: list[Row] = field(default_factory=list)
    absent: frozenset[str] = frozenset()  # columns that were asked for and are not in the file


@dataclass(frozen=True)
class Limits:
    """What a list of people may need at most; a file of the full size gets the most time."""

    file_bytes: int = 10 * MEGABYTE
    unpacked_bytes: int = 100 * MEGABYTE
    ratio: int = 100
    entries: int = 200
    rows: int = 100_000
    columns: int = 40
    cell_characters: int = 10_000
    characters: int = 20_000_000
    problems: int = 200
    cpu_seconds: int = 20
    more_cpu_seconds_each_megabyte: int = 10
    memory_bytes: int = 512 * MEGABYTE


def read_rows(path: str | Path, columns: Columns, *, limits: Limits | None = None) -> Sheet:
    """The rows of the first sheet as text; whatever is wrong with the file is a `Problem`, never an exception.

    Without columns: whatever columns the first row with headings names.
    """
    path, limits = Path(path), limits or Limits()
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # opening a pipe would wait for ever
            return _refuse(problems.FOLDER if stat.S_ISDIR(mode) else problems.NOT_A_WORKBOOK, name=path.name)
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        return _refuse(problems.NO_FILE, name=path.name)
    except (OSError, ValueError):  # a ValueError is a path with a NUL in it
        return _refuse(problems.UNREADABLE, name=path.name)
    with file:
        return replace(_read_file(file, columns, limits), file_name=path.name)


def _read_file(file: BufferedReader, columns: Columns, limits: Limits) -> Sheet:
    size = os.fstat(file.fileno()).st_size
    if not size:
        return _refuse(problems.EMPTY_FILE)
    if size > limits.file_bytes:
        return _refuse(problems.LARGE_FILE, limit=limits.file_bytes // MEGABYTE)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    cpu_seconds = limits.cpu_seconds + size * limits.more_cpu_seconds_each_megabyte // MEGABYTE
    return _told(_ask_child(file, columns, limits, cpu_seconds), sha256)


def _ask_child(file: BufferedReader, columns: Columns, limits: Limits, cpu_seconds: int) -> Iterable[list]:
    request = json.dumps({"columns": columns, "limits": {**asdict(limits), "cpu_seconds": cpu_seconds}})
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    child = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-B", "-m", MODULE, request],
        cwd=ROOT,
        env={**environment, "OPENPYXL_LXML": "False"},  # all XML goes through defusedxml
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        said, _ = child.communicate(timeout=2 * cpu_seconds + 10)
    except subprocess.TimeoutExpired:
        return [["refuse", problems.TOO_SLOW, {}]]
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode == OUT_OF_MEMORY:
        return [["refuse", problems.HOLDS_TOO_MUCH, {}]]
    if child.returncode:
        return [["refuse", problems.TOO_SLOW if child.returncode in KILLED else problems.DAMAGED, {}]]
    return map(json.loads, BytesIO(said))


def _told(lines: Iterable[list], sha256: str) -> Sheet:
    sheet = Sheet(sha256=sha256)
    for kind, *said in lines:
        if kind == "row":
            sheet.rows.append(Row(said[0], tuple(said[1])))
        elif kind == "problem":
            sheet.problems.append(Problem(*said))
        elif kind == "ignored":
            sheet.ignored_columns.extend(said[0])
        elif kind == "above":
            sheet.above.append(Row(said[0], tuple(said[1])))
        elif kind == "header":
            sheet = replace(sheet, header_row=said[0], header=tuple(said[1]))
        else:
            return Sheet(problems=[Problem(said[0], values=said[1])], sha256=sha256)
    return sheet


def _refuse(reason: str, **values: str | int) -> Sheet:
    return Sheet(problems=[Problem(reason, values=values)])
