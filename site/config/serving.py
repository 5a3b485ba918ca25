"""`make run`: one supervisor over the web server and the two workers, until somebody stops it."""

import fcntl
import http.client
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from config.health import WORKER_SEEN, worker_answers
from config.machine import NotReadyError, own_names
from config.supervisor import Child, Supervisor
from config.terminal import say

READY_SECONDS = 90
QUICK_ENDS = 4  # so many in a row before the house was ready: it will not come up by itself
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


@contextmanager
def only_one() -> Iterator[None]:
    """Raises `NotReadyError` when this folder is served already: two supervisors would take each other's messages."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            number = lock.read().strip()
            raise NotReadyError(
                f"这里已经在运行了（进程 {number}）。请在那个窗口按 Ctrl-C 停下，再运行一次。",
                f"This folder is being served already (process {number}). Press Ctrl-C there, then run this again.",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


class House:
    """The processes of one installation on one address."""

    def __init__(self, host: str, port: str) -> None:
        self.host, self.port = host, port
        self.is_stopping = False
        self.supervisor = Supervisor(
            children=[
                Child("web", _web(host, port)),
                Child("quick", _worker("quick", "-B")),
                Child("slow", _worker("slow")),
            ],
            log_folder=settings.VAR / "log",
            folder=settings.ROOT,
            environment=_environment(host),
            tell=self._tell,
        )

    def run(self, greet: Callable[[], None]) -> None:
        """Serves until a signal; `greet` is called as soon as everything answers. Leaves no process behind."""
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
            signal.signal(signal.SIGHUP, self._stop)
        cache.delete(WORKER_SEEN)
        self.supervisor.start()
        try:
            self._wait_until_ready()
            if not self.is_stopping:
                greet()
            while not self.is_stopping:
                self._watch()
        finally:
            say("\n正在停止 Stopping …")
            self.supervisor.stop()

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while not self.is_stopping and not self._answers():
            self._watch()
            failing = [child for child in self.supervisor.children if child.failures >= QUICK_ENDS]
            if failing or time.monotonic() > until:
                raise self._not_ready(failing[0] if failing else self.supervisor.children[0])

    def _not_ready(self, child: Child) -> NotReadyError:
        log = self.supervisor.log_of(child)
        lines = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        return NotReadyError(
            f"没有能启动起来（{child.name}）。原因在 {log} 的末尾：",
            f"It did not come up ({child.name}). The reason is at the end of {log}:\n" + "\n".join(lines),
        )

    def _answers(self) -> bool:
        """Asks as a browser on this machine would, past any proxy, once the worker has said that it is there."""
        if not worker_answers():
            return False
        connection = http.client.HTTPConnection(EVERYWHERE.get(self.host, self.host), int(self.port), timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": _known_name(), "X-Forwarded-Proto": "https"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _watch(self) -> None:
        self.supervisor.look_after()
        time.sleep(0.2)

    def _stop(self, number: int, frame: object) -> None:
        self.is_stopping = True

    def _tell(self, child: Child, delay: float) -> None:
        log = self.supervisor.log_of(child)
        say(f"{child.name} 停了，{delay:.0f} 秒后重新启动，原因在 {log} / ended, starting again in {delay:.0f} s")


def address(host: str, port: str) -> str:
    """Where a person on this machine opens the house."""
    shown = EVERYWHERE.get(host, host)
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def _known_name() -> str:
    names = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    return names[0] if names else "localhost"


def _environment(host: str) -> dict[str, str]:
    path = os.pathsep.join([str(settings.SITE), str(settings.ROOT)])
    hosts = os.environ.get("ALLOWED_HOSTS") or ",".join(own_names(host))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "ALLOWED_HOSTS": hosts}


def _web(host: str, port: str) -> list[str]:
    threads = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "32", "--no-ws"]
    steady = ["--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning"]
    return [_python(), "-m", "granian", *threads, *steady, "--host", host, "--port", port, "config.wsgi:application"]


def _worker(queue: str, *more: str) -> list[str]:
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    named = ["-Q", queue, "-n", f"{queue}@%h", "-c", "1", "-l", "warning"]
    return [_python(), "-m", "celery", "-A", "config.celery", "worker", *named, *alone, *more]


def _python() -> str:
    return str(Path(sys.executable))
