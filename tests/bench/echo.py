"""The floor: the same server and framework, a POST that answers what was sent, and nothing else."""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.echo_settings"

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path


def echo(request: HttpRequest) -> JsonResponse:
    response = JsonResponse(json.loads(request.body or b"{}"))
    response.headers["Content-Length"] = str(len(response.content))
    return response


urlpatterns = [path("echo/", echo)]
application = get_wsgi_application()
