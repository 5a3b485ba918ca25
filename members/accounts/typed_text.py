"""Typed text is never lost: what a marked form (`data-keep`) sent is kept before anything can go wrong.

The middleware does it for every form of the house. Into each marked form it writes for whom and on which page the form
was shown, signed. What is sent is kept as that person's draft once the token is found good; a redirect means that the
form was taken and the draft goes. Whoever comes back to the page is offered the draft, and `?draft=KEY` shows the form
with everything typed in its fields: so a session that ended, a stale token or a fault of ours leads to the same form.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.device import device_key
from members.accounts.draft_keeping import drop_draft, keep_draft
from members.accounts.draft_offers import FORGET, ORIGIN, SALT, offer_drafts
from members.accounts.form_filling import Fields

KEY = "draft"
TAKEN = "taken"  # a cookie: what the device may forget, since the form was taken
NOT_TYPED = frozenset({KEY, ORIGIN, "csrfmiddlewaretoken"})
DOORS = ("/accounts/login/", "/accounts/reauthenticate/", "/accounts/2fa/", "/accounts/password/")
MONTH_SECONDS = 30 * 24 * 60 * 60
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Typed:
    """What one marked form sent: of whom, from which page, and what was typed."""

    key: str
    fields: Fields
    owner_id: int | None
    page: str

    @property
    def back(self) -> str:
        """The same form with everything typed."""
        return f"{self.page}{'&' if '?' in self.page else '?'}{urlencode({KEY: self.key})}"


class TypedTextIsKept:
    def __init__(self, handle: Callable[[HttpRequest], HttpResponse]) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_leaving = request.method == "POST" and request.path_info == reverse("account_logout")
        leaving = request.user if is_leaving and request.user.is_authenticated else None
        leaving_key = device_key(leaving.pk) if leaving else ""
        response = _after(request, self.handle(request))
        if leaving_key and not request.user.is_authenticated:
            tell_device(request, response, FORGET, leaving_key)
        return offer_drafts(request, response)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """The token was found good: kept before the view begins, so that not even a killed process loses it."""
        if request.method != "POST" or KEY not in request.POST:
            return None
        typed = keep_typed(request)
        if typed and request.user.is_authenticated and typed.owner_id != request.user.pk:
            return _not_yours(request, typed)
        return None


def keep_typed(request: HttpRequest) -> Typed | None:
    """Keeps what was sent for the person to whom the form was shown; nothing where nobody is known."""
    posted = request.POST
    shown_to, page = _origin(posted.get(ORIGIN, ""))
    owner = shown_to or (request.user.pk if request.user.is_authenticated else None)
    if owner is None:
        return None
    fields = {name: posted.getlist(name) for name in posted if name not in NOT_TYPED and "password" not in name}
    typed = Typed(posted[KEY], fields, owner, page or request.get_full_path())
    try:
        is_kept = keep_draft(user_id=owner, form_key=typed.key, fields=fields, now=timezone.now())
    except DatabaseError:  # what follows may still succeed, and says so itself where it does not
        log.exception("a draft could not be kept")
        is_kept = False
    request.typed = typed if is_kept else None
    return request.typed


def hand_back(request: HttpRequest) -> HttpResponse | None:
    """After a stale token: to the same form with everything typed, through the sign-in where the session has ended."""
    is_own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not is_own or KEY not in request.POST:
        return None
    if request.path_info == reverse("members:drafts"):
        return HttpResponse(status=403)
    typed = keep_typed(request)
    if typed is None:
        return None
    if not request.user.is_authenticated:
        request.typed = None
        return _to_sign_in(request, typed)
    if typed.owner_id != request.user.pk:
        return _not_yours(request, typed)
    request.typed = None
    messages.warning(request, _("Not sent yet; all you wrote is still here. Please look at it and send it once more."))
    return redirect(typed.back)


def _not_yours(request: HttpRequest, typed: Typed) -> HttpResponse:
    """The form stays a draft of the person to whom it was shown."""
    request.typed = None
    messages.warning(request, _("This page was opened by another person. Nothing was sent."))
    return redirect(typed.page)


def _after(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    typed = getattr(request, "typed", None)
    if typed is None or request.path_info == reverse("members:drafts"):
        return response
    if _is_taken(response):
        drop_draft(user_id=typed.owner_id, form_key=typed.key)
        tell_device(request, response, TAKEN, f"{device_key(typed.owner_id)}:{typed.key}")
    elif not request.user.is_authenticated and 300 <= response.status_code < 500:
        return _to_sign_in(request, typed)
    return response


def _is_taken(response: HttpResponse) -> bool:
    where = urlsplit(response.headers.get("Location", "")).path
    return response.status_code in (301, 302, 303) and not where.startswith(DOORS)


def _to_sign_in(request: HttpRequest, typed: Typed) -> HttpResponse:
    messages.warning(request, _("Your sign-in had run out; all you wrote is still here. Please sign in once more."))
    return redirect_to_login(typed.back)


def _origin(signed: str) -> tuple[int | None, str]:
    try:
        shown_to, page = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None, ""
    return shown_to, page


def tell_device(request: HttpRequest, response: HttpResponse, name: str, what: str) -> None:
    """For the script, which reads it at its next run and takes it away."""
    before = request.COOKIES.get(name, "").split("~")[-9:]
    told = "~".join(dict.fromkeys([*filter(None, before), quote(what, safe="")]))
    response.set_cookie(name, told, max_age=MONTH_SECONDS, secure=request.is_secure(), samesite="Lax")
