"""A lost second step: the security administrator resets it, for anybody but themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.administering import only_for
from members.accounts.credentials import NotReset
from members.accounts.credentials import reset_second_step as reset
from members.accounts.queries import accounts_for, accounts_named
from members.accounts.second_step import has_second_step
from members.audit.actions import record_event
from members.roles.models import Role


@require_safe
@only_for(Role.SECURITY_ADMIN)
def second_step(request: HttpRequest) -> HttpResponse:
    """Finds the account of whoever has lost telephone and recovery codes."""
    typed = request.GET.get("q", "").strip()
    found = accounts_named(typed, user=request.user)
    if typed:
        record_event("accounts.searched", now=timezone.now(), actor=request.user, detail={"found": len(found)})
    return render(request, "members/second_step.html", {"typed": typed, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Role.SECURITY_ADMIN)
def reset_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then resets; every open session of the account ends."""
    account = get_object_or_404(accounts_for(request.user), pk=pk)
    if request.method == "POST":
        try:
            is_reset = reset(user=account, actor=request.user, now=timezone.now())
        except NotReset as refusal:
            messages.warning(request, str(refusal))
        else:
            done, nothing = _("The second step is reset."), _("No second step was set up. Nothing has changed.")
            messages.success(request, done if is_reset else nothing)
        return redirect("members:second_step")
    record_event("account.seen", now=timezone.now(), actor=request.user, about=account)
    return render(request, "members/reset_second_step.html", {"account": account, "is_set": has_second_step(account)})
