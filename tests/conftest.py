"""What holds for every test: no way out of the machine, both databases, nothing skipped in silence."""

import ipaddress
import os
import socket
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connection, connections
from django.http import HttpRequest
from pytest_django.plugin import blocking_manager_key

from learning.study.views import beats
from members.accounts.context import general

# How long an example takes says something about the machine, not about the rule.
SLOW = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large]
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=SLOW)
hypothesis.settings.load_profile("house")


def _is_here(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch):
    """The house calls nobody: a connection or a name look-up beyond this machine raises."""

    def guarded(real):
        def call(self, address, *rest):
            if self.family != socket.AF_UNIX and not _is_here(address[0]):
                raise AssertionError(f"A test tried to connect to {address}")
            return real(self, address, *rest)

        return call

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def look_up_here(host, *rest, **options):
        if not _is_here(host):
            raise AssertionError(f"A test tried to look up {host}")
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)


@pytest.fixture(autouse=True)
def audit_can_be_emptied(request):
    """A test with real transactions empties the tables afterwards; the guard of the audit log steps aside for it."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    guards = ["0003_audit_is_insert_only", "0028_the_audit_log_has_a_horizon"]
    migrations = [import_module(f"members.migrations.{name}") for name in guards]
    with connection.schema_editor() as editor:
        for migration in reversed(migrations):
            migration.unguard(None, editor)
        editor.execute("DELETE FROM members_auditevent")
        editor.execute("DELETE FROM members_audithorizon")
        for migration in migrations:
            migration.guard(None, editor)
    _empty_the_ledger()


def _empty_the_ledger() -> None:
    """PostgreSQL truncates, which asks no guard; SQLite deletes row by row."""
    if connection.vendor != "sqlite":
        return
    guard = import_module("learning.migrations.0017_the_ledger_is_append_only")
    plain = SimpleNamespace(connection=connection, execute=lambda sql, params=None: connection.cursor().execute(sql))
    guard.unguard(None, plain)
    with connection.constraint_checks_disabled():
        plain.execute("DELETE FROM learning_hoursentry")
    guard.guard(None, plain)


@pytest.fixture(autouse=True)
def the_writer_of_beats_lets_its_connection_go():
    """It has one of its own, and a database that somebody holds cannot be emptied or dropped."""
    yield
    beats.stop()


@pytest.fixture(autouse=True)
def nothing_is_known_yet():
    """What the frame of a page keeps for a moment, and where a log ended, belong to the test that read it."""
    general.forget()
    Path(settings.AUDIT_HEADS_FILE).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def who_is_let_in_took_both_steps():
    """`force_login` stands for a whole sign-in, with the second step; what asks for it is tested by signing in."""

    def note(sender, request, user, **rest):
        if type(request) is HttpRequest:
            record_authentication(request, user, "mfa", type="totp")

    user_logged_in.connect(note)
    yield
    user_logged_in.disconnect(note)


def pytest_collection_modifyitems(config, items):
    """Every test with a database has the cache's too; PostgreSQL's tests belong to runs on PostgreSQL."""
    kept, left_out = [], []
    for item in items:
        _give_both_databases(item)
        is_elsewhere = item.get_closest_marker("postgres") and connection.vendor != "postgresql"
        (left_out if is_elsewhere else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _give_both_databases(item) -> None:
    marker = item.get_closest_marker("django_db")
    wants = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    if marker is None and not wants:
        return
    options = {"databases": ["default", "cache"], **(marker.kwargs if marker else {})}
    if wants - {"db"}:
        options["transaction"] = True
    if options.get("transaction"):
        options["serialized_rollback"] = True  # what migrations wrote (rules, the page tree) is there in every test
    item.add_marker(pytest.mark.django_db(**options), append=False)


def _empties_the_tables(item) -> bool:
    marker = item.get_closest_marker("django_db") if item is not None else None
    return marker is not None and bool(marker.kwargs.get("transaction"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """After a test with real transactions the tables are empty: what migrations wrote comes back for the next one.

    Django itself brings it back for tests of the same kind only, and side by side they come in any order.
    """
    yield
    if nextitem is not None and _empties_the_tables(item) and not _empties_the_tables(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            for each in connections.all():
                each.creation.deserialize_db_from_string(each._test_serialized_contents)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Where CI=true, a skipped test is a failed one: what was not run has not passed."""
    report = (yield).get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and in CI nothing may be skipped: {report.longrepr}"
