from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.hours.forms import QuestionForm, TargetForm
from learning.hours.ledger import ledger_of, lines_of, with_words
from learning.hours.models import HoursEntry, HoursTarget
from learning.hours.questions import ask_about, sign_line
from learning.hours.setting import drop_target, set_target
from learning.hours.targets import asked_of
from members.accounts.models import Member
from members.audit.actions import record_event
from members.feedback.about import read_about
from members.feedback.models import FeedbackState
from members.feedback.refusals import REFUSED, say_refused
from members.roles.doors import for_organisers
from members.roles.policies import organised_paths, under


@require_safe
@login_required
def hours(request: HttpRequest) -> HttpResponse:
    """What my study hours are made of, a year at a time."""
    ledger = ledger_of(request, year=request.GET.get("year", ""), now=timezone.now())
    return render(request, "learning/hours.html", {"ledger": ledger})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hours_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line of the ledger: its owner asks about it, whoever leads the owner sees what is asked about."""
    own = with_words(HoursEntry.objects.visible_to(request.user)).filter(pk=pk).first()
    if own is None:
        return _led_line(request, pk)
    now = timezone.now()
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _asked(request, own, form):
        messages.success(request, _("Sent. Your words are kept here, and the answer will stand below them."))
        return redirect("learning:hours_line", pk=pk)
    [line] = lines_of([own], request=request)
    context = {
        "line": line,
        "entry": own,
        "form": None if line.question and line.question.state == FeedbackState.OPEN else form,
        "about": sign_line(own, now=now),
        "key": f"hours-question:{pk}",
    }
    return render(request, "learning/hours_line.html", context, status=422 if form.is_bound and form.errors else 200)


def _led_line(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        raise Http404
    led = get_object_or_404(with_words(HoursEntry.objects.led_by(request.user)), pk=pk)
    now = timezone.now()
    unit = led.member.organisation_now()
    record_event("hours.line_seen", now=now, actor=request.user, organisation=unit.code if unit else "", about=led)
    [line] = lines_of([led], request=request)
    context = {"line": line, "entry": led, "is_leader": True}
    return render(request, "learning/hours_line.html", context)


def _asked(request: HttpRequest, entry: HoursEntry, form: QuestionForm) -> bool:
    """Sends the question; where it cannot be sent, the form says why and keeps it."""
    now = timezone.now()
    try:
        about = read_about(request.POST.get("about", ""), now=now)
        ask_about(entry=entry, author=request.user, text=form.cleaned_data["text"], about=about, now=now)
    except REFUSED as refusal:
        form.add_error(None, say_refused(refusal))
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def hours_target(request: HttpRequest, number: str) -> HttpResponse:
    """How many hours are asked of this member this year, where it is not what the rules say."""
    organised = under("affiliations__organisation__path", organised_paths(request.user))
    led = Member.objects.led_by(request.user).present().filter(organised, affiliations__until=None)
    member = get_object_or_404(led, number=number)
    now = timezone.now()
    year = timezone.localdate(now).year
    target = HoursTarget.objects.led_by(request.user).filter(member=member, year=year).first()
    form = TargetForm(request.POST if request.method == "POST" else None, initial=_initial(target))
    if "drop" in request.POST:
        drop_target(member=member, year=year, actor=request.user, now=now)
        messages.success(request, _("The rules count again for this member."))
        return redirect("members:person", number=number)
    if form.is_bound and form.is_valid():
        set_target(member=member, year=year, **form.cleaned_data, actor=request.user, now=now)
        messages.success(request, _("The target is set, and the member has been told."))
        return redirect("members:person", number=number)
    asked = asked_of(member, on=timezone.localdate(now), unit=member.organisation_now())
    context = {"member": member, "form": form, "year": year, "target": target, "asked": asked}
    return render(request, "learning/hours_target.html", context, status=422 if form.is_bound else 200)


def _initial(target: HoursTarget | None) -> dict:
    return {"hours": target.hours.normalize(), "reason": target.reason} if target else {}
