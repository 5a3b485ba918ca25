from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.claims.actions import AlreadyDecided, approve_claim, decline_claim, propose_hours
from learning.claims.forms import ClaimForm, DeclineForm
from learning.claims.models import ClaimState, HoursClaim
from members.accounts.models import Member
from members.audit.actions import record_event
from members.checkins.once import key_of, new_word
from members.roles.policies import led_paths, organised_paths, under

SHOWN = 30


@require_safe
@login_required
def claims(request: HttpRequest) -> HttpResponse:
    """Hours entered by hand in the units that I lead: what is mine to decide, what waits, what was decided."""
    if not led_paths(request.user):
        raise Http404
    led = HoursClaim.objects.led_by(request.user).select_related("member")
    mine = HoursClaim.objects.judged_by(request.user).waiting().values("pk")
    waiting = list(led.waiting().order_by("proposed_at", "pk"))
    judged = set(led.filter(pk__in=mine).values_list("pk", flat=True))
    context = {
        "to_decide": [claim for claim in waiting if claim.pk in judged],
        "waiting": [claim for claim in waiting if claim.pk not in judged],
        "decided": list(led.decided().order_by("-decided_at", "-pk")[:SHOWN]),
    }
    people = len(waiting) + len(context["decided"])
    record_event("hours.claims_seen", now=timezone.now(), actor=request.user, detail={"people": people})
    return render(request, "learning/claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim_new(request: HttpRequest) -> HttpResponse:
    """Hours of a member that nothing here has recorded."""
    if not led_paths(request.user):
        raise Http404
    once = request.POST.get("once") or new_word()
    first = {"who": request.GET.get("number", "")[:20], "category": "training"}
    form = ClaimForm(request.POST if request.method == "POST" else None, user=request.user, initial=first)
    if form.is_bound and form.is_valid():
        member = form.cleaned_data["who"]
        made = propose_hours(
            member=member,
            said=form.said(),
            actor=request.user,
            may_judge=_may_judge(request.user, member),
            now=timezone.now(),
            sent_key=key_of(request.user.pk, once),
        )
        is_done = made.state == ClaimState.APPROVED
        waits = _("It waits for the organiser; the hours count once it is approved.")
        messages.success(request, _("Recorded, and the member has been told.") if is_done else waits)
        return redirect("learning:claims")
    context = {"form": form, "once": once}
    return render(request, "learning/claim_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry by hand; whoever organises the member approves or declines it, but never their own."""
    shown = get_object_or_404(HoursClaim.objects.led_by(request.user).select_related("member", "decided_by"), pk=pk)
    may_decide = HoursClaim.objects.judged_by(request.user).waiting().filter(pk=pk).exists()
    form = DeclineForm(request.POST if request.POST.get("deed") == "decline" else None)
    now = timezone.now()
    if request.method == "POST":
        if not HoursClaim.objects.judged_by(request.user).filter(pk=pk).exists():
            raise Http404
        if request.POST.get("deed") == "approve" or form.is_valid():
            return _decide(request, shown, form)
    unit = shown.member.organisation_now()
    record_event("hours.claims_seen", now=now, actor=request.user, organisation=unit.code if unit else "", about=shown)
    context = {"claim": shown, "unit": unit, "form": form, "may_decide": may_decide}
    return render(request, "learning/claim.html", context, status=422 if request.method == "POST" else 200)


def _decide(request: HttpRequest, shown: HoursClaim, form: DeclineForm) -> HttpResponse:
    stamp = {"claim": shown, "actor": request.user, "now": timezone.now()}
    try:
        if form.is_bound:
            decline_claim(reason=form.cleaned_data["reason"], **stamp)
            messages.success(request, _("Not recorded. Whoever proposed it reads why."))
        else:
            approve_claim(**stamp)
            messages.success(request, _("Recorded, and the member has been told."))
    except AlreadyDecided:
        messages.warning(request, _("Somebody has decided meanwhile. Please look once more."))
        return redirect("learning:claim", pk=shown.pk)
    return redirect("learning:claims")


def _may_judge(user, member: Member) -> bool:
    """An organiser of the member, whose own hours somebody else approves."""
    organised = under("affiliations__organisation__path", organised_paths(user))
    there = Member.objects.led_by(user).filter(organised, affiliations__until=None, pk=member.pk)
    return there.exclude(user_id=user.pk).exists()
