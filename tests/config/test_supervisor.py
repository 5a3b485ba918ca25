import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from config.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[2]
# A parent with a child of its own; both write down their numbers.
FAMILY = """
import os, subprocess, sys, time
kid = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "a").write(f"{os.getpid()} {kid.pid} ")
time.sleep(60)
"""
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").write("up")
time.sleep(60)
"""
KEEPER = """
import sys, time
from pathlib import Path
from tests.config.test_supervisor import family, supervisor_of
supervisor = supervisor_of(Path(sys.argv[1]), family(Path(sys.argv[1]) / "numbers"))
supervisor.start()
time.sleep(60)
"""


def family(numbers: Path) -> Child:
    return Child("family", [sys.executable, "-c", FAMILY, str(numbers)])


def supervisor_of(folder: Path, *children: Child, told: list | None = None) -> Supervisor:
    path = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
    return Supervisor(
        children=list(children),
        log_folder=folder / "log",
        folder=ROOT,
        environment={**os.environ, "PYTHONPATH": path},
        tell=lambda child, delay: told.append((child.name, delay)) if told is not None else None,
    )


def numbers_in(file: Path, count: int) -> list[int]:
    wait_until(lambda: file.exists() and len(file.read_text().split()) >= count)
    return [int(number) for number in file.read_text().split()]


def wait_until(condition, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(*children: Child, told: list | None = None) -> Supervisor:
        started.append(supervisor_of(tmp_path, *children, told=told))
        started[-1].start()
        return started[-1]

    yield start
    for supervisor in started:
        supervisor.stop(patience=0.5)


def test_stopping_leaves_nothing_behind_that_the_children_have_started(tmp_path, supervise):
    supervisor = supervise(family(tmp_path / "numbers"))
    numbers = numbers_in(tmp_path / "numbers", 2)
    undertaker = supervisor.undertaker.pid
    supervisor.stop(patience=0.5)
    assert not [number for number in (*numbers, undertaker) if is_alive(number)]


def test_a_child_that_was_killed_is_started_again_and_its_own_children_are_cleared(tmp_path, supervise):
    told: list = []
    supervisor = supervise(family(tmp_path / "numbers"), told=told)
    parent, kid = numbers_in(tmp_path / "numbers", 2)
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: supervisor.look_after() or len((tmp_path / "numbers").read_text().split()) == 4)
    assert not is_alive(kid)
    assert told == [("family", 1)]


def test_a_child_that_ends_at_once_is_started_again_later_each_time(supervise, monkeypatch):
    told: list = []
    moment = [0.0]
    monkeypatch.setattr("config.supervisor.time.monotonic", lambda: moment[0])
    child = Child("hasty", [sys.executable, "-c", ""])
    supervisor = supervise(child, told=told)
    for _ in range(6):
        child.process.wait()
        supervisor.look_after()
        moment[0] = child.due_at
        supervisor.look_after()
    assert [delay for _, delay in told] == [1, 2, 4, 8, 16, 30]


def test_a_child_that_does_not_listen_is_killed(tmp_path, supervise):
    child = Child("stubborn", [sys.executable, "-c", STUBBORN, str(tmp_path / "up")])
    supervisor = supervise(child)
    wait_until((tmp_path / "up").exists)
    number = child.process.pid
    supervisor.stop(patience=0.2)
    assert not is_alive(number)


def test_when_the_supervisor_itself_is_killed_its_children_end_too(tmp_path):
    path = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
    keeper = subprocess.Popen([sys.executable, "-c", KEEPER, str(tmp_path)], env={**os.environ, "PYTHONPATH": path})
    numbers = numbers_in(tmp_path / "numbers", 2)
    keeper.kill()
    keeper.wait()
    wait_until(lambda: not any(is_alive(number) for number in numbers))


def test_an_undertaker_that_was_killed_is_replaced_and_knows_everybody(tmp_path, supervise):
    supervisor = supervise(family(tmp_path / "numbers"))
    numbers = numbers_in(tmp_path / "numbers", 2)
    first = supervisor.undertaker
    first.kill()
    first.wait()
    supervisor.look_after()
    assert supervisor.undertaker.pid != first.pid
    supervisor.undertaker.stdin.close()  # as it happens when the supervisor is killed
    supervisor.undertaker.stdin = None
    supervisor.children[0].process.wait()  # the system would do it if this process were gone
    wait_until(lambda: not any(is_alive(number) for number in numbers))


def test_what_a_child_says_goes_to_its_log(tmp_path, supervise):
    child = Child("talker", [sys.executable, "-c", "print('hello')"])
    supervisor = supervise(child)
    child.process.wait()
    assert supervisor.log_of(child).read_text() == "hello\n"
