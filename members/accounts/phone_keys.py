"""The keys that seal telephone numbers, in one file that only its owner may read.

{"current": id, "keys": {id: secret}, "retired": {id: since when}}. A key that is not the current one any more is
dropped once nothing is sealed with it and its time of grace is over: by then nobody writes with it either.
"""

import fcntl
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

KEY_BYTES = 32
GRACE = timedelta(minutes=10)


def read_keys() -> dict:
    """As the file stands now: another process may have changed it a moment ago."""
    path = Path(settings.PHONE_KEYS_FILE)
    if not path.exists():
        _make(path)
    stands = path.stat()
    return _read(path, stands.st_mtime_ns, stands.st_ino)


def add_key(*, now: datetime) -> str:
    """A new current key; where a change has begun and is not through, that one goes on. Its id."""
    with _alone():
        keys = read_keys()
        if len(keys["keys"]) > 1:
            return keys["current"]
        old = keys["current"]
        new = f"k{int(old.removeprefix('k')) + 1}"
        retired = keys.get("retired", {}) | {old: now.isoformat()}
        _replace({"current": new, "keys": keys["keys"] | {new: _secret()}, "retired": retired})
    return new


def drop_keys(ids: set[str], *, now: datetime) -> list[str]:
    """Drops those of these keys that retired long enough ago; which."""
    with _alone():
        keys = read_keys()
        retired = {key: datetime.fromisoformat(since) for key, since in keys.get("retired", {}).items()}
        over = sorted(key for key in ids if key in retired and now - retired[key] >= GRACE)
        if over:
            left = {key: secret for key, secret in keys["keys"].items() if key not in over}
            still = {key: since for key, since in keys["retired"].items() if key not in over}
            _replace({"current": keys["current"], "keys": left, "retired": still})
    return over


@lru_cache(maxsize=8)
def _read(path: Path, changed_at: int, number: int) -> dict:
    return json.loads(path.read_text())


def _secret() -> str:
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _make(path: Path) -> None:
    """Writes the file at once or not at all; of several processes that start together the first one's keys stay."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _written(path, {"current": "k1", "keys": {"k1": _secret()}})
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(keys: dict) -> None:
    """The old file or the new one, whatever happens in between."""
    path = Path(settings.PHONE_KEYS_FILE)
    _written(path, keys).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written(path: Path, keys: dict) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    return draft


@contextmanager
def _alone() -> Iterator[None]:
    """One change of keys at a time; a killed process lets go by itself."""
    folder = Path(settings.PHONE_KEYS_FILE).parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
