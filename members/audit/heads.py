"""Where the log ends, noted outside the database: whoever takes away its last rows cannot take away these.

One line for each note in a file beside the keys: {"id", "hash", "at"}. The sweep notes the head at most every hour.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from members.audit.models import AuditEvent

EVERY = timedelta(minutes=55)


def note_head(*, now: datetime) -> bool:
    """Adds the newest event to the notes; False where it stands there already, or the last note is fresh."""
    head = AuditEvent.objects.order_by("-pk").values("pk", "hash").first()
    last = _lines()[-1:]
    if head is None or (last and (last[0]["id"] == head["pk"] or now - _moment(last[0]) < EVERY)):
        return False
    _append({"id": head["pk"], "hash": head["hash"], "at": now.isoformat(timespec="seconds")})
    return True


def kept_heads() -> dict[int, str]:
    """{number of an event: its hash}, as it was noted."""
    return {line["id"]: line["hash"] for line in _lines()}


def _file() -> Path:
    return Path(settings.AUDIT_HEADS_FILE)


def _lines() -> list[dict]:
    """A line that a power cut left half-written is none."""
    found = []
    for line in _file().read_text().splitlines() if _file().exists() else []:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def _append(line: dict) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _moment(line: dict) -> datetime:
    return datetime.fromisoformat(line["at"])
