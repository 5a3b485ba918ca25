"""Pages for what went wrong: what happened, and what to do, in plain words."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from members.accounts.context import general
from members.accounts.typed_text import hand_back


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came cannot be read, so nothing of it can be kept here; the way back leads to what the device kept."""
    is_host_ours = not isinstance(exception, DisallowedHost)
    back = _page_before(request) if is_host_ours else ""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return render(request, "errors/bad_request.html", {"back": back}, status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/forbidden.html", status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Back to the same form with everything typed; where the form is not kept, what came can be sent once more."""
    return hand_back(request) or render(
        request, "errors/stale_form.html", {"typed": _typed(request), "back": "/"}, status=403
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form of ours. A form that came from elsewhere is not offered again; no secret is written down."""
    own = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") != own:
        return []
    names = [name for name in request.POST if name != "csrfmiddlewaretoken" and "password" not in name]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks neither the database nor the session: either may be what broke. What is known of the house is remembered."""
    phone = general.facts.get("installation.help_phone", "")
    house = {
        "name": general.facts.get("name", ""),
        "elder": request.COOKIES.get(settings.ELDER_COOKIE) == "1",
        "help_phone": phone,
        "help_tel": "".join(sign for sign in phone if sign.isdigit() or sign == "+"),
    }
    typed = getattr(request, "typed", None)  # kept before anything could break
    context = {"house": house, "back": typed.back if typed else ""}
    return HttpResponse(render_to_string("errors/server_error.html", context), status=500)


def _page_before(request: HttpRequest) -> str:
    """The whole address of the page with the form, if it is one of ours."""
    before = request.headers.get("Referer", "")
    return before if urlsplit(before).netloc == request.get_host() else ""
