"""One-time passwords of sign-in cards: easy to read aloud and to type, hard to guess."""

import secrets
import unicodedata
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.accounts.locks import unlock
from members.accounts.models import Member, User
from members.audit.actions import record_event

# Of signs that look alike one stays, or none: 0 O, 1 I L, 5 S, 8 B are out; 2 without Z, 6 without G, V without U.
ALPHABET = "ACDEFHJKMNPQRTVWXY234679"
LENGTH = 8
GOOD_FOR = timedelta(days=30)


class NoCard(Exception):
    """A sentence: why this account gets no card."""


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def shown_code(code: str) -> str:
    """K7M2-9QPA: as it stands on the card."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def plain_code(typed: str) -> str:
    """What was typed, without case, blanks and hyphens."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum())


def issue_code(*, actor: User | None, now: datetime, member: Member | None = None, user: User | None = None) -> str:
    """A fresh card for a member (an account is made where there is none) or for an account: what stands on it.

    The password before it, an earlier card, every open session and a lock end with it.
    """
    code = new_code()
    sealed = make_password(code)  # slow on purpose: outside the transaction, or every other writer waits for it
    with transaction.atomic():
        if member is None:
            member = Member.objects.filter(user=user).select_related("user").first()
        _check_may_have_a_card(member, user)
        user = user or _account_of(member)
        user.password, user.one_time_until = sealed, now + GOOD_FOR
        user.save(update_fields=["password", "one_time_until"])
        unit = member.organisation_now() if member is not None else None
        record_event("account.card_issued", now=now, actor=actor, about=user, organisation=unit.code if unit else "")
    unlock(user)
    return shown_code(code)


def _check_may_have_a_card(member: Member | None, user: User | None) -> None:
    if member is not None and member.ended_on is not None:
        raise NoCard(_("The membership here has ended; it must be reversed before a card can be issued."))
    account = user or member.user
    if account is not None and not account.is_active:
        raise NoCard(_("This account is closed; it must be opened again before a card can be issued."))


def _account_of(member: Member) -> User:
    """The member's account; made, with the member's number for a name, where there is none yet."""
    if member.user is not None:
        return member.user
    user = User.objects.create(username=member.number, display_name=member.name)
    member.user = user
    member.save(update_fields=["user"])
    return user
