"""What was read of a list, kept between looking at it and taking it: in a private folder, for its sender alone.

The uploaded file itself is not kept: a foreign file is opened once, by the limited child process, and never again.
"""

import json
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from members.organisation.problems import Problem
from members.organisation.workbook import Row, Sheet

KEPT = timedelta(hours=2)
KEY_FORM = re.compile(r"[\w-]{20,60}", re.ASCII)


@dataclass(frozen=True)
class Pending:
    """One list of one person; `is_taken` once it was imported, with nothing left in it."""

    key: str
    kind: str
    sheet: Sheet
    is_taken: bool = False


def keep(sheet: Sheet, kind: str, *, user_id: int, now: datetime) -> str:
    """Keeps what was read; the key under which only this person finds it again."""
    drop_expired(now=now)
    key = secrets.token_urlsafe(24)
    _write(_path(user_id, key), {"kind": kind, "sheet": asdict(sheet), "at": now.timestamp()})
    return key


def find(key: str, *, user_id: int, now: datetime) -> Pending | None:
    """One's own list, unless it has lain too long."""
    path = _path(user_id, key)
    if not KEY_FORM.fullmatch(key) or not path.is_file():
        return None
    kept = json.loads(path.read_text())
    if datetime.fromtimestamp(kept["at"], UTC) < now - KEPT:
        return None
    return Pending(key, kept["kind"], _sheet(kept["sheet"]), is_taken=kept.get("is_taken", False))


def mark_taken(pending: Pending, *, user_id: int, now: datetime) -> None:
    """The list has done its work: people's data go, what remains answers a second press."""
    said = {"kind": pending.kind, "sheet": asdict(Sheet()), "at": now.timestamp(), "is_taken": True}
    _write(_path(user_id, pending.key), said)


def drop_expired(*, now: datetime) -> int:
    """Removes every list that has lain too long, whoever sent it; how many."""
    dropped = 0
    for path in settings.IMPORTS_DIR.glob("*/*.json"):
        try:
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - KEPT:
                path.unlink()
                dropped += 1
        except FileNotFoundError:  # another sweep was there first
            continue
    return dropped


def drop_naming(words: Iterable[str]) -> int:
    """Removes every list that waits and names somebody who is erased; its sender sends it again. How many."""
    named, dropped = [json.dumps(word, ensure_ascii=False) for word in words if word], 0
    for path in settings.IMPORTS_DIR.glob("*/*.json"):
        if any(word in path.read_text() for word in named):
            path.unlink(missing_ok=True)
            dropped += 1
    return dropped


def _path(user_id: int, key: str) -> Path:
    return settings.IMPORTS_DIR / str(user_id) / f"{key}.json"


def _write(path: Path, kept: dict) -> None:
    """Whole or not at all, readable by the house alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file, ensure_ascii=False)
    beside.replace(path)


def _sheet(kept: dict) -> Sheet:
    rows = [Row(row["number"], tuple(row["cells"])) for row in kept["rows"]]
    return Sheet(**{**kept, "rows": rows, "problems": [Problem(**problem) for problem in kept["problems"]]})
