"""What each part of a beat costs by itself, without a server: µs of CPU a beat, in batches as they come under load."""

import json
import os
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
django.setup()

from django.db import transaction  # noqa: E402 — Django must be set up first
from django.utils import timezone  # noqa: E402

from learning.progress.actions import take_beat  # noqa: E402
from learning.progress.credit import Claim  # noqa: E402
from learning.progress.together import held_together, save_together  # noqa: E402
from learning.study.actions import record_beats  # noqa: E402
from learning.study.beats import Beat, Said  # noqa: E402
from learning.study.coverage import coverage_from  # noqa: E402
from learning.study.visits import read_visit  # noqa: E402

BATCH, TIMES = 20, 100
FRESH = 10_000_000  # beats of the load before have smaller numbers


def each_µs(work: Callable[[int], object]) -> float:
    begun = time.process_time()
    for number in range(TIMES):
        work(number)
    return round((time.process_time() - begun) / TIMES / BATCH * 1e6, 1)


def main(signed: list[str]) -> None:
    now = timezone.now()
    visits = [read_visit(each, now=now) for each in signed[:BATCH]]
    pairs = {(visit.member_id, visit.item_id) for visit in visits}
    record_beats([Said(visit, Beat(FRESH - 1, [(0.0, 5.0)], 5.0), now) for visit in visits])
    rows = held_together(pairs)

    def clock(number: int) -> None:
        for visit in visits:
            row, start = rows[visit.member_id, visit.item_id], 10.0 * number
            claim = Claim(visit.key, visit.opened_at, FRESH + number, [(start, start + 10)], now)
            take_beat(row, claim, length=36_000, pace=visit.pace, position=start)

    def say(number: int) -> None:
        for row in rows.values():
            coverage_from(row, row.item, gap=3).say  # noqa: B018 — the sentence is made when it is read

    def whole(number: int) -> None:
        beat = Beat(2 * FRESH + number, [(10.0 * number, 10.0 * number + 10)], 5.0)
        record_beats([Said(visit, beat, now) for visit in visits])

    with transaction.atomic():
        figures = {
            "signature of the visit": each_µs(lambda number: [read_visit(each, now=now) for each in signed[:BATCH]]),
            "reading the rows, who may study": each_µs(lambda number: held_together(pairs)),
            "union, clock, replay": each_µs(clock),
            "writing the rows": each_µs(lambda number: save_together(rows.values())),
            "gaps and the sentence": each_µs(say),
        }
    figures["all of a batch, with its commit"] = each_µs(whole)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(json.load(sys.stdin))
