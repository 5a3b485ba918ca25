"""Signing in and what belongs to it. allauth does the work; here are our words, our order and our limits."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts import credentials
from members.accounts.context import READ_COOKIE, READ_SIZES
from members.accounts.forms import CardForm, ChoosePasswordForm, NewPasswordForm, SignInForm
from members.accounts.views.addresses import own_address

YEAR_SECONDS = 365 * 24 * 60 * 60


class _SignIn(LoginView):
    form_class = SignInForm


class _Card(LoginView):
    form_class = CardForm
    template_name = "members/card.html"

    def get_initial(self) -> dict:
        """The code of a printed card leads here with the number, never with the one-time code."""
        return super().get_initial() | {"login": self.request.GET.get("number", "")[:20]}


class _ChangePassword(PasswordChangeView):
    form_class = NewPasswordForm


def account_login(request: HttpRequest) -> HttpResponse:
    return _SignIn.as_view()(request)


def card(request: HttpRequest) -> HttpResponse:
    """The same sign-in in the words of the card."""
    return _Card.as_view()(request)


def account_change_password(request: HttpRequest) -> HttpResponse:
    return _ChangePassword.as_view()(request)


@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choose_password(request: HttpRequest) -> HttpResponse:
    """After a card: a password of one's own. The button «show» sends the form round once and loses nothing."""
    if not request.user.must_choose_password:
        return redirect("account_change_password")
    wanted = own_address(request, request.POST.get("next") or request.GET.get("next"))
    is_shown = "show" in request.POST or request.POST.get("shown") == "1"
    is_sent = request.method == "POST" and "show" not in request.POST and "hide" not in request.POST
    if "hide" in request.POST:
        is_shown = False
    typed = {"data": request.POST} if is_sent else {"initial": request.POST.dict()}
    form = ChoosePasswordForm(user=request.user, is_shown=is_shown, **typed)
    if is_sent and form.is_valid():
        credentials.choose_password(user=request.user, password=form.cleaned_data["password1"], now=timezone.now())
        update_session_auth_hash(request, request.user)
        reauthenticate_by_password(request)  # whoever has just typed it twice is not asked for it again
        messages.success(request, _("Your password is set. From now on, sign in with it; the card is void."))
        return redirect(wanted)
    return render(request, "members/choose_password.html", {"form": form, "is_shown": is_shown, "next": wanted})


@require_POST
def mode(request: HttpRequest) -> HttpResponse:
    """Elder mode and the size of reading text, for this browser; elder mode also for the account."""
    response = redirect(own_address(request, request.POST.get("next")))
    if "elder" in request.POST:
        is_elder = request.POST["elder"] == "1"
        if request.user.is_authenticated:
            credentials.set_elder_mode(user=request.user, is_elder=is_elder)
        _remember(request, response, settings.ELDER_COOKIE, "1" if is_elder else "0")
    if request.POST.get("read") in ("", *READ_SIZES):
        _remember(request, response, READ_COOKIE, request.POST["read"])
    return response


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    secure = request.is_secure()
    response.set_cookie(name, value, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Whom to call: a new password comes from a person; by mail where there is a mail server and an own address."""
    return render(request, "members/forgotten.html", {"mail_is_set_up": settings.MAIL_IS_SET_UP})


def to_sign_in(request: HttpRequest, **ignored) -> HttpResponse:
    """Where Wagtail has a door of its own, the one sign-in stands."""
    return redirect("account_login")


def to_own_page(request: HttpRequest, **ignored) -> HttpResponse:
    """Name, mode and password of an editor are those of the person, kept in one place."""
    return redirect("members:me")


def closed(request: HttpRequest, **ignored) -> HttpResponse:
    raise Http404


def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "members/too_many.html", status=429)
