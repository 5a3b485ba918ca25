"""Deeds that touch everybody in a house of the full size: how long they take, and who waits for them meanwhile."""

import resource
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from learning.completion.actions import settle
from learning.planning.actions import change_plan
from learning.plans.shape import shape_of
from learning.progress.models import Progress
from learning.years.actions import close_year
from tests.bench.big_plans import PlannedHouse

YEAR = date(timezone.localdate().year - 1, 6, 30)
HOURS = f"""
    INSERT INTO learning_hoursentry (member_id, source, category, hours, earned_on, year, evidence, source_key, reason,
        recorded_at)
    SELECT id, 'hand', category, 8, '{YEAR}', {YEAR.year}, '{{}}', 'bench:' || category, '', '{YEAR}'
    FROM members_member CROSS JOIN (SELECT 'training' AS category UNION ALL SELECT 'group') c
"""

Row = tuple[str, float, str, float | None]


def of_deeds(house: PlannedHouse) -> list[Row]:
    """Everything is taken back afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(HOURS)
            cursor.execute("ANALYZE learning_hoursentry")
        closed = _measured(house, "closing a year", _close)
        transaction.set_rollback(True)
    return [*closed, *_measured(house, "an item taken out of a plan", _change)]


def _close(house: PlannedHouse) -> None:
    close_year(unit=house.units[0], year=YEAR.year, actor=house.organiser, now=timezone.now())


def _change(house: PlannedHouse) -> None:
    plan = house.sized[house.members]
    shape = shape_of(plan)
    less = replace(shape, items=shape.items[:-1])
    change_plan(plan=plan, shape=less, seen=shape.fingerprint, actor=house.organiser, now=timezone.now())


def _measured(house: PlannedHouse, name: str, deed: Callable[[PlannedHouse], None]) -> list[Row]:
    with _others(house) as waited, transaction.atomic():
        began, worked = time.perf_counter(), time.process_time()
        deed(house)
        took, cpu = time.perf_counter() - began, time.process_time() - worked
        transaction.set_rollback(True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    title = f"{name}, {house.members} people"
    return [
        (title, took, "s", None),
        (f"{title}, its CPU without the database", cpu, "s", None),
        (f"{title}, peak memory", memory, "MB", None),
        *((f"{title}, {what} waited at most", longest, "s", None) for what, longest in waited.items()),
    ]


@contextmanager
def _others(house: PlannedHouse):
    """On PostgreSQL a member of the plan goes on studying meanwhile; SQLite lets one write at a time anyhow."""
    over, waited = threading.Event(), {}
    writes = {"a beat": _beat, "a completion": _complete} if connection.vendor == "postgresql" else {}
    threads = [
        threading.Thread(target=_go_on, args=(house, what, write, over, waited)) for what, write in writes.items()
    ]
    for thread in threads:
        thread.start()
    yield waited
    over.set()
    for thread in threads:
        thread.join()


def _go_on(house: PlannedHouse, what: str, write: Callable, over: threading.Event, waited: dict[str, float]) -> None:
    enrolment = house.sized[house.members].enrolments.order_by("member_id").first()
    while not over.is_set():
        began = time.perf_counter()
        with transaction.atomic():
            write(enrolment)
            transaction.set_rollback(True)
        waited[what] = max(waited.get(what, 0), time.perf_counter() - began)
        over.wait(0.2)
    connection.close()


def _beat(enrolment) -> None:
    item = enrolment.plan.items.order_by("order")[0].item
    now = timezone.now()
    facts = {"state": "studying", "started_at": now, "touched_at": now}
    Progress.objects.update_or_create(member_id=enrolment.member_id, item=item, defaults=facts)


def _complete(enrolment) -> None:
    settle(member_ids=[enrolment.member_id], now=timezone.now())
