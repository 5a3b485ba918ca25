"""Policies that hold for a whole branch of addresses."""

from collections.abc import Callable
from urllib.parse import urlencode

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.context import general
from members.accounts.second_step import ask_second_step, has_taken_second_step
from members.accounts.sessions import follow_session
from members.roles.cms_groups import fit_groups
from members.roles.models import Role
from members.roles.policies import has_role, must_take_two_steps

Handler = Callable[[HttpRequest], HttpResponse]

CMS = "/cms/"
# Answered without asking who is there: a beacon and a probe have no session, a file's address is signed.
SESSIONLESS = ("/study/heartbeat/", "/healthz", "/readyz", "/media/", "/uploads/")
# Open before the second step is taken: to set it up and take it, to leave, to read more easily.
BEFORE_SECOND_STEP = (
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
    "/accounts/password/",
    "/accounts/logout/",
    "/accounts/mode/",
)
DEMO = "installation.demo"
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def policy_by_path(handle: Handler) -> Handler:
    """Strict rules for the browser everywhere; looser ones in the CMS, whose pages hold inline scripts."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if request.path_info.startswith(CMS):
            # A preview was rendered as a page of the site and bears the strict policy, which lets nobody frame it.
            response.headers.pop(HEADER, None)
            response._csp_config = settings.CMS_CONTENT_SECURITY_POLICY
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return CSPMiddleware(answer)


def sessions_are_followed(handle: Handler) -> Handler:
    """What the owner sees of a session keeps to it, and a shared one holds on while somebody is there."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if not request.path_info.startswith(SESSIONLESS) and request.user.is_authenticated:
            follow_session(request, now=timezone.now())
        return response

    return answer


def choose_password_first(handle: Handler) -> Handler:
    """Who came in with a sign-in card chooses a password before anything else; an ended account is signed out."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(SESSIONLESS):
            return handle(request)
        user = request.user
        if not user.is_authenticated:
            if SESSION_KEY in request.session:
                request.session.flush()
            return handle(request)
        choose = reverse("members:choose_password")
        free = (choose, reverse("account_logout"), reverse("members:mode"))
        if not user.must_choose_password or request.path_info in free:
            return handle(request)
        wanted = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{choose}?{urlencode({'next': wanted})}")

    return answer


class SecondStepFirst:
    """Whoever holds a role that asks for it takes the second step before anything else; a demonstration waives it.

    After the typed text: a form that was sent meanwhile is kept as a draft.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.handle(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if request.path_info.startswith((*SESSIONLESS, *BEFORE_SECOND_STEP)) or not request.user.is_authenticated:
            return None
        if has_taken_second_step(request) or not must_take_two_steps(request.user) or general[DEMO] is True:
            return None
        why = _("Whoever has this duty signs in with two steps. Please set up the second one first.")
        return ask_second_step(request, why, now=timezone.now())


def editors_only_in_cms(handle: Handler) -> Handler:
    """A live editor grant and the second step of signing in: nothing else opens the CMS."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(CMS):
            return handle(request)
        user, now = request.user, timezone.now()
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        fit_groups(user, now)
        if not has_role(user, Role.EDITOR, now):
            raise PermissionDenied
        why = _("Editors sign in with two steps. Please set up the second one first.")
        return ask_second_step(request, why, now=now) or handle(request)

    return answer
