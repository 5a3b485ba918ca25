"""A member reads and answers the consent before studying; nothing else waits for it."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from members.accounts.consenting import must_be_asked

Handler = Callable[[HttpRequest], HttpResponse]
STUDYING = ("/study/", "/quizzes/")


def ask_consent_first(handle: Handler) -> Handler:
    """Asked on the way to the first page, to study and to quizzes. What is being sent is never turned away."""

    def answer(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        is_asked_here = path == "/" or path.startswith(STUDYING)
        if request.method in ("GET", "HEAD") and is_asked_here and must_be_asked(request.user):
            return ask_consent(request)
        return handle(request)

    return answer


def ask_consent(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('privacy:consent')}?{urlencode({'next': request.get_full_path()})}")
