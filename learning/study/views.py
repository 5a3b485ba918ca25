import json
import math
from contextlib import suppress
from json import JSONDecodeError

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.completion.forms import HelpForm
from learning.completion.help_telling import say_told
from learning.completion.helping import ask_for_help, clear_help
from learning.completion.models import HelpNote, HelpReason
from learning.completion.tasks import wake_fold
from learning.courses.models import StudyItem, StudyPage
from learning.courses.wording import item_about, say_duration
from learning.progress.models import Confirmation, Progress
from learning.quizzes.actions import NothingToAsk
from learning.quizzes.models import Attempt, Quiz
from learning.study import actions, again
from learning.study.actions import declare_read, record_beats
from learning.study.admission import NotAdmitted
from learning.study.beats import Beat, Said
from learning.study.committing import Busy, Together
from learning.study.confirming import NotConfirmed, confirmable_items, confirmable_people
from learning.study.coverage import coverage_from
from learning.study.forms import ReasonForm
from learning.study.overview import overview_of
from learning.study.queries import address_of, page_view
from learning.study.visits import VisitRefused, read_visit
from members.accounts.consenting import must_be_asked
from members.accounts.models import Member
from members.organisation.models import Organisation
from members.privacy.middleware import ask_consent

MAX_BEAT_BYTES = 64 * 1024
MAX_SPANS = 500
RETRY_AFTER_SECONDS = 15

beats = Together(record_beats)


@require_POST
@login_required
def study_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins an item anew that a plan asks me to study once more, and leads to it."""
    item = get_object_or_404(StudyItem.objects.visible_to(request.user).select_related("page"), pk=pk)
    member = get_object_or_404(Member.objects.visible_to(request.user).present())
    if not request.user.has_consented:
        return ask_consent(request)
    try:
        again.study_again(member=member, item=item, now=timezone.now())
    except NotAdmitted as error:
        raise Http404 from error
    wake_fold()
    return redirect(address_of(item, request))


@require_safe
@login_required
def study(request: HttpRequest) -> HttpResponse:
    """What I still owe this year, and where I was."""
    note = HelpNote.objects.visible_to(request.user).open().first()
    overview = overview_of(request, now=timezone.now(), plan=request.GET.get("plan", ""))
    context = {"overview": overview, "help_said": say_told(note) if note else ""}
    return render(request, "learning/study.html", context)


def study_page(request: HttpRequest, page: StudyPage) -> HttpResponse:
    """A Wagtail page that can be studied, for this visitor."""
    if not type(page).objects.visible_to(request.user).filter(pk=page.pk).exists():
        return _closed_page(request, page)
    if must_be_asked(request.user):
        return ask_consent(request)
    context = page.get_context(request) | page_view(page, request=request, now=timezone.now())
    return render(request, page.get_template(request), context)


def _closed_page(request: HttpRequest, page: StudyPage) -> HttpResponse:
    if type(page).objects.withdrawn_from(request.user).filter(pk=page.pk).exists():
        return render(request, "learning/withdrawn.html", {"page": page}, status=410)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """«I have read it», said where no script notes it: taken as far as the server's clock allows."""
    now, signed = timezone.now(), request.POST.get("visit", "")
    try:
        visit = read_visit(signed, now=now)
        get_object_or_404(Member.objects.visible_to(request.user).present(), pk=visit.member_id)
        item = get_object_or_404(StudyItem.objects.visible_to(request.user).texts(), pk=visit.item_id)
        wait = declare_read(visit, now=now)
    except (VisitRefused, NotAdmitted):
        messages.warning(request, _("That page had been open too long. Open it anew and read it once more."))
        return redirect("learning:study")
    if not wait:
        wake_fold()
        return redirect(item.page.get_url(request) + "#reading-end")
    page = item.page.specific
    context = page.get_context(request) | page_view(page, request=request, now=now, visit=signed)
    context |= {"wait": say_duration(wait), "back": page.get_url(request)}
    return render(request, page.get_template(request), context, status=422)


@require_POST
@login_required
def begin_quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """Draws my questions, or leads back to those drawn before."""
    quiz = get_object_or_404(Quiz.objects.visible_to(request.user).select_related("bank", "item"), pk=pk)
    member = get_object_or_404(Member.objects.visible_to(request.user).present())
    if not request.user.has_consented:
        return ask_consent(request)
    try:
        actions.begin_quiz(quiz=quiz, member=member, now=timezone.now())
    except NothingToAsk:
        messages.info(request, _("The questions of this quiz are being prepared. Come back in a few days."))
        return redirect("learning:quiz", pk=pk)
    except NotAdmitted as error:
        raise Http404 from error
    wake_fold()
    return redirect("learning:attempt", pk=pk)


