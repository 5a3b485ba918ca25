"""A beat written as one would at first: `get_or_create`, change, `save`, each in a transaction of its own."""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.naive_settings"

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

application = get_wsgi_application()

from learning.progress.models import Progress  # noqa: E402 — Django must be set up first
from learning.progress.spans import covered, merged  # noqa: E402
from learning.study.visits import read_visit  # noqa: E402


def beat(request: HttpRequest) -> JsonResponse:
    now, sent = timezone.now(), json.loads(request.body)
    visit = read_visit(sent["visit"], now=now)
    fresh = {"started_at": now, "touched_at": now}
    progress, _ = Progress.objects.get_or_create(member_id=visit.member_id, item_id=visit.item_id, defaults=fresh)
    progress.spans = merged([*progress.spans, *sent["spans"]])
    progress.covered_seconds = covered(progress.spans, 36_000, 3)
    progress.position_seconds, progress.touched_at = sent["position"], now
    progress.save()
    response = JsonResponse({"covered": progress.covered_seconds})
    response.headers["Content-Length"] = str(len(response.content))
    return response


def is_up(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("naive/", beat), path("healthz", is_up)]
