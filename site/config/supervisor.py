"""Owns the processes of the house: starts them, starts one again that ended, and leaves none behind.

Every child leads a process group of its own, so that ending it ends what it has started, too.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.undertaker import PATIENCE_SECONDS, end_groups, kill_group

LONGEST_DELAY_SECONDS = 30
STEADY_SECONDS = 60
LOG_BYTES = 5_000_000


@dataclass
class Child:
    """A process to keep alive; `failures` counts its quick ends in a row."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen | None = None
    failures: int = 0
    started_at: float = 0
    due_at: float = 0


@dataclass
class Supervisor:
    children: list[Child]
    log_folder: Path
    folder: Path
    environment: Mapping[str, str]
    tell: Callable[[Child, float], None]
    undertaker: subprocess.Popen | None = field(default=None, init=False)

    def start(self) -> None:
        self.log_folder.mkdir(parents=True, exist_ok=True)
        self._call_undertaker()
        for child in self.children:
            self._start(child)

    def look_after(self) -> None:
        """Starts again what has ended, later each time; to be called a few times a second."""
        now = time.monotonic()
        if self.undertaker and self.undertaker.poll() is not None:
            self._call_undertaker()
        for child in self.children:
            if child.process is None:
                if now >= child.due_at:
                    self._start(child)
            elif child.process.poll() is not None:
                self._clear(child)
                lasted = now - child.started_at
                child.failures = 1 if lasted > STEADY_SECONDS else child.failures + 1
                delay = min(2 ** (child.failures - 1), LONGEST_DELAY_SECONDS)
                child.due_at = now + delay
                self.tell(child, delay)

    def stop(self, patience: float = PATIENCE_SECONDS) -> None:
        """Ends every child with all that it has started, then the undertaker."""
        running = [child.process for child in self.children if child.process]
        groups = [process.pid for process in running]
        end_groups(groups, reap=lambda: [process.poll() for process in running], patience=patience)
        for child in self.children:
            self._clear(child)
        if self.undertaker and self.undertaker.stdin:
            self.undertaker.stdin.close()
            self.undertaker.wait()

    def log_of(self, child: Child) -> Path:
        return self.log_folder / f"{child.name}.log"

    def _start(self, child: Child) -> None:
        log = self.log_of(child)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as written:
            child.process = self._spawn(child.command, stdin=subprocess.DEVNULL, stdout=written, stderr=written)
        child.started_at = time.monotonic()
        self._report(f"+{child.process.pid}")

    def _clear(self, child: Child) -> None:
        """What a dead child leaves running would hold its port or its messages."""
        if child.process:
            kill_group(child.process.pid)
            self._report(f"-{child.process.pid}")
            child.process = None

    def _call_undertaker(self) -> None:
        self.undertaker = self._spawn([sys.executable, "-m", "config.undertaker"], stdin=subprocess.PIPE, bufsize=0)
        for child in self.children:
            if child.process:
                self._report(f"+{child.process.pid}")

    def _report(self, line: str) -> None:
        if self.undertaker and self.undertaker.stdin:
            # When the undertaker is gone, the next look calls another one, who hears the whole list.
            with suppress(BrokenPipeError):
                self.undertaker.stdin.write(f"{line}\n".encode())

    def _spawn(self, command: Sequence[str], **streams) -> subprocess.Popen:
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, start_new_session=True, **streams)
