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


def end_groups(groups: Collection[int], *, reap: Callable[[], object] = lambda: None) -> None:
    """Asks every process of the groups to end, waits, and kills what is left."""
    for number, patience in ((signal.SIGTERM, PATIENCE_SECONDS), (signal.SIGKILL, 2.0)):
        for group in groups:
            _send(group, number)
        until = time.monotonic() + patience
        while any(_is_alive(group) for group in groups) and time.monotonic() < until:
            reap()
            time.sleep(0.05)


def kill_group(group: int) -> None:
    _send(group, signal.SIGKILL)


def _is_alive(group: int) -> bool:
    return _send(group, 0)


def _send(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
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
