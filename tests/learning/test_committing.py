"""Beats that come together are committed together: nobody is answered before, and nothing acknowledged is lost."""

import json
import multiprocessing
import subprocess
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from learning.progress.models import Progress
from learning.progress.spans import merged
from learning.study import committing, views
from learning.study.committing import Busy, Together
from learning.study.visits import open_visit, read_visit
from tests.factories import make_person, make_tree
from tests.learning import hammering
from tests.learning.makers import PACE, make_lesson
from tests.postgres import Cluster, binaries, cluster

DURABLE = "-c fsync=on -c synchronous_commit=on -c max_connections=40"  # an answer means that the disk has it
FAST = replace(PACE, slack_seconds=10_000_000)  # as if the clock had run long enough for everything


def at_once(work, count: int) -> list:
    """What `work(number)` gave or raised, for so many threads that begin together."""
    outcome, gate = [None] * count, threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            outcome[number] = work(number)
        except Exception as trouble:
            outcome[number] = trouble

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcome


@pytest.fixture
def together():
    made = []

    def make(write) -> Together:
        made.append(Together(write))
        return made[-1]

    yield make
    for each in made:
        each.stop()


# --- the writer by itself -------------------------------------------------------
def test_everybody_gets_the_own_answer(together):
    writer = together(lambda said: [each * each for each in said])
    assert at_once(writer.commit, 50) == [number * number for number in range(50)]


def test_what_arrives_during_a_commit_is_committed_together_with_the_next(together):
    sizes, is_first, may_go_on = [], threading.Event(), threading.Event()

    def write(said):
        sizes.append(len(said))
        is_first.set()
        may_go_on.wait(30)
        return said

    writer = together(write)
    first = threading.Thread(target=writer.commit, args=(0,))
    first.start()
    is_first.wait(30)
    others = [threading.Thread(target=writer.commit, args=(number,)) for number in range(1, 20)]
    for other in others:
        other.start()
    while len(writer._queue) < len(others):
        threading.Event().wait(0.01)
    may_go_on.set()
    for thread in (first, *others):
        thread.join(30)
    assert sizes == [1, 19]


def test_one_that_cannot_be_written_does_not_harm_the_others(together):
    def write(said):
        if 7 in said:
            raise ValueError("seven")
        return said

    answers = at_once(together(write).commit, 20)
    assert isinstance(answers.pop(7), ValueError)
    assert answers == [number for number in range(20) if number != 7]


def test_too_many_who_wait_are_asked_to_come_again(together, monkeypatch):
    monkeypatch.setattr(committing, "WAITING_AT_MOST", 3)
    is_under_way, may_go_on = threading.Event(), threading.Event()

    def write(said):
        is_under_way.set()
        may_go_on.wait(30)
        return said

    writer = together(write)
    threads = [threading.Thread(target=writer.commit, args=(0,))]
    threads[0].start()
    is_under_way.wait(30)
    threads += [threading.Thread(target=writer.commit, args=(number,)) for number in (1, 2, 3)]
    for thread in threads[1:]:
        thread.start()
    while len(writer._queue) < 3:
        threading.Event().wait(0.01)
    with pytest.raises(Busy):
        writer.commit(4)
    may_go_on.set()
    for thread in threads:
        thread.join(30)


def test_a_database_that_is_silent_for_too_long_is_busy(together, monkeypatch):
    monkeypatch.setattr(committing, "PATIENCE_SECONDS", 0.05)
    may_go_on = threading.Event()
    writer = together(lambda said: may_go_on.wait(30) and said)
    with pytest.raises(Busy):
        writer.commit(1)
    may_go_on.set()


def _commit_in_a_child(writer: Together) -> None:
    raise SystemExit(0 if writer.commit(4) == 4 else 1)


def test_a_child_of_a_fork_has_a_writer_of_its_own(together):
    writer = together(lambda said: said)
    assert writer.commit(1) == 1
    child = multiprocessing.get_context("fork").Process(target=_commit_in_a_child, args=(writer,))
    child.start()
    child.join(30)
    assert child.exitcode == 0


# --- with beats -----------------------------------------------------------------
@pytest.fixture
def visits():
    """Of twenty members in front of three lessons."""
    tree = make_tree()
    items = [make_lesson(tree.root, title=f"第{number}课", seconds=3600) for number in range(3)]
    people = [make_person(tree.branch) for _ in range(20)]
    now = timezone.now()
    pairs = [(person.member, item) for person in people for item in items]
    return [open_visit(member_id=who.pk, item_id=what.pk, pace=FAST, now=now) for who, what in pairs]


