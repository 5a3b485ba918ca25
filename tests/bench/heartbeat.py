"""The heartbeat through the deployed settings and route, beside a POST that only echoes, in the same run."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

from learning.progress.spans import merged
from tests.bench.load import Answers, post
from tests.bench.report import Figure
from tests.bench.server import Server, serving
from tests.postgres import cluster

CONNECTIONS = 64
ROUNDS = 3
SECONDS = 4.0
ROOT = Path(__file__).resolve().parents[2]
# As an installation runs it: an answer means that the disk has it.
DURABLE = "-c fsync=on -c synchronous_commit=on -c shared_buffers=256MB -c max_connections=60"


def measure() -> list[Figure]:
    return [figure for database in ("sqlite", "postgresql") for figure in measure_on(database)]


def measure_on(database: str) -> list[Figure]:
    """Beats a second and CPU for each, against the floor and against the naive way; ends the bench if one is lost."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
        env = {"VAR_DIR": folder, "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"}
        env["DJANGO_SETTINGS_MODULE"] = "config.settings.embedded"
        database_pid = None
        if database == "postgresql":
            running = stack.enter_context(cluster(DURABLE))
            env["DATABASE_URL"], database_pid = running.address, running.pid
        visits = json.loads(_said("tests.bench.prepare", str(CONNECTIONS), env=env))
        own = {"PYTHONPATH": env["PYTHONPATH"]}
        naive = {**env, "DJANGO_SETTINGS_MODULE": "tests.bench.naive_settings"}
        floor = stack.enter_context(serving("tests.bench.echo:application", env=own, is_up="/echo/"))
        first = stack.enter_context(serving("tests.bench.naive:application", env=naive, is_up="/healthz"))
        house = stack.enter_context(serving("config.wsgi:application", env=env, is_up="/healthz"))
        house.also = [database_pid] if database_pid else []
        figures = _compare(floor, first, house, visits, env)
        costs = json.loads(_said("tests.bench.costs", env=env, told=json.dumps(visits)))
        figures += [Figure("cost of a part", part, each, "µs") for part, each in costs.items()]
        return [Figure(**{**vars(figure), "database": database}) for figure in figures]


def _said(module: str, *arguments: str, env: dict[str, str], told: str = "") -> str:
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, **env}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=ROOT, input=told)
    return done.stdout.splitlines()[-1]


def _compare(floor: Server, first: Server, house: Server, visits: list[str], env: dict[str, str]) -> list[Figure]:
    rounds: dict[str, list[tuple[Answers, float]]] = {"floor": [], "beat": [], "naive": []}
    streams = [_beats(visit) for visit in visits]
    for _ in range(ROUNDS):
        rounds["floor"].append(_round(floor, "/echo/", [_beats(visit) for visit in visits]))
        rounds["beat"].append(_round(house, "/study/heartbeat/", streams))
    _check(visits, [sum(each.taken[line] for each, _ in rounds["beat"]) for line in range(CONNECTIONS)], env)
    rounds["naive"].append(_round(first, "/naive/", [_beats(visit) for visit in visits]))
    speed = {name: statistics.median(each.per_second for each, _ in taken) for name, taken in rounds.items()}
    cpu = {name: statistics.median(cpu / each.number for each, cpu in taken) for name, taken in rounds.items()}
    slowest = statistics.median(each.quantile_ms(0.99) for each, _ in rounds["beat"])
    bad = sum(each.bad for each, _ in rounds["beat"])
    return [
        Figure("heartbeat", "answers of the floor", round(speed["floor"]), "1/s"),
        Figure("heartbeat", "beats", round(speed["beat"]), "1/s"),
        Figure("heartbeat", "beats / floor", round(speed["beat"] / speed["floor"], 3), "ratio", 0.3, 0.5),
        Figure("heartbeat", "beats / naive beats", round(speed["beat"] / speed["naive"], 1), "ratio", 5),
        Figure("heartbeat", "CPU of the floor", round(cpu["floor"] * 1e6), "µs"),
        Figure("heartbeat", "CPU of a beat, with the database", round(cpu["beat"] * 1e6), "µs", 800),
        Figure("heartbeat", "CPU floor / CPU beat", round(cpu["floor"] / cpu["beat"], 3), "ratio", 0.3, 0.45),
        Figure("heartbeat", "p99 at 64 connections", round(slowest), "ms"),
        Figure("heartbeat", "refused or unreadable", bad, "beats", accept=0),
    ]


def _check(visits: list[str], taken: list[int], env: dict[str, str]) -> None:
    """What is stored is the union of what was acknowledged, to the tenth of a second."""
    stored = json.loads(_said("tests.bench.stored", env=env, told=json.dumps(visits)))
    for visit, number, held in zip(visits, taken, stored, strict=True):
        said = [json.loads(body)["spans"][0] for body in islice(_beats(visit), number)]
        if [list(span) for span in merged(said)] != held:
            sys.exit(f"What is stored differs from what was acknowledged: {held} after {number} beats.")


def _round(server: Server, path: str, streams: list[Iterator[bytes]]) -> tuple[Answers, float]:
    before = server.cpu_seconds()
    answers = post(server.port, path, streams, seconds=SECONDS)
    return answers, server.cpu_seconds() - before


def _beats(visit: str) -> Iterator[bytes]:
    """An hour's lesson watched in steps of fifteen seconds, over and over."""
    for seq in count(1):
        start = seq * 15 % 3600
        said = {"visit": visit, "seq": seq, "spans": [[start, start + 15]], "position": start + 15, "at": seq * 15000}
        yield json.dumps(said).encode()
