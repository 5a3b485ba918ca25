"""The second step of signing in: who has one, and who took it in this session."""

from datetime import datetime

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
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
