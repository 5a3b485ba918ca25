"""A film is sent block by block: the real web server never holds it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from media.delivery import sign_file
from tests.media.assets import make_ready

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
FILM = 200 * MEGABYTE
READERS = 6


@contextmanager
def serving():
    """Granian with one process and threads, as in use; gives its port and process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
        "VAR_DIR": str(settings.VAR),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "32", "tests.media.one_server:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return ask(port, "/healthz").read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server did not start")


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", path, headers={"Host": "localhost", **headers})
    return client.getresponse()


def resident_bytes(pid: int) -> int:
    """What a process and its children hold in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = int(status.split("VmRSS:")[1].split()[0]) * 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(resident_bytes(int(child)) for child in children)


def holds_open(pid: int, path: str) -> bool:
    return any(Path(path).resolve() == file.resolve() for file in open_files(pid))


def is_closed_soon(pid: int, path: str) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not holds_open(pid, path):
            return True
        time.sleep(0.1)
    return False


def open_files(pid: int) -> list[Path]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = list(Path(f"/proc/{pid}/fd").iterdir())
    return own + [file for child in children for file in open_files(int(child))]


@pytest.mark.django_db(transaction=True)
def test_six_slow_readers_of_a_large_film_cost_next_to_no_memory():
    asset = make_ready(b"film")
    os.truncate(asset.file.path, FILM)
    url = sign_file(user_id=7, asset=asset, now=timezone.now())
    with serving() as (port, pid):
        assert ask(port, url, Range="bytes=0-1").read() == b"fi"
        before = resident_bytes(pid)
        readers = [ask(port, url, Range="bytes=0-") for _ in range(READERS)]
        assert {(reader.status, reader.headers["Content-Length"]) for reader in readers} == {(206, str(FILM))}
        for _ in range(10):
            for reader in readers:
                assert len(reader.read(MEGABYTE)) == MEGABYTE
            began = time.monotonic()
            assert ask(port, "/healthz").read() == b"ok"
            assert time.monotonic() - began < 1
        grown = resident_bytes(pid) - before
        assert holds_open(pid, asset.file.path)
        whole = sum(iter(lambda: len(readers[0].read(MEGABYTE)), 0))
        for reader in readers:
            reader.close()
        grown = max(grown, resident_bytes(pid) - before)
        assert is_closed_soon(pid, asset.file.path)
    assert whole == FILM - 10 * MEGABYTE
    assert grown < 50 * MEGABYTE, f"{grown // MEGABYTE} MB"
