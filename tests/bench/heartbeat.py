"""The heartbeat through the deployed settings and route, beside a POST that only echoes, in the same run."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.bench.load import Answers, post
from tests.bench.report import Figure
from tests.bench.server import Server, serving

CONNECTIONS = 64
ROUNDS = 3
SECONDS = 4.0
ROOT = Path(__file__).resolve().parents[2]


def measure() -> list[Figure]:
    """Beats a second as a share of the floor, server CPU for each request, and that no answer was a refusal."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        env = {"VAR_DIR": folder, "PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"}
        env["DJANGO_SETTINGS_MODULE"] = "config.settings.embedded"
        visits = _prepared(env)
        with (
            serving("tests.bench.echo:application", env={"PYTHONPATH": env["PYTHONPATH"]}, is_up="/echo/") as floor,
            serving("config.wsgi:application", env=env, is_up="/healthz") as house,
        ):
            return _compare(floor, house, visits)


def _prepared(env: dict[str, str]) -> list[str]:
    """A database of its own with as many members in front of a lesson as there are connections; their visits."""
    command = [sys.executable, "-m", "tests.bench.prepare", str(CONNECTIONS)]
    made = subprocess.run(command, env={**os.environ, **env}, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(made.stdout.splitlines()[-1])


def _compare(floor: Server, house: Server, visits: list[str]) -> list[Figure]:
    rounds: dict[str, list[tuple[Answers, float]]] = {"floor": [], "beat": []}
    streams = [_beats(visit) for visit in visits]
    for _ in range(ROUNDS):
        rounds["floor"].append(_round(floor, "/echo/", [_beats(visit) for visit in visits]))
        rounds["beat"].append(_round(house, "/study/heartbeat/", streams))
    speed = {name: statistics.median(each.per_second for each, _ in taken) for name, taken in rounds.items()}
    cpu = {name: statistics.median(cpu / each.number for each, cpu in taken) for name, taken in rounds.items()}
    slowest = statistics.median(each.quantile_ms(0.99) for each, _ in rounds["beat"])
    bad = sum(each.bad for each, _ in rounds["beat"])
    return [
        Figure("heartbeat", "answers of the floor", round(speed["floor"]), "1/s"),
        Figure("heartbeat", "beats", round(speed["beat"]), "1/s"),
        Figure("heartbeat", "beats / floor", round(speed["beat"] / speed["floor"], 3), "ratio", target=0.5),
        Figure("heartbeat", "server CPU of the floor", round(cpu["floor"] * 1e6), "µs"),
        Figure("heartbeat", "server CPU of a beat", round(cpu["beat"] * 1e6), "µs"),
        Figure("heartbeat", "CPU floor / CPU beat", round(cpu["floor"] / cpu["beat"], 3), "ratio", target=0.5),
        Figure("heartbeat", "p99 at 64 connections", round(slowest), "ms"),
        Figure("heartbeat", "refused or unreadable", bad, "beats", accept=0),
    ]


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
