"""The second step of signing in: who has one, and who took it in this session."""

from datetime import datetime

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from members.organisation.rules import Rule

METHOD = "mfa"


STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(user) -> bool:
    return Authenticator.objects.filter(user=user, type__in=STEPS).exists()


def knows_passkeys(request: HttpRequest) -> bool:
    """Browsers make passkeys only under TLS, and on the very machine for whoever tries it out."""
    return request.is_secure() or request.get_host().partition(":")[0] == "localhost"


def has_taken_second_step(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == METHOD for record in records)


def note_second_step(request: HttpRequest, step_type: str) -> None:
    """It was taken in this session."""
    record_authentication(request, request.user, METHOD, type=step_type, reauthenticated=True)


def forget_second_step(request: HttpRequest) -> None:
    """Whoever switched off the last way to take it has not taken it in this session either."""
    if has_second_step(request.user):
        return
    kept = [each for each in get_authentication_records(request, request.user) if each.get("method") != METHOD]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def is_second_step_waived(now: datetime) -> bool:
    """Only in a demonstration, whose cards hang on the wall."""
    try:
        return Rule.objects.value("installation.demo", on=timezone.localdate(now)) is True
    except Rule.DoesNotExist:
        return False


def ask_second_step(request: HttpRequest, why: str, *, now: datetime) -> HttpResponse | None:
    """Where to go first: to set up the second step, or to take it in this session; nothing once it was taken."""
    if has_taken_second_step(request) or is_second_step_waived(now):
        return None
    if not has_second_step(request.user):
        messages.info(request, why)
        return redirect("mfa_activate_totp")
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return redirect_to_login(wanted, reverse("mfa_reauthenticate"))
