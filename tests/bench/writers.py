"""Eight who write at once for a minute on PostgreSQL: how many deeds, how many circles, and whether all is right."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import django

from tests.bench.report import Figure
from tests.postgres import cluster

ROOT = Path(__file__).resolve().parents[2]
WRITERS = 8


def measure() -> list[Figure]:
    """In a process, a folder and a database of their own."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-writers-"))
        env = {**os.environ, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        env["PYTHONPATH"] = f"{ROOT / 'site'}{os.pathsep}{ROOT}"
        env["DATABASE_URL"] = stack.enter_context(cluster()).address
        command = [sys.executable, "-m", "tests.bench.writers"]
        done = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [Figure(**each) for each in json.loads(done.stdout.splitlines()[-1])]


def main(seconds: float) -> list[Figure]:
    from django.core.management import call_command

    from tests.learning import writing
    from tests.learning.town import differences, make_town

    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    make_town()
    writers = [writing.start(seconds=seconds, seed=seed) for seed in range(WRITERS)]
    done: Counter = Counter()
    for writer in writers:
        done += Counter(json.loads(writer.communicate(timeout=seconds + 120)[0]))
    broken = {what: number for what, number in done.items() if what.startswith("broken")}
    base = {"bench": "writers", "database": "postgresql"}
    deeds = sum(done.values()) - done["deadlock"] - sum(broken.values())
    return [
        Figure(figure=f"deeds of {WRITERS} writers in {seconds:.0f} s", value=deeds, unit="deeds", **base),
        Figure(figure="deadlocks", value=done["deadlock"], unit="deadlocks", accept=0, **base),
        Figure(figure="deeds that broke", value=sum(broken.values()), unit="deeds", accept=0, **base),
        Figure(figure="figures that differ afterwards", value=differences(), unit="figures", accept=0, **base),
    ]


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps([asdict(each) for each in main(float(os.environ.get("SECONDS", "60")))]) + "\n")
