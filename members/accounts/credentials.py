"""What a person changes about signing in."""

from datetime import datetime

from django.db import transaction

from members.accounts.models import User
from members.audit.actions import record_event


def choose_password(*, user: User, password: str, now: datetime) -> None:
    """The person's own password from now on; a card is void, and sessions opened before it end."""
    user.set_password(password)  # slow on purpose: before the transaction, or every other writer waits for it
    user.one_time_until = None
    with transaction.atomic():
        user.save(update_fields=["password", "one_time_until"])
        record_event("account.password_chosen", now=now, actor=user, about=user)


def set_elder_mode(*, user: User, is_elder: bool) -> None:
    """What this person chose holds on every device from now on."""
    user.elder_mode = is_elder
    user.save(update_fields=["elder_mode"])


def end_other_sessions(*, user: User, now: datetime) -> None:
    """Every session opened before ends at its next request; the caller keeps its own by `update_session_auth_hash`."""
    user.session_round += 1
    with transaction.atomic():
        user.save(update_fields=["session_round"])
        record_event("account.sessions_ended", now=now, actor=user, about=user)
