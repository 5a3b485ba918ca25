"""The floor: the same server and framework, a POST that answers what was sent, and nothing else."""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.echo_settings"

from django.core.wsgi import get_wsgi_application  # noqa: E402 — the settings must be named before
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402


def echo(request: HttpRequest) -> JsonResponse:
    response = JsonResponse(json.loads(request.body or b"{}"))
    response.headers["Content-Length"] = str(len(response.content))
    return response


urlpatterns = [path("echo/", echo)]
application = get_wsgi_application()
