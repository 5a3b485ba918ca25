"""50,000 members from a workbook through the slow worker, while people study and look at pages.

Everything is real: granian, `celery … -Q slow`, a file through the form. Peak memory is the worker's own (VmHWM), with
that of its child that reads the file apart; the slowest answers are the web's, of a page and of a beat.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import xlsxwriter

from members.accounts.member_rows import COLUMNS
from tests.bench.report import Figure
from tests.bench.server import Server, _family, serving

ROOT = Path(__file__).resolve().parents[2]
BOUNDARY = "----bench"


def measure(rows: int = 50_000) -> list[Figure]:
    """The figures of one import into an empty house."""
    with tempfile.TemporaryDirectory(prefix="bench-imports-") as folder:
        env = {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.embedded", "PYTHONPATH": f"{ROOT}/site"}
        for place in ("messages", "control"):
            (Path(folder) / "broker" / place).mkdir(parents=True)
        told = json.loads(_run(env, "-m", "tests.bench.prepare_imports").splitlines()[-1])
        file = _workbook(Path(folder) / "党员.xlsx", rows, told["units"])
        worker = _start_worker(env)
        try:
            with serving("config.wsgi:application", env=env, is_up="/healthz") as server:
                return _import(server, worker.pid, file, rows, told)
        finally:
            worker.terminate()
            worker.wait(30)


def _run(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **env}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _start_worker(env: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-Q", "slow", "-c", "1", "-B"]
    command += ["--loglevel", "error", "--schedule", f"{env['VAR_DIR']}/broker/beat"]
    return subprocess.Popen(command, env={**os.environ, **env}, cwd=ROOT)


def _workbook(path: Path, rows: int, units: list[str]) -> bytes:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, COLUMNS)
    for number in range(rows):
        post = "委员" if number % 20 == 0 else ""
        unit = units[number % len(units)]
        cells = (f"{number:08d}", f"党员{number}", f"139{number:08d}", unit, "正式党员", "2001-07-01", post)
        for place, text in enumerate(cells):
            page.write_string(number + 1, place, text)
    book.close()
    return path.read_bytes()


class Watch:
    """Asks for one address again and again, and remembers the slowest answer."""

    def __init__(self, ask) -> None:
        self.slowest = 0.0
        self.asked = 0
        self.refused = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go, args=(ask,))

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._end.set()
        self._thread.join()

    def _go(self, ask) -> None:
        while not self._end.is_set():
            began = time.monotonic()
            self.refused += ask() >= 500
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.asked += 1
            time.sleep(0.1)


def _import(server: Server, worker: int, file: bytes, rows: int, told: dict) -> list[Figure]:
    cookie = f"sessionid={told['session']}"
    beats = iter(range(1, 10**6))

    def page() -> int:
        return _ask(server.port, "GET", "/organise/imports/", cookie=cookie)[0]

    def beat() -> int:
        number = next(beats)
        said = {"visit": told["visit"], "seq": number, "spans": [[number, number + 1]], "position": number, "at": 1}
        return _ask(server.port, "POST", "/study/heartbeat/", body=json.dumps(said).encode())[0]

    page(), beat()
    with Watch(page) as pages, Watch(beat) as beating:
        began = time.monotonic()
        where = _upload(server.port, cookie, file)
        _wait(server.port, where, cookie, is_looked_at=True)
        looked = time.monotonic() - began
        _post(server.port, where, cookie)
        confirmed = time.monotonic()
        _wait(server.port, where, cookie, is_looked_at=False)
        whole = looked + time.monotonic() - confirmed
    base = "imports"
    return [
        Figure(base, "rows", rows, "rows"),
        Figure(base, "read, compared and imported", round(whole, 1), "s", accept=60),
        Figure(base, "read and compared", round(looked, 1), "s"),
        Figure(base, "peak memory of the worker", _peak(worker), "MB", accept=300),
        Figure(base, "slowest page meanwhile", round(pages.slowest, 2), "s", accept=5),
        Figure(base, "slowest beat meanwhile", round(beating.slowest, 2), "s", accept=10),
        Figure(base, "beats refused meanwhile", beating.refused, f"of {beating.asked}", accept=0),
    ]


def _peak(worker: int) -> float:
    """The most that any process of the worker held; its reader of files is gone by then and has limits of its own."""
    found = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in _family(worker)]
    return round(max(int(each[1]) for each in found if each) / 1024)


def _upload(port: int, cookie: str, file: bytes) -> str:
    token, cookie = _token(port, "/organise/imports/new/", cookie)
    parts = [("csrfmiddlewaretoken", token), ("kind", "members")]
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in parts
    )
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body += head.encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    status, where, said = _ask(port, "POST", "/organise/imports/new/", body=body, cookie=cookie, kind=kind)
    if status != 302:
        raise RuntimeError(f"the upload was answered by {status}: {said[:300]}")
    return where


def _post(port: int, where: str, cookie: str) -> tuple[int, str, str]:
    token, cookie = _token(port, where, cookie)
    body = f"csrfmiddlewaretoken={token}".encode()
    return _ask(port, "POST", where, body=body, cookie=cookie, kind="application/x-www-form-urlencoded")


def _token(port: int, where: str, cookie: str) -> tuple[str, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", where, headers={"Cookie": cookie})
    answer = connection.getresponse()
    said = answer.read().decode()
    given = re.search(r"csrftoken=(\w+)", answer.getheader("Set-Cookie", ""))
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', said)
    if found is None or given is None:
        raise RuntimeError(f"{where} has no form: {answer.status}")
    return found[1], f"{cookie}; csrftoken={given[1]}"


def _wait(port: int, where: str, cookie: str, *, is_looked_at: bool) -> None:
    """Until the page of the list shows its button, or else leads on to the import that was made."""
    for _ in range(1200):
        status, _, said = _ask(port, "GET", where, cookie=cookie)
        if status == 200 and "data-waiting" not in said if is_looked_at else status == 302:
            return
        time.sleep(0.25)
    raise RuntimeError("the import does not end")


def _ask(
    port: int, method: str, where: str, *, body: bytes | None = None, cookie: str = "", kind: str = "application/json"
) -> tuple[int, str, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, where, body, {"Cookie": cookie, "Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", ""), answer.read().decode(errors="replace")
    finally:
        connection.close()
