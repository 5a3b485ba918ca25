"""The second step of signing in: who has one, and who took it in this session."""

from datetime import datetime

from allauth.account.authentication import get_authentication_records
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


def has_second_step(user) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def has_taken_second_step(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == METHOD for record in records)


def note_second_step(request: HttpRequest) -> None:
    """Whoever has just set up the second step has shown that they can take it."""
    record_authentication(request, request.user, METHOD, type=Authenticator.Type.TOTP, reauthenticated=True)


def is_second_step_waived(now: datetime) -> bool:
    """Only in a demonstration, whose cards hang on the wall."""
    try:
        return Rule.objects.value("installation.demo", on=timezone.localdate(now)) is True
    except Rule.DoesNotExist:
        return False


def ask_second_step(request: HttpRequest, why: str, *, now: datetime) -> HttpResponse | None:
    """Where to go first: to set up the second step, or to take it in this session; nothing once it was taken."""
    if is_second_step_waived(now):
        return None
    if not has_second_step(request.user):
        messages.info(request, why)
        return redirect("mfa_activate_totp")
    if not has_taken_second_step(request):
        return redirect_to_login(request.get_full_path(), reverse("mfa_reauthenticate"))
    return None