@require_POST
@login_required
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes my attempt to be marked; a second time leads to the same result."""
    own = Attempt.objects.visible_to(request.user)
    is_done_or_open = Q(handed_in_at__isnull=False) | Q(quiz__in=Quiz.objects.visible_to(request.user))
    attempt = get_object_or_404(own.filter(is_done_or_open), pk=pk)
    try:
        actions.hand_in(attempt=attempt, now=timezone.now())
    except NotAdmitted as error:
        raise Http404 from error
    wake_fold()
    return redirect("learning:attempt_review", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: HttpRequest, code: str, number: str, item: int) -> HttpResponse:
    """A leader confirms with a reason that somebody has studied an item."""
    member, back = _led_member(request, code, number)
    what = get_object_or_404(confirmable_items(member), pk=item)
    if Progress.objects.led_by(request.user).completed().filter(member=member, item=what).exists():
        messages.info(request, _("It has been studied already."))
        return redirect(back)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "by": request.user, "now": timezone.now()}
        with suppress(NotConfirmed):  # studied at this very moment: as good
            actions.confirm_by_hand(member=member, item=what, **said)
        wake_fold()
        messages.success(request, _("Confirmed. %(name)s is told, with your reason.") % {"name": member.name})
        return redirect(back)
    context = {"member": member, "item": what, "about": item_about(what), "form": form, "back": back}
    return render(request, "learning/confirm.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm_withdraw(
    request: HttpRequest, code: str, number: str, item: int, confirmation: int | None = None
) -> HttpResponse:
    """A leader takes a confirmation back, with a reason: the one behind the mark of today, or the one named."""
    member, back = _led_member(request, code, number)
    if confirmation is None:
        marks = Progress.objects.led_by(request.user).completed().filter(member=member, item=item)
        confirmation = (marks.values_list("evidence", flat=True).first() or {}).get("confirmation")
    standing = Confirmation.objects.led_by(request.user).standing().filter(member=member, item=item)
    found = get_object_or_404(standing.select_related("item", "member"), pk=confirmation)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "by": request.user, "now": timezone.now()}
        is_gone = actions.withdraw_confirmation(confirmation=found, **said)
        wake_fold()
        messages.success(
            request, _("Taken back.") if is_gone else _("Taken back. They have studied it all the same, so it stays.")
        )
        return redirect(back)
    context = {"member": member, "confirmation": found, "form": form, "back": back}
    return render(request, "learning/confirm_withdraw.html", context, status=422 if form.is_bound else 200)


def _led_member(request: HttpRequest, code: str, number: str) -> tuple[Member, str]:
    """Somebody else whom one leads, and the way back to their page."""
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=code)
    member = get_object_or_404(confirmable_people(request.user, unit=unit), number=number)
    plan = request.GET.get("plan", "")
    page = reverse("learning:person", args=[unit.code, member.number])
    return member, f"{page}?plan={plan}" if plan.isdecimal() else page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_help(request: HttpRequest) -> HttpResponse:
    """I need help: my branch reads so, and why; or not any more."""
    member = get_object_or_404(Member.objects.visible_to(request.user).present())
    note = HelpNote.objects.visible_to(request.user).open().first()
    form = HelpForm(
        request.POST if request.method == "POST" else None, initial={"reason": note.reason if note else None}
    )
    now = timezone.now()
    if request.method == "POST" and "clear" in request.POST:
        clear_help(member=member, actor=request.user, now=now)
        messages.success(request, _("Good to know. Your branch sees that help is not needed any more."))
        return redirect("learning:study")
    if request.method == "POST" and form.is_valid():
        ask_for_help(member=member, reason=HelpReason(form.cleaned_data["reason"]), actor=request.user, now=now)
        messages.success(request, _("It has been noted that you need help."))
        return redirect("learning:study")
    status = 422 if form.is_bound else 200
    context = {"form": form, "note": note, "help_said": say_told(note) if note else ""}
    return render(request, "learning/own_help.html", context, status=status)


@csrf_exempt
@require_POST
def heartbeat(request: HttpRequest) -> JsonResponse:
    """Takes a beat of a player. The signed visit says who and what: no session, no cookie is read."""
    now = timezone.now()
    try:
        sent = json.loads(request.body) if len(request.body) <= MAX_BEAT_BYTES else None
        visit, beat = read_visit(sent["visit"], now=now), _beat(sent)
    except VisitRefused:
        return _answer({"state": "refused", "say": _("Please open this page anew.")}, status=403)
    except (JSONDecodeError, UnicodeDecodeError, TypeError, KeyError, ValueError):
        return _answer({"state": "unreadable"}, status=400)
    try:
        progress = beats.commit(Said(visit, beat, now))
    except Busy:
        busy = _answer({"state": "busy"}, status=503)
        busy.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return busy
    if isinstance(progress, NotAdmitted):
        return _answer({"state": "refused", "say": _("Your study cannot be recorded here any more.")}, status=403)
    if progress.is_own:
        wake_fold()
    coverage = coverage_from(progress, progress.item, gap=visit.pace.gap_seconds)
    return _answer(
        {
            "state": progress.state,
            "covered": coverage.covered,
            "needed": coverage.needed,
            "gaps": [[gap.start, gap.end] for gap in coverage.own_gaps],
            "closed": coverage.is_closed,
            "say": coverage.say,
        }
    )


def _answer(said: dict, *, status: int = 200) -> JsonResponse:
    """Whole and of known length: on this route no middleware adds it."""
    response = JsonResponse(said, status=status)
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["Cache-Control"] = "no-store"
    return response


def _beat(sent: dict) -> Beat:
    """What a browser sent, checked; raises ValueError, TypeError or KeyError."""
    spans = [(float(start), float(end)) for start, end in sent["spans"]]
    seq, position = int(sent["seq"]), float(sent["position"])
    numbers = [position, float(sent["at"]), *(edge for span in spans for edge in span)]
    if seq < 0 or len(spans) > MAX_SPANS or not all(math.isfinite(number) for number in numbers):
        raise ValueError
    return Beat(seq=seq, spans=spans, position=position)
