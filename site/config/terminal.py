"""What a person sees in the terminal: a few lines, Chinese first."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

UNCHANGED, DONE = "没有变化 unchanged", "好了 done"


def say(text: str = "", end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


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
