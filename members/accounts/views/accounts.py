"""The system administrator's pages: accounts, never roles."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts.administering import only_for
from members.accounts.cards import issue_staff_card, new_turn, take_turn
from members.accounts.locks import locked_until
from members.accounts.people import say_account
from members.accounts.queries import accounts_for, accounts_named
from members.accounts.staff import NotChanged, close_account, make_staff_account, open_account
from members.accounts.staff_forms import StaffForm
from members.accounts.views.people import show_cards
from members.audit.actions import record_event
from members.roles.models import Role
from members.roles.policies import holds_a_role


@require_safe
@only_for(Role.SYSTEM_ADMIN)
def accounts(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "").strip()
    found = accounts_named(typed, user=request.user)
    if typed:
        record_event("accounts.searched", now=timezone.now(), actor=request.user, detail={"found": len(found)})
    return render(request, "members/accounts.html", {"typed": typed, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Role.SYSTEM_ADMIN)
def new_account(request: HttpRequest) -> HttpResponse:
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = make_staff_account(actor=request.user, now=timezone.now(), **form.cleaned_data)
        except NotChanged as refusal:
            form.add_error("username", str(refusal))
        else:
            messages.success(request, _("The account is made. Give the card next."))
            return redirect("members:account", pk=user.pk)
    return render(request, "members/new_account.html", {"form": form})


@require_safe
@only_for(Role.SYSTEM_ADMIN)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(accounts_for(request.user), pk=pk)
    now = timezone.now()
    record_event("account.seen", now=now, actor=request.user, about=user)
    context = {
        "account": user,
        "state": say_account(user, now=now),
        "locked_until": locked_until(user, now=now),
        "is_staff_account": _is_staffs(user),
        "turn": new_turn(),
    }
    return render(request, "members/account.html", context)


@require_POST
@only_for(Role.SYSTEM_ADMIN)
def account_card(request: HttpRequest, pk: int) -> HttpResponse:
    """A card for staff, and for members who have a role; the others get theirs from their secretary."""
    user = get_object_or_404(accounts_for(request.user), pk=pk)
    if user.pk == request.user.pk or not _is_staffs(user):
        messages.warning(request, _("This card is not yours to give."))
        return redirect("members:account", pk=pk)
    if not take_turn(request.POST.get("turn", "")):
        return render(request, "members/cards_shown.html", {"for_staff": True}, status=409)
    door = request.build_absolute_uri(reverse("members:card"))
    issued = issue_staff_card(user=user, actor=request.user, door=door, now=timezone.now())
    return show_cards(request, {"issued": issued, "for_staff": True})


@require_POST
@only_for(Role.SYSTEM_ADMIN)
def account_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes the account, or opens it again."""
    user = get_object_or_404(accounts_for(request.user), pk=pk)
    change = open_account if request.POST.get("open") == "1" else close_account
    try:
        change(user=user, actor=request.user, now=timezone.now())
    except NotChanged as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The account is open.") if user.is_active else _("The account is closed."))
    return redirect("members:account", pk=pk)


def _is_staffs(user) -> bool:
    return getattr(user, "member", None) is None or holds_a_role(user)
