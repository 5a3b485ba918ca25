"""What lies on the disk of a list between its upload and its import: in a private folder, for its sender alone.

The upload itself lies there until the limited child process has read it, and is never opened again.
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from members.imports.models import KEPT, IncomingList
from members.organisation.import_report import Tell
from members.organisation.problems import Problem
from members.organisation.workbook import Row, Sheet

TELLS_EACH_SECONDS = 0.3
SAME_TEXTS = 5000


class ListFiles:
    """The files of one list: `upload`, `rows`, `preview`, `errors`, `progress`, `lock`."""

    def __init__(self, incoming: IncomingList) -> None:
        self.folder = settings.IMPORTS_DIR / str(incoming.sent_by_id)
        self.key = incoming.key

    def path(self, name: str) -> Path:
        return self.folder / f"{self.key}.{name}"

    @contextmanager
    def being_written(self, name: str) -> Iterator[BinaryIO]:
        """A file that appears whole or not at all, readable by the house alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self.path(f"{name}-{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb+") as file:
                yield file
            beside.replace(self.path(name))
        finally:
            beside.unlink(missing_ok=True)

    def drop(self, *names: str) -> None:
        """Removes these files; without names, all of the list."""
        for path in [self.path(name) for name in names] or self.folder.glob(f"{self.key}.*"):
            path.unlink(missing_ok=True)

    def keep_sheet(self, sheet: Sheet) -> None:
        """A line for what was said of the whole, then one for each row."""
        with self.being_written("rows") as file:
            about = {**asdict(replace(sheet, rows=[])), "absent": []}
            file.write(json.dumps(about, ensure_ascii=False).encode() + b"\n")
            for row in sheet.rows:
                file.write(json.dumps([row.number, row.cells], ensure_ascii=False).encode() + b"\n")

    def sheet(self, *, most: int | None = None) -> Sheet:
        """What was read of the list; of its rows at most so many."""
        with self.path("rows").open() as file:
            about = json.loads(next(file))
            rows: list[Row] = []
            same: dict[str, str] = {}  # codes, categories and days come again and again: kept once
            for line in file:
                if len(rows) == most:
                    break
                number, cells = json.loads(line)
                if len(same) < SAME_TEXTS:
                    same.update(zip(cells, cells, strict=True))
                rows.append(Row(number, tuple(same.get(cell, cell) for cell in cells)))
        about["problems"] = [Problem(**problem) for problem in about["problems"]]
        about["above"] = [Row(row["number"], tuple(row["cells"])) for row in about["above"]]
        return Sheet(**{**about, "rows": rows, "header": tuple(about["header"]), "absent": frozenset()})

    def name_any(self, words: list[str]) -> bool:
        """Whether one of these stands in what was read of the list."""
        with suppress(FileNotFoundError):
            text = self.path("rows").read_text()
            return any(json.dumps(word, ensure_ascii=False) in text for word in words)
        return False

    def keep_said(self, name: str, said: Any) -> None:
        with self.being_written(name) as file:
            file.write(json.dumps(said, ensure_ascii=False).encode())

    def said(self, name: str) -> Any:
        """What was kept under a name, or nothing."""
        with suppress(FileNotFoundError):
            return json.loads(self.path(name).read_bytes())
        return None

    def teller(self, of: int, *, start: int = 0) -> Tell:
        """Says in a file of its own how far the work is: a transaction would hide it until its end."""
        last = 0.0

        def tell(done: int) -> None:
            nonlocal last
            if time.monotonic() - last >= TELLS_EACH_SECONDS:
                last = time.monotonic()
                self.keep_said("progress", {"done": min(start + done, of), "of": of})

        tell(0)
        return tell

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Whether this process alone works on the list now; the kernel lets go however the process ends."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path("lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(descriptor)


def drop_strays(*, now: datetime) -> int:
    """Removes files that lay too long, whoever sent them and whatever became of their row; how many."""
    dropped = 0
    for path in settings.IMPORTS_DIR.glob("*/*.*"):
        with suppress(FileNotFoundError):  # another sweep was there first
            if path.stat().st_mtime < (now - 2 * KEPT).timestamp():
                path.unlink()
                dropped += 1
    return dropped
