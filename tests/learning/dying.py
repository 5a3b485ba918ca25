"""A second process on the database of a test, which dies by SIGKILL at a named moment."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def start(moment: str, **told) -> subprocess.Popen:
    """Starts a process on the database of the calling test."""
    from django.db import connection

    told["database"] = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
    command = [sys.executable, "-m", "tests.learning.dying", moment, json.dumps(told)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def after_the_commit_before_the_wake_up(told: dict) -> None:
    from django.test import Client

    from learning.completion.tasks import fold

    fold.delay_on_commit = lambda: die()
    Client().post("/study/heartbeat/", told["beat"], content_type="text/plain")


def in_the_middle_of_a_fold(told: dict) -> None:
    from learning.completion import tallies

    add = tallies._add

    def add_and_die(changes) -> None:
        add(changes)
        die()

    tallies._add = add_and_die
    tallies.fold_deltas()


def folding_until_killed(told: dict) -> None:
    from learning.completion.tallies import fold_deltas

    sys.stdout.write("folding\n")
    sys.stdout.flush()
    while True:
        fold_deltas(limit=1)


def main(moment: str, told: dict) -> None:
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = told["database"]
    globals()[moment](told)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
