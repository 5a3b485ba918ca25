"""Finds out what a video or sound file is, without trusting it: a child process with hard limits reads it.

Knows nothing of Django.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from media.facts import Facts
from media.refusals import Refusal

MEGABYTE = 1024 * 1024
MODULE = "media.probe_reader"
ROOT = Path(__file__).resolve().parents[1]
KILLED = (-signal.SIGKILL, -signal.SIGXCPU)
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")


@dataclass(frozen=True)
class Limits:
    """Reading goes once through the whole file and decodes next to nothing."""

    memory_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 10
    megabytes_each_more_cpu_second: int = 20


def probe_file(path: str | Path, *, limits: Limits | None = None) -> Facts:
    """What the file is; whatever is wrong with it is a `refusal` in the facts, never an exception."""
    path = Path(path)
    if not path.is_file():
        return Facts(refusal=Refusal.MISSING)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            return Facts(refusal=Refusal.EMPTY)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Facts(**_ask_child(file, size, limits or Limits()), size_bytes=size, sha256=sha256)


def _ask_child(file: BinaryIO, size: int, limits: Limits) -> dict:
    file.seek(0)
    cpu_seconds = limits.cpu_seconds + size // MEGABYTE // limits.megabytes_each_more_cpu_second
    request = json.dumps({"memory_bytes": limits.memory_bytes, "cpu_seconds": cpu_seconds})
    child = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-B", "-m", MODULE, request],
        cwd=ROOT,
        env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        said, _ = child.communicate(timeout=3 * cpu_seconds)
    except subprocess.TimeoutExpired:
        return {"refusal": Refusal.TOO_SLOW}
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode:
        return {"refusal": Refusal.TOO_SLOW if child.returncode in KILLED else Refusal.DAMAGED}
    return json.loads(said)
