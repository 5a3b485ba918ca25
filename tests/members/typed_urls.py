"""The house with one more page: a form that keeps what is typed, and can be refused, taken, or break."""

from config.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401
from config.urls import urlpatterns as house
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html

FORM = (
    "<!doctype html><body><main><p>{}</p>"
    '<form method="post" data-keep="note:7"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<input type="hidden" name="draft" value="note:7"><input name="topic" value="">'
    '<input type="password" name="password"><input type="checkbox" name="kind" value="a" checked>'
    '<input type="checkbox" name="kind" value="b"><textarea name="minutes">\n</textarea></form></main></body>'
)


@login_required
def note(request: HttpRequest) -> HttpResponse:
    said = request.POST.get("minutes", "")
    if "break" in said:
        raise ValueError(said)
    if request.method == "POST" and "refuse" not in said:
        return redirect("/me/")
    return HttpResponse(format_html(FORM, "refused" if request.method == "POST" else "", get_token(request)))


urlpatterns = [path("notes/7/", note), *house]
