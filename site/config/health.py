"""Whether the house answers, for whoever watches over it; says nothing about people."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

WORKER_SEEN = "worker-seen-at"
WORKER_SILENCE_SECONDS = 60


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, cache and worker answer; 503 with what is missing while one of them does not."""
    found = {name: _holds(question) for name, question in QUESTIONS.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def cache_answers() -> bool:
    cache.get(WORKER_SEEN)
    return True


def worker_answers() -> bool:
    """The quick worker has said within a minute that it is there."""
    seen = cache.get(WORKER_SEEN)
    return seen is not None and timezone.now().timestamp() - seen < WORKER_SILENCE_SECONDS


def _holds(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except Exception:  # whatever it is that broke, the answer is no
        return False


QUESTIONS = {"database": database_answers, "cache": cache_answers, "worker": worker_answers}
