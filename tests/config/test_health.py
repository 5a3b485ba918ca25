import pytest
from config.health import WORKER_SEEN, WORKER_SILENCE_SECONDS
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils import timezone

pytestmark = pytest.mark.django_db(databases=["default", "cache"])


@pytest.fixture
def worker_is_there():
    cache.set(WORKER_SEEN, timezone.now().timestamp(), timeout=None)
    yield
    cache.delete(WORKER_SEEN)


def test_the_house_is_ready_when_database_cache_and_worker_answer(client, worker_is_there):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": True, "worker": True})


def test_a_worker_that_was_never_heard_of_is_missing(client):
    cache.delete(WORKER_SEEN)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (503, False)


def test_a_worker_that_fell_silent_is_missing(client, worker_is_there):
    cache.set(WORKER_SEEN, timezone.now().timestamp() - WORKER_SILENCE_SECONDS - 1, timeout=None)
    assert client.get("/readyz").status_code == 503


def test_a_database_that_is_gone_is_told_and_not_a_crash(client, worker_is_there, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_the_web_process_alone_answers_healthz(client):
    assert client.get("/healthz").content == b"ok"