def stored(visits: list[str]) -> list[list]:
    """What is stored for each of them."""
    return in_order(visits, Progress.objects.values_list("member_id", "item_id", "spans"))


def in_order(visits: list[str], rows: Iterable[tuple]) -> list[list]:
    held = {(member, item): spans for member, item, spans in rows}
    return [held.get(read_visit(signed, now=timezone.now()).pair, []) for signed in visits]


def beat(visit: str, seq: int, span: list) -> int:
    body = {"visit": visit, "seq": seq, "spans": [span], "position": span[1], "at": 0}
    return Client().post("/study/heartbeat/", json.dumps(body), content_type="text/plain").status_code


def union_of(visits: list, lines: list[str]) -> list[list]:
    """What must be stored after these acknowledged beats."""
    taken = [json.loads(line) for line in lines]
    each = [merged(span for number, span in taken if number == visit) for visit in range(len(visits))]
    return [[list(span) for span in spans] for spans in each]


@pytest.mark.django_db(transaction=True)
def test_beats_of_many_windows_at_once_are_all_kept(visits):
    spans = [[number * 20, number * 20 + 10] for number in range(16)]
    assert at_once(lambda number: beat(visits[number % 2], number, spans[number]), 16) == [200] * 16
    assert stored(visits[:2]) == [spans[0::2], spans[1::2]]


@pytest.mark.django_db(transaction=True)
def test_two_processes_on_the_same_rows_lose_nothing_and_make_nothing_up(visits):
    processes = [hammering.start(visits, seed=seed, beats=12) for seed in (1, 2)]
    lines = [line for process in processes for line in process.communicate(timeout=120)[0].splitlines()]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(lines) == 2 * hammering.THREADS * 12
    assert stored(visits) == union_of(visits, lines)


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_under_load_loses_nothing_that_it_acknowledged(visits):
    process = hammering.start(visits, seed=3, beats=None)
    first = [process.stdout.readline() for _ in range(150)]
    process.kill()
    rest = process.stdout.read().splitlines()
    process.wait(30)
    whole = [line for line in [*first, *rest] if line.rstrip().endswith("]]")]
    assert len(whole) >= 150
    for held, promised in zip(stored(visits), union_of(visits, whole), strict=True):
        assert [list(span) for span in merged([*held, *promised])] == held


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_database_killed_under_load_loses_nothing_that_was_acknowledged(visits):
    """All processes of PostgreSQL die at once; it recovers, the web process finds it again, and all of it is there."""
    with cluster(DURABLE) as running:
        copy_database(running)
        process = hammering.start(visits, seed=4, beats=None, address=running.address)
        try:
            before = [process.stdout.readline() for _ in range(150)]
            running.kill()
            running.start()
            after = [process.stdout.readline() for _ in range(150)]
        finally:
            process.kill()
        whole = [
            line for line in [*before, *after, *process.stdout.read().splitlines()] if line.rstrip().endswith("]]")
        ]
        process.wait(30)
        held = in_order(visits, stored_at(running))
    assert len(whole) >= 300
    for rows, promised in zip(held, union_of(visits, whole), strict=True):
        assert [list(span) for span in merged([*rows, *promised])] == rows


def copy_database(running: Cluster) -> None:
    """The tables of this test, with what is in them, in a cluster of their own."""
    told = connection.settings_dict
    dump = [binaries() / "pg_dump", "-h", told["HOST"], "-U", told["USER"], told["NAME"]]
    load = [binaries() / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", running.address]
    text = subprocess.run(dump, check=True, capture_output=True).stdout
    subprocess.run(load, input=text, check=True, capture_output=True)


def stored_at(running: Cluster) -> list[tuple]:
    with closing(psycopg2.connect(running.address)) as there, there.cursor() as cursor:
        cursor.execute("SELECT member_id, item_id, spans FROM learning_progress")
        return cursor.fetchall()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_opened_again(visits):
    assert beat(visits[0], 1, [0, 10]) == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert beat(visits[0], 2, [20, 30]) == 200
    assert stored(visits[:1]) == [[[0.0, 10.0], [20.0, 30.0]]]


@pytest.mark.django_db(transaction=True)
def test_a_busy_house_says_when_to_come_again(visits, monkeypatch):
    monkeypatch.setattr(committing, "WAITING_AT_MOST", 0)
    body = {"visit": visits[0], "seq": 1, "spans": [[0, 10]], "position": 10, "at": 0}
    answer = Client().post("/study/heartbeat/", json.dumps(body), content_type="text/plain")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(views.RETRY_AFTER_SECONDS))
    assert not Progress.objects.exists()
