from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

WORKER_SEEN = "worker-seen-at"
WORKER_SILENCE_SECONDS = 60


def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Database, cache and worker answer; 503 with what is missing while one of them does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    seen = cache.get(WORKER_SEEN)
    silence = timezone.now().timestamp() - seen if seen else None
    is_ready = silence is not None and silence < WORKER_SILENCE_SECONDS
    return JsonResponse({"database": True, "worker": is_ready}, status=200 if is_ready else 503)
