"""`manage.py import_members` as a real process on a real file: killed, locked out, or sent to an empty database."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from members.accounts import member_rows
from members.organisation import unit_rows
from tests.members.workbooks import workbook

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 1200
TABLES = ("member", "affiliation", "post", "importbatch", "auditevent")


class Installation:
    """A house of its own in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "db.sqlite3"
        kept = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        }
        self.environment = {**kept, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.members.hasty_settings"}

    def start(self, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "manage.py", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str) -> tuple[int, str]:
        process = self.start(*arguments)
        _, said = process.communicate()
        return process.returncode, said

    def connect(self) -> closing:
        return closing(sqlite3.connect(self.database, timeout=0, isolation_level=None))

    def is_locked(self) -> bool:
        with self.connect() as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
            return False

    def counts(self) -> list[int]:
        with self.connect() as connection:
            return [connection.execute(f"SELECT count(*) FROM members_{table}").fetchone()[0] for table in TABLES]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory, django_db_setup, django_db_blocker) -> Installation:
    """Its database is a copy of the one of the tests, which is migrated; where they run on another, it migrates."""
    house = Installation(tmp_path_factory.mktemp("var"))
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(house.database)])
        connection.close()
    code, said = house.run("migrate", "--verbosity=0")
    assert code == 0, said
    return house


@pytest.fixture
def installation(tmp_path, migrated) -> Installation:
    shutil.copytree(migrated.database.parent, tmp_path, dirs_exist_ok=True)
    return Installation(tmp_path)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("files")
    units = workbook(folder / "组织.xlsx", ("B1", "第一党支部", "党支部", "", ""), header=unit_rows.COLUMNS)
    rows = [(f"{n:08d}", f"党员{n}", f"139{n:08d}", "B1", "正式党员", "2001-07-01", "委员") for n in range(PEOPLE)]
    return str(units), str(workbook(folder / "党员.xlsx", *rows, header=member_rows.COLUMNS))


# Holds the transaction open when every row has been written and none is committed.
LINGERING = """
import sys, time
from django.core.management import call_command
from members.accounts import actions

write = actions.write_members

def write_and_linger(*given, **named):
    written = write(*given, **named)
    time.sleep(60)
    return written

actions.write_members = write_and_linger
call_command("import_members", {file!r})
"""


def test_an_import_killed_in_the_middle_leaves_nothing_and_a_second_one_completes(installation, files):
    units, members = files
    assert installation.run("import_organisations", units) == (0, "")
    before = installation.counts()
    whole = [PEOPLE, PEOPLE, PEOPLE, before[3] + 1, before[4] + 1]
    process = installation.start("shell", "-v0", "-c", LINGERING.format(file=members))
    while not installation.is_locked():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert installation.counts() == before
    for delay in (0, 0.3):
        process = installation.start("import_members", members)
        while process.poll() is None and not installation.is_locked():
            time.sleep(0.005)
        time.sleep(delay)
        process.kill()
        process.communicate()
        assert installation.counts() in (before, whole)
    for _ in range(2):
        assert installation.run("import_members", members) == (0, "")
        assert installation.counts() == whole
    with installation.connect() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


CONFIRMED = """
import sys
from django.utils import timezone
from members.accounts.models import User
from members.imports.actions import confirm_list, receive_list
from members.imports.kinds import ListKind
from members.imports.turning import turn_lists
from members.organisation.models import Organisation
from members.roles.actions import grant_role
from members.roles.models import Role
now = timezone.now()
user = User.objects.create(username="zuzhi")
grant_role(user=user, role=Role.ORGANISER, organisation=Organisation.objects.get(), actor=None, now=now)
with open({file!r}, "rb") as file:
    incoming = receive_list(file=file, file_name="党员.xlsx", kind=ListKind.MEMBERS, actor=user, now=now)
turn_lists(now=now)
incoming.refresh_from_db()
assert confirm_list(incoming=incoming), incoming.step
"""
TURNED = """
from django.utils import timezone
from members.imports.turning import turn_lists
turn_lists(now=timezone.now())
"""


def test_a_worker_killed_while_it_imports_leaves_nothing_half_and_the_next_one_finishes(installation, files):
    house = installation
    assert house.run("import_organisations", files[0]) == (0, "")
    assert house.run("shell", "-v0", "-c", CONFIRMED.format(file=files[1])) == (0, "")
    before = house.counts()
    whole = [PEOPLE, PEOPLE, PEOPLE, before[3] + 1, before[4] + 1]
    for delay in (0.05, 0.3):
        worker = house.start("shell", "-v0", "-c", TURNED)
        while worker.poll() is None and not house.is_locked():
            time.sleep(0.005)
        time.sleep(delay)
        worker.kill()
        worker.communicate()
        assert house.counts() in (before, whole)
    for _ in range(2):
        assert house.run("shell", "-v0", "-c", TURNED) == (0, "")
        assert house.counts() == whole


def test_a_locked_database_is_one_sentence_and_nothing_is_written(installation, files):
    before = installation.counts()
    with installation.connect() as connection:
        connection.execute("BEGIN IMMEDIATE")
        code, said = installation.run("import_members", files[1])
    assert code == 1
    assert len(said.splitlines()) == 1
    assert installation.counts() == before


def test_a_database_without_tables_is_one_sentence(tmp_path, files):
    code, said = Installation(tmp_path).run("import_organisations", files[0])
    assert code == 1
    assert len(said.splitlines()) == 1
