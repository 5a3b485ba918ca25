"""A real granian for a bench: started on a free port, measured by its processes' CPU time, stopped by its number."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    port: int
    pid: int
    also: list[int] = field(default_factory=list)  # the processes of its database

    def cpu_seconds(self) -> float:
        """User and system time so far of the server, its workers and its database."""
        return sum(_cpu(pid) for first in [self.pid, *self.also] for pid in _family(first))


@contextmanager
def serving(application: str, *, env: dict[str, str], is_up: str):
    """Runs `application` as the house does (WSGI, one process, 32 threads); waits until `is_up` answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "32"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "error", application]
    process = subprocess.Popen(command, env={**os.environ, **env})
    try:
        _wait(port, is_up, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, address: str, process: subprocess.Popen) -> None:
    from http.client import HTTPConnection

    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("the server of the bench did not start")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", address)
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server of the bench does not answer")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
