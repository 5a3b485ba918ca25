from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.accounts.backend import account_named
from members.accounts.credentials import choose_password
from members.accounts.failures import note_failure
from members.accounts.locks import counter_of
from members.accounts.models import User
from members.accounts.sessions import forget_session, open_session
from members.audit.actions import record_event


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts come from the register, never from a form."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("This is not your password. Please look at it once more."),
        "enter_current_password": _("This is not the password you have used so far. Please look at it once more."),
        "too_many_login_attempts": _("That was too many tries. Please wait five minutes and try again."),
        "rate_limited": _("That was too many tries. Please wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """One counter for an account, whether its number or its telephone was typed and by whatever host name."""
        typed = credentials.get("username", "")
        user = account_named(typed)
        return counter_of(user) if user else f"typed:{typed.casefold()}"

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")

    def login(self, request: HttpRequest, user: User) -> None:
        """Opens the session, and writes it down."""
        super().login(request, user)
        open_session(request, user, now=timezone.now())
        record_event("account.signed_in", now=timezone.now(), actor=user, about=user)

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        note_failure(account_named(credentials.get("username") or ""), now=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        session_key = request.session.session_key
        super().logout(request)
        forget_session(session_key)

    def set_password(self, user: User, password: str) -> None:
        choose_password(user=user, password=password, now=timezone.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("members:me")


class TwoStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("These digits do not fit. Codes change every half minute: please type the one shown now."),
    }
