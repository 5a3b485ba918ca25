"""The organiser's board in a house of the full size: pages, counts, folds, a past day, the whole recount, big deeds.

PostgreSQL with 100,000 members, SQLite with 50,000; three thousand units and a hundred plans each. `BIG_HOUSE=0.1`
makes it smaller. Everything is asked twice first, so that nothing is measured with cold caches.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import median

import django

from tests.bench.report import Figure
from tests.postgres import cluster

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"postgresql": 100_000, "sqlite": 50_000}
PLANS, WAITING, FOLDED, NODES, TIMES = 100, 5_000, 20_000, 15, 9
TUNED = "-c fsync=off -c synchronous_commit=off -c shared_buffers=512MB -c max_connections=60 -c max_wal_size=4GB"
NAIVE = """
    SELECT substr(o.path, 1, {length}), e.standing, COUNT(*) FROM learning_enrolment e
    JOIN members_organisation o ON o.id = e.organisation_id
    WHERE e.plan_id = {plan} AND e.left_on IS NULL AND o.path >= '{path}' AND o.path < '{path}~' GROUP BY 1, 2
"""


def measure() -> list[Figure]:
    return [figure for database in ("postgresql", "sqlite") for figure in measure_on(database)]


def measure_on(database: str) -> list[Figure]:
    """In a process, a folder and a database of their own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-board-"))
        env = {**os.environ, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        env["PYTHONPATH"] = f"{ROOT / 'site'}{os.pathsep}{ROOT}"
        if database == "postgresql":
            env["DATABASE_URL"] = stack.enter_context(cluster(TUNED)).address
        command = [sys.executable, "-m", "tests.bench.board", str(SIZES[database])]
        done = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [Figure(**each) for each in json.loads(done.stdout.splitlines()[-1])]


def main(members: int) -> list[Figure]:
    """Fills the empty database, counts it, and asks."""
    from django.core.management import call_command
    from django.db import connection

    from learning.completion.tallies import rebuild_tallies
    from tests.bench.big_deeds import of_deeds
    from tests.bench.big_plans import make_planned_house

    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    began = time.perf_counter()
    house = make_planned_house(members=members, plans=PLANS)
    made = time.perf_counter() - began
    began = time.perf_counter()
    rebuild_tallies()
    figures = [
        (
            "load of the machine when it began, of so many cores: " + str(os.cpu_count()),
            os.getloadavg()[0],
            "load",
            None,
        ),
        ("house: made, with its plans", made, "s", None),
        ("recount of the house, tallies written", time.perf_counter() - began, "s", None),
    ]
    _analyse()
    figures += [*_of_check(), *_of_folds(house), *_of_days(house), *_of_growth(house)]
    _wait(house, WAITING)
    figures += [*_of_root(house), *_of_pages(house), *of_deeds(house)]
    return [
        Figure("board", figure, round(value, 4 if unit == "ratio" else 2), unit, accept, database=connection.vendor)
        for figure, value, unit, accept in figures
    ]


Row = tuple[str, float, str, float | None]


def _of_check() -> list[Row]:
    from learning.completion.recount import wrong_days, wrong_tallies

    began = time.perf_counter()
    wrong = len(wrong_tallies()) + len(wrong_days())
    return [
        ("nightly check", time.perf_counter() - began, "s", None),
        ("figures that differ in a house just counted", wrong, "figures", 0),
    ]


def _of_folds(house) -> list[Row]:
    """People go on studying; then all of it is folded in turns, and recounted."""
    from learning.completion.models import Delta
    from learning.completion.recount import wrong_tallies
    from learning.completion.tallies import fold_deltas

    _wait(house, FOLDED)
    number = Delta.objects.count()
    began = time.perf_counter()
    while fold_deltas():
        pass
    took = time.perf_counter() - began
    return [
        (f"deltas folded, of {number} over {PLANS} plans", number / took, "1/s", 10_000),
        ("figures that differ after it", len(wrong_tallies()), "figures", 0),
    ]


def _of_days(house) -> list[Row]:
    from datetime import date

    from learning.board.figures import counts_as_of

    plan, units = house.sized[house.members], house.units[:1]
    took = _timed(lambda: counts_as_of(plan, units, day=date(2026, 6, 30)), times=3)
    return [("root as of a past day", took, "s", 2)]


def _of_growth(house) -> list[Row]:
    """The same node with the same children, for plans of another size."""
    from learning.board.figures import exact_counts

    units = [house.units[0], *house.units[0].get_children()]
    found = []
    for size, plan in house.sized.items():
        naive = _timed(lambda plan=plan: _naive(plan, house.units[0]))
        own = _timed(lambda plan=plan: exact_counts(plan, units))
        found.append((f"root, counts of a plan for {size} members", 1000 * own, "ms", None))
        found.append((f"root, naive GROUP BY for {size} members", 1000 * naive, "ms", None))
    return found


def _of_root(house) -> list[Row]:
    """With the deltas that wait: the statement alone against the naive one, in the same run."""
    from django.db import connection

    from learning.board.figures import _folded_and_waiting
    from learning.completion.models import Delta

    plan = house.sized[house.members]
    waiting = Delta.objects.filter(plan=plan, plan_item=None).count()
    units = [house.units[0], *house.units[0].get_children()]
    statement = _folded_and_waiting(plan, units, follows_today=True).query.sql_with_params()
    own, naive = _side_by_side(lambda: _asked_plainly(*statement), lambda: _naive(plan, house.units[0]))
    bar = 0.1 if connection.vendor == "postgresql" else None
    return [
        (f"root, SQL with {waiting} deltas waiting", 1000 * own, "ms", None),
        ("root, SQL of the naive GROUP BY", 1000 * naive, "ms", None),
        ("root, SQL / naive", own / naive, "ratio", bar),
    ]


def _of_pages(house) -> list[Row]:
    """Whole pages through the view, as the organiser of the house opens them; and what the board itself asks."""
    from learning.board.queries import board_of, family_of
    from tests.bench.long_lists import asked

    client, chance = _signed_in(house.organiser), random.Random(7)
    plan, levels = house.sized[house.members], {1: "root", 2: "committee", 3: "branch", 4: "group"}
    found: list[Row] = []

    def board(unit) -> None:
        user = _anew(house.organiser)
        board_of(family_of(unit.code, user=user), user=user, plan_id=plan.pk)

    for depth, name in levels.items():
        nodes = [unit for unit in house.units if unit.depth == depth]
        took, worked, numbers, own = [], [], [], []
        for unit in chance.choices(nodes, k=NODES):
            path = f"/organise/{unit.code}/?plan={plan.pk}"
            client.get(path)
            began, busy = time.perf_counter(), time.process_time()
            response = client.get(path)
            took.append(time.perf_counter() - began)
            worked.append(time.process_time() - busy)
            assert response.status_code == 200, path
            numbers.append(len(asked(client, path)[0]))
            own.append(_queries(lambda unit=unit: board(unit)))
        found += [
            (f"page of a {name}", 1000 * median(took), "ms", 30),
            (f"page of a {name}, its CPU without the database", 1000 * median(worked), "ms", None),
            (f"page of a {name}, whole", median(numbers), "queries", 8),
            (f"board of a {name}, with who asks", median(own), "queries", None),
        ]
    return found


def _side_by_side(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """The median seconds of each, in turns: what slows the machine down for a moment meets both."""
    took = [(_timed(one, times=3), _timed(other, times=3)) for _ in range(TIMES)]
    return median(own for own, _ in took), median(rest for _, rest in took)


def _naive(plan, unit) -> list:
    return _asked_plainly(NAIVE.format(plan=plan.pk, path=unit.path, length=len(unit.path) + 4))


def _asked_plainly(sql: str, params: tuple = ()) -> list:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _wait(house, number: int) -> None:
    """So many deltas of single people who finish an item: in one plan of the house, or over all of them."""
    from django.db import connection, transaction

    from tests.bench.big_plans import COMPLETE_SOME

    plans = [house.sized[house.members]] if number == WAITING else house.plans
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in COMPLETE_SOME:
            keys = ", ".join(str(plan.pk) for plan in plans)
            cursor.execute(statement.format(plans=keys, members=number // 2 if number == WAITING else number // 4))
    _analyse()


def _analyse() -> None:
    from tests.bench.big_house import _know_the_tables

    _know_the_tables()


def _timed(work: Callable[[], object], *, times: int = TIMES) -> float:
    """The median of some turns, in seconds, after one that counts for nothing."""
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return median(took[1:])


def _queries(work: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def _anew(user):
    """Who asks for the first time in a request."""
    from django.utils import timezone

    from members.accounts.queries import in_front

    return in_front(timezone.now()).get(pk=user.pk)


def _signed_in(user):
    from django.test import Client

    from members.organisation.rules import Rule
    from tests.bench.big_house import SINCE

    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=SINCE.date())
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


if __name__ == "__main__":
    django.setup()
    share = float(os.environ.get("BIG_HOUSE", "1"))
    sys.stdout.write(json.dumps([asdict(each) for each in main(round(int(sys.argv[1]) * share))]) + "\n")
