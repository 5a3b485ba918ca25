"""What a person changes about signing in."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from members.accounts.models import User
from members.audit.actions import record_event


class NotReset(Exception):
    """A sentence: why the second step stays as it is."""


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


def reset_second_step(*, user: User, actor: User | None, now: datetime) -> bool:
    """The app, the passkeys and the recovery codes let nobody in any more, and every open session ends.

    Who needs a second step sets up a new one at the next sign-in. False where there was none. Nobody resets their own.
    """
    if actor is not None and actor.pk == user.pk:
        raise NotReset(_("Nobody resets their own second step. Another security administrator does it."))
    with transaction.atomic():
        number, _each = Authenticator.objects.filter(user=user).delete()
        if number:
            User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
            record_event("account.second_step_reset", now=now, actor=actor, about=user)
    return bool(number)
