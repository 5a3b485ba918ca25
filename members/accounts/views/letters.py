"""A forgotten password by e-mail, and one's own address for it. Where no mail server is set up, there is neither."""

import secrets

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts.forms import ChoosePasswordForm
from members.accounts.letter_forms import CodeForm, EmailForm
from members.accounts.letters import (
    account_of_letter,
    ask_for_letter,
    choose_password_by_letter,
    email_of,
    post,
    set_email,
)

PENDING = "email_pending"
OPENED = "letter_opened"
GOOD_FOR_SECONDS = 15 * 60
MOST_TRIES = 5
reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def ask_letter(request: HttpRequest) -> HttpResponse:
    """One answer, whatever was typed: it tells nobody who exists, and who has an address."""
    _only_with_mail()
    typed = request.POST.get("number", "")[:40]
    if typed.strip() and ratelimit.consume(request, action="reset_password", key=typed.casefold().strip()):
        ask_for_letter(typed=typed, now=timezone.now())
    return render(request, "members/letter_asked.html")


@require_safe
def open_letter(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The secret goes from the address into the session, so that it stands in no history and no log."""
    _only_with_mail()
    if account_of_letter(uid, token) is None:
        return render(request, "members/letter_void.html", status=410)
    request.session[OPENED] = [uid, token]
    return redirect("members:letter_password")


@sensitive_post_parameters("password1", "password2")
@reading_and_writing
def letter_password(request: HttpRequest) -> HttpResponse:
    _only_with_mail()
    user = account_of_letter(*request.session.get(OPENED, ("", "")))
    if user is None:
        return render(request, "members/letter_void.html", status=410)
    form = ChoosePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        choose_password_by_letter(user=user, password=form.cleaned_data["password1"], now=timezone.now())
        request.session.pop(OPENED, None)
        messages.success(request, _("Your password is set. Please sign in with it now."))
        return redirect("account_login")
    return render(request, "members/letter_password.html", {"form": form})


@sensitive_post_parameters("password")
@reading_and_writing
@login_required
def own_email(request: HttpRequest) -> HttpResponse:
    """A new address is told by a code that it can be read there; until then the old one stands."""
    _only_with_mail()
    form = EmailForm(request.POST or None, user=request.user, initial={"address": email_of(request.user)})
    if request.method == "POST":
        if not ratelimit.consume(request, action="manage_email", user=request.user):
            form.add_error(None, _("That was too many tries. Please wait an hour and try again."))
        elif form.is_valid():
            return _told(request, form)
    return render(request, "members/own_email.html", {"form": form}, status=422 if form.errors else 200)


@reading_and_writing
@login_required
def own_email_code(request: HttpRequest) -> HttpResponse:
    _only_with_mail()
    pending = request.session.get(PENDING) or {}
    if pending.get("until", 0) < timezone.now().timestamp() or pending["tries"] >= MOST_TRIES:
        request.session.pop(PENDING, None)
        messages.warning(request, _("The code has run out. Please begin again."))
        return redirect("members:own_email")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if constant_time_compare(_sealed(request, form.cleaned_data["code"].strip()), pending["code"]):
            set_email(user=request.user, address=pending["address"], now=timezone.now())
            del request.session[PENDING]
            messages.success(request, _("The address is set."))
            return redirect("members:me")
        request.session[PENDING] = pending | {"tries": pending["tries"] + 1}
        form.add_error("code", _("These are not the digits in the letter. Please look at them once more."))
    context = {"form": form, "address": pending["address"]}
    return render(request, "members/own_email_code.html", context, status=422 if form.errors else 200)


def _told(request: HttpRequest, form: EmailForm) -> HttpResponse:
    address, now = form.cleaned_data["address"], timezone.now()
    if not address:
        set_email(user=request.user, address="", now=now)
        messages.success(request, _("The address is taken away."))
        return redirect("members:me")
    code = f"{secrets.randbelow(10**6):06}"
    if not post(address, _("Your code: %(code)s") % {"code": code}, _("It is good for a quarter of an hour.")):
        form.add_error("address", _("The letter could not be sent. Please look at the address, or try again later."))
        return render(request, "members/own_email.html", {"form": form}, status=422)
    until = int(now.timestamp()) + GOOD_FOR_SECONDS
    request.session[PENDING] = {"address": address, "code": _sealed(request, code), "until": until, "tries": 0}
    return redirect("members:own_email_code")


def _sealed(request: HttpRequest, code: str) -> str:
    return salted_hmac("members.email", f"{request.user.pk}:{code}").hexdigest()


def _only_with_mail() -> None:
    if not settings.MAIL_IS_SET_UP:
        raise Http404
