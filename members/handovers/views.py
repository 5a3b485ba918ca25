"""A post changes hands: what is open, who gives it, who takes it over; and what nobody holds any more."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.models import User
from members.audit.actions import record_event
from members.handovers.actions import (
    NotHanded,
    accept_handover,
    return_handover,
    start_handover,
    withdraw_handover,
)
from members.handovers.forms import ReturnForm, SuccessorForm
from members.handovers.models import Handover, HandoverQuerySet
from members.handovers.queries import (
    acting_now,
    grouped,
    held_by,
    listed,
    loose_rows,
    own_units,
    people_of,
    person_handing_over,
    recent,
    successors,
)
from members.organisation.models import Organisation

A_PAGE = 50
reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def handovers(request: HttpRequest) -> HttpResponse:
    """Hand-overs that concern me, and what is open in my units without anybody who answers for it."""
    units, rows = own_units(request.user), recent(request.user)
    if not units and not rows:
        raise Http404
    now = timezone.now()
    loose = loose_rows(request.user, now=now)
    code = units[0].code if units else ""
    record_event("handovers.seen", now=now, actor=request.user, organisation=code, detail={"things": len(loose)})
    context = {
        "units": units,
        "acting": acting_now(units[0], now=now) if units else [],
        "mine": [each for each in rows if each.is_open and each.successor_id == request.user.pk],
        "others": [each for each in rows if not (each.is_open and each.successor_id == request.user.pk)],
        "loose": Paginator(loose, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "members/handovers.html", context)


@reading_and_writing
@login_required
def handover_new(request: HttpRequest, code: str, holder_id: int) -> HttpResponse:
    """Everything open that one person holds in one unit, and who is to take it over."""
    unit = get_object_or_404(Organisation.objects.open(), code=code)
    now = timezone.now()
    leaving = person_handing_over(request.user, unit, holder_id, now=now)
    if leaving is None:
        raise Http404
    leaders = successors(unit, leaving, request.user, now=now)
    data = request.POST if request.method == "POST" else None
    form = SuccessorForm(data, leaders=leaders, people=people_of(unit))
    if form.is_valid():
        begun = _started(request, unit, leaving, form)
        if begun is not None:
            return redirect("handovers:handover", pk=begun.pk)
    record_event("handover.seen", now=now, actor=request.user, organisation=unit.code, about=leaving)
    context = {
        "unit": unit,
        "leaving": leaving,
        "is_own": leaving.pk == request.user.pk,
        "groups": grouped(held_by(leaving, unit, now=now)),
        "acting": acting_now(unit, now=now),
        "form": form,
    }
    return render(request, "members/handover_new.html", context, status=422 if form.errors else 200)


def _started(request: HttpRequest, unit: Organisation, leaving: User, form: SuccessorForm) -> Handover | None:
    try:
        return start_handover(
            organisation=unit, leaving=leaving, successor=form.successor, actor=request.user, now=timezone.now()
        )
    except NotHanded as refusal:
        form.add_error(None, str(refusal))
        return None


@reading_and_writing
@login_required
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-over: what was listed; the successor takes it over, or says what is missing."""
    found = get_object_or_404(_shown(request), pk=pk)
    form = ReturnForm(request.POST if request.POST.get("answer") == "return" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        _answered(request, found, form)
        return redirect("handovers:handover", pk=pk)
    now = timezone.now()
    record_event("handover.seen", now=now, actor=request.user, organisation=found.organisation.code, about=found)
    context = {
        "handover": found,
        "groups": listed(found, now=now) if _may_read(request, found) else [],
        "form": form,
        "is_successor": found.successor_id == request.user.pk,
        "may_withdraw": request.user.pk in (found.made_by_id, found.leaving_id),
    }
    return render(request, "members/handover.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, found: Handover, form: ReturnForm) -> None:
    """Only the successor takes over or returns, only who began it takes it back; nobody else is answered."""
    deed, said = request.POST.get("answer"), {"handover": found, "actor": request.user, "now": timezone.now()}
    is_successor = found.successor_id == request.user.pk
    try:
        if deed == "accept" and is_successor:
            accept_handover(**said)
            messages.success(request, _("Taken over. What could be passed on is yours now."))
        elif deed == "return" and is_successor:
            return_handover(**said, reason=form.cleaned_data["reason"])
            messages.success(request, _("Sent back. Whoever hands over reads your sentence."))
        elif deed == "withdraw" and request.user.pk in (found.made_by_id, found.leaving_id):
            withdraw_handover(**said)
            messages.success(request, _("Taken back. Nothing has changed hands."))
        else:
            raise Http404
    except NotHanded as refusal:
        messages.error(request, str(refusal))


@require_safe
@login_required
def handover_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as an A4 page, with lines for the signatures."""
    found = get_object_or_404(_shown(request), pk=pk)
    if not _may_read(request, found):
        raise Http404
    now = timezone.now()
    record_event("handover.seen", now=now, actor=request.user, organisation=found.organisation.code, about=found)
    context = {"handover": found, "groups": listed(found, now=now), "today": timezone.localdate(now)}
    return render(request, "members/handover_print.html", context)


def _may_read(request: HttpRequest, found: Handover) -> bool:
    """What was listed is read by all sides while it is open, then by the successor and by who leads the unit."""
    is_leader = Organisation.objects.led_by(request.user).filter(pk=found.organisation_id).exists()
    return found.is_open or is_leader or found.successor_id == request.user.pk


def _shown(request: HttpRequest) -> HandoverQuerySet:
    related = ("organisation", "leaving", "successor", "made_by")
    return Handover.objects.visible_to(request.user).select_related(*related).prefetch_related("lines")
