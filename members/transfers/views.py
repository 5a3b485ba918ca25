"""转出/转入登记: both sides read one record; the giving one proposes, the receiving one answers."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.models import Member
from members.audit.actions import record_event
from members.roles.policies import led_paths
from members.transfers import actions
from members.transfers.forms import DeclineForm, ProposeForm
from members.transfers.models import Transfer
from members.transfers.queries import AT_MOST, by_name, find_receiving, past_rows, transfer_rows


@require_safe
@login_required
def transfers(request: HttpRequest) -> HttpResponse:
    """What waits for my answer, what I have proposed, and what is past."""
    if not led_paths(request.user):
        raise Http404
    asked = by_name(transfer_rows(Transfer.objects.asked_of(request.user).open(), user=request.user))
    given = by_name(transfer_rows(Transfer.objects.given_by(request.user).open(), user=request.user))
    record_event("transfers.seen", now=timezone.now(), actor=request.user, detail={"people": len(asked) + len(given)})
    context = {"asked": asked, "given": given, "past": past_rows(request.user)}
    return render(request, "members/transfers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """One record: the receiving side answers, the giving side may withdraw."""
    found = get_object_or_404(Transfer.objects.led_by(request.user).select_related("giving", "receiving"), pk=pk)
    if request.method != "POST":
        record_event("transfer.seen", now=timezone.now(), actor=request.user, about=found)
        return _shown(request, found, DeclineForm())
    answer = request.POST.get("answer", "")
    if answer == "withdraw":
        given = get_object_or_404(Transfer.objects.given_by(request.user), pk=pk)
        return _answered(request, given, actions.withdraw_transfer, _("Withdrawn. The member stays where they belong."))
    asked = get_object_or_404(Transfer.objects.asked_of(request.user), pk=pk)
    if answer == "accept":
        return _answered(request, asked, actions.accept_transfer, _("Received. From now on they belong to your unit."))
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form)
    said = _("Answered. The other unit reads your sentence.")
    return _answered(request, asked, actions.decline_transfer, said, **form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def propose_transfer(request: HttpRequest, number: str) -> HttpResponse:
    """Finds the receiving unit by name or code, says what follows, and asks it."""
    member = get_object_or_404(Member.objects.led_by(request.user).present(), number=number)
    home = member.organisation_now()
    form = ProposeForm(request.POST or None, home=home)
    if request.method == "POST" and form.is_valid():
        given = {"receiving": form.cleaned_data["unit"], "note": form.cleaned_data["note"]}
        try:
            found = actions.propose_transfer(member=member, actor=request.user, now=timezone.now(), **given)
        except actions.NotTransferred as refusal:
            form.add_error("unit", str(refusal))
        else:
            messages.success(request, _("The receiving unit is asked. Until it has answered, nothing changes."))
            return redirect("transfers:transfer", pk=found.pk)
    words = (request.POST or request.GET).get("q", "").strip()[:50]
    units = find_receiving(words, home)
    waiting = Transfer.objects.given_by(request.user).open().filter(member=member).first()
    context = {"member": member, "home": home, "form": form, "asked": words, "waiting": waiting}
    more = {"units": units[:AT_MOST], "is_more": len(units) > AT_MOST}
    return render(request, "members/propose_transfer.html", context | more)


def _shown(request: HttpRequest, found: Transfer, form: DeclineForm) -> HttpResponse:
    [row] = transfer_rows(Transfer.objects.led_by(request.user).filter(pk=found.pk), user=request.user)
    return render(request, "members/transfer.html", {"row": row, "form": form})


def _answered(request: HttpRequest, found: Transfer, action: Callable, success: str, **rest: str) -> HttpResponse:
    try:
        action(transfer=found, actor=request.user, now=timezone.now(), **rest)
    except actions.NotTransferred as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, success)
    return redirect("transfers:transfers")
