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

from members.accounts.second_step import ask_second_step
from members.roles.cms_groups import fit_groups
from members.roles.models import Role
from members.roles.policies import has_role

Handler = Callable[[HttpRequest], HttpResponse]

CMS = "/cms/"
# Answered without asking who is there: a beacon and a probe have no session, a file's address is signed.
SESSIONLESS = ("/study/heartbeat/", "/healthz", "/readyz", "/media/", "/uploads/")
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
