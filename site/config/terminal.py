"""What a person sees in the terminal: a few lines, Chinese first."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_OF_SILENCE = 5
UNCHANGED, DONE = "没有变化 unchanged", "好了 done"


def say(text: str = "", end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


class Parts:
    """The parts of a long step, each a line with its time; who goes on for long says now and then how far they are."""

    def __init__(self, write: Callable[[str, str], None], *, lead: str = "") -> None:
        self._write, self._lead = write, lead
        self._said_at = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Says the name, and behind it how long the block took."""
        began = self._said_at = time.monotonic()
        self._write(f"{self._lead}{name} … ", "")
        yield
        self._write(f"{time.monotonic() - began:.1f} s", "\n")

    def so_far(self, done: int, of: int) -> None:
        """«300/900», every few seconds at most."""
        now = time.monotonic()
        if now - self._said_at >= SECONDS_OF_SILENCE:
            self._said_at = now
            self._write(f"{done}/{of} … ", "")


def speak_plainly() -> None:
    """Only what a person needs: no log lines but warnings; question marks where a terminal cannot show Chinese."""
    logging.getLogger().setLevel(logging.WARNING)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def step(name: str, work: Callable[[], bool]) -> None:
    """Says what is being done, then how it went and how long it took."""
    with _timed(name) as outcome:
        outcome.append(DONE if work() else UNCHANGED)


@contextmanager
def _timed(name: str) -> Iterator[list[str]]:
    say(f"  {name} … ", end="")
    began, outcome = time.monotonic(), []
    try:
        yield outcome
    except BaseException:
        say()
        raise
    took = time.monotonic() - began
    say(outcome[0] + (f"，{took:.1f} s" if took >= 0.5 else ""))
