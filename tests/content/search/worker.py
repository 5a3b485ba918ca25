"""A second process with the database and the index of a test: adds articles, folds, rebuilds, may be told to die."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def start(task: str, **options) -> subprocess.Popen:
    """Start one with the database and the index of the test that calls."""
    from django.conf import settings
    from django.db import connection

    told = {"database": str(connection.settings_dict["NAME"]), "index": str(settings.SEARCH_INDEX_DIR), **options}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
    command = [sys.executable, "-m", "tests.content.search.worker", task, json.dumps(told)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(moment: str) -> None:
    """Have this process die where it hurts: before the commit to the index, or after it with the rows still there."""
    from content.search import engine
    from content.search.models import IndexChange

    writer = engine.index.FileIndex.writer
    if moment == "before the commit":

        def doomed(*args, **kwargs):
            made = writer(*args, **kwargs)
            made.commit = die
            return made

        engine.index.FileIndex.writer = doomed
    elif moment == "after the commit":
        IndexChange.objects._queryset_class.update = lambda rows, **values: die()


def fold() -> None:
    from django.utils import timezone

    from content.search.actions import fold_index_changes

    fold_index_changes(now=timezone.now())


def add_and_fold(name: str, count: int) -> None:
    from learning.courses.models import CoursePage
    from tests.content.search.pages import make_lesson

    course = CoursePage.objects.get(title=name)
    for number in range(count):
        make_lesson(course, f"{name}{number}号课")
        fold()


def rebuild() -> None:
    from django.core.management import call_command

    call_command("update_index", verbosity=0, chunk_size=10)


def main(task: str, told: dict) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = told["database"]
    settings.SEARCH_INDEX_DIR = told["index"]
    die_at(told.get("die", ""))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if task == "add and fold":
        add_and_fold(told["name"], told["count"])
    else:
        {"fold": fold, "rebuild": rebuild}[task]()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
