"""Policies that hold for a whole branch of addresses."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def policy_by_path(handle: Handler) -> Handler:
    def answer(request: HttpRequest) -> HttpResponse:
        return handle(request)

    return answer


def choose_password_first(handle: Handler) -> Handler:
    def answer(request: HttpRequest) -> HttpResponse:
        return handle(request)

    return answer


def editors_only_in_cms(handle: Handler) -> Handler:
    def answer(request: HttpRequest) -> HttpResponse:
        return handle(request)

    return answer
