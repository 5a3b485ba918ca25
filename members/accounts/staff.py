"""What the system administrator does about accounts. Roles are not granted here, by nobody."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.accounts.models import User
from members.audit.actions import record_event


class NotChanged(Exception):
    """A sentence: why this account stays as it is."""


@transaction.atomic
def make_staff_account(*, username: str, display_name: str, actor: User | None, now: datetime) -> User:
    """An account of somebody who is no member here; it opens with a card and can do nothing without a role."""
    if User.objects.filter(username=username).exists():
        raise NotChanged(_("There is an account of this name already. Please choose another one."))
    user = User.objects.create(username=username, display_name=display_name, password=make_password(None))
    record_event("account.made", now=now, actor=actor, about=user)
    return user


@transaction.atomic
def close_account(*, user: User, actor: User, now: datetime) -> None:
    """No sign-in from now on; sessions end at their next request. Closing twice changes nothing."""
    if user.pk == actor.pk:
        raise NotChanged(_("Nobody closes their own account."))
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        user.is_active = False
        record_event("account.closed", now=now, actor=actor, about=user)


@transaction.atomic
def open_account(*, user: User, actor: User, now: datetime) -> None:
    """The account may sign in again, with the password it had. Opening twice changes nothing."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        user.is_active = True
        record_event("account.opened", now=now, actor=actor, about=user)
