"""Ends process groups: for the supervisor while it lives, and in its place when it was killed itself.

As a process of its own it reads the numbers of groups from a pipe that only the supervisor holds open: `+12` for one
that began, `-12` for one that ended. When the pipe closes, whatever is still on the list is ended.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Collection

PATIENCE_SECONDS = 10.0
AFTER_KILLING_SECONDS = 2.0


def end_groups(
    groups: Collection[int], *, reap: Callable[[], object] = lambda: None, patience: float = PATIENCE_SECONDS
) -> None:
    """Asks the leader of each group to end, waits for that, and kills what is left of the groups."""
    for leader in groups:
        _send(os.kill, leader, signal.SIGTERM)
    _wait(lambda: any(_send(os.kill, leader, 0) for leader in groups), reap, patience)
    for group in groups:
        kill_group(group)
    _wait(lambda: any(_send(os.killpg, group, 0) for group in groups), reap, AFTER_KILLING_SECONDS)


def kill_group(group: int) -> None:
    _send(os.killpg, group, signal.SIGKILL)


def _wait(is_somebody_left: Callable[[], bool], reap: Callable[[], object], seconds: float) -> None:
    until = time.monotonic() + seconds
    while is_somebody_left() and time.monotonic() < until:
        reap()
        time.sleep(0.05)


def _send(how: Callable[[int, int], None], number: int, what: int) -> bool:
    """Whether there was somebody to send it to."""
    try:
        how(number, what)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    end_groups(groups)


if __name__ == "__main__":
    main()
