"""Folders of one index: every rebuild has its own, a pointer names the live one, locks keep writers apart.

Nothing here knows what stands in the folders. The locks belong to open files, so the kernel gives them
back when a process dies, however it dies.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POINTER = "CURRENT"


class Shelf:
    """One index on disk: `<folder>/CURRENT` holds the name of the generation that is searched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> str:
        """Name of the live generation; empty before the first."""
        try:
            return (self.folder / POINTER).read_text()
        except FileNotFoundError:
            return ""

    def path(self, generation: str) -> Path:
        return self.folder / generation

    def add(self) -> str:
        """A new, empty generation. Its name is never used again, also after the folder was thrown away."""
        generation = secrets.token_hex(8)
        self.path(generation).mkdir(parents=True)
        return generation

    def make_current(self, generation: str) -> None:
        """Point at it in one step and clear away all but this one and the one before. Needs the writers' lock."""
        before = self.current()
        draft = self.folder / f"{POINTER}.{generation}"
        draft.write_text(generation)
        sync(draft)
        draft.replace(self.folder / POINTER)
        sync(self.folder)
        for old in self.folder.iterdir():
            if old.is_dir() and old.name not in (generation, before):
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time to the live generation, over all processes and threads."""
        lock = self._lock("write", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(lock)

    def begin_rebuild(self) -> int:
        """Wait until no other rebuild runs; returns the open lock, which `os.close` gives back."""
        return self._lock("rebuild", fcntl.LOCK_EX)

    def is_rebuilding(self) -> bool:
        try:
            os.close(self._lock("rebuild", fcntl.LOCK_SH | fcntl.LOCK_NB))
        except BlockingIOError:
            return True
        return False

    def _lock(self, name: str, how: int) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, how)
        except BaseException:
            os.close(lock)
            raise
        return lock


def sync(path: Path) -> None:
    """Ask the disk to keep a file or the names in a folder through a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
