"""Who may come in, and with what."""

import unicodedata

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from members.accounts.codes import plain_code
from members.accounts.models import User
from members.accounts.phones import normalise_phone, phone_keys
from members.accounts.queries import in_front


def account_named(typed: str) -> User | None:
    """The one account of this member number or short name; or of this telephone, where only one account has it."""
    typed = "".join(unicodedata.normalize("NFKC", typed).split())
    accounts = User.objects.select_related("member")
    named = accounts.filter(username=typed).first()
    digits = normalise_phone(typed)
    if digits is None:
        return named
    # Asked even where the number was found: how long the answer takes says nothing about who exists.
    by_phone = [user for user in accounts.filter(member__phone_key__in=phone_keys(digits)) if user.is_admitted]
    return named or (by_phone[0] if len(by_phone) == 1 else None)


class CardOrPasswordBackend(ModelBackend):
    """Signs in with a password, or with the one-time password of a sign-in card while that is good.

    Every refusal takes the work of one hash and looks alike.
    """

    def authenticate(self, request, username=None, password=None, **others) -> User | None:
        if not username or not password:
            return None
        user = account_named(username)
        if user is None:
            make_password(password)
            return None
        offered = plain_code(password) if user.must_choose_password else password
        is_right = user.check_password(offered)
        return user if is_right and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User) -> bool:
        is_void = user.one_time_until is not None and user.one_time_until <= timezone.now()
        return user.is_admitted and not is_void

    def get_user(self, user_id: int) -> User | None:
        """Asked at every request: whoever may no longer come in is signed out by it."""
        user = in_front(timezone.now()).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
