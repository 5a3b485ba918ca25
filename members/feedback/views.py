from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.audit.actions import record_event
from members.feedback.about import AboutRefused, read_about, sign_about
from members.feedback.actions import answer_feedback, send_feedback, write_back
from members.feedback.forms import WordForm
from members.feedback.models import Feedback
from members.feedback.queries import author_of, words_of
from members.feedback.refusals import REFUSED, say_refused
from members.roles.policies import led_paths, taught_paths

PER_PAGE = 20
reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


@reading_and_writing
@login_required
def feedback(request: HttpRequest) -> HttpResponse:
    """What I have written, with its answers; here the box of every page sends to."""
    form = WordForm(request.POST if request.method == "POST" else None, help_text=_box_hint())
    if form.is_bound and form.is_valid():
        sent = _send(request, form)
        if sent is not None:
            messages.success(request, _("Sent. Your words are kept here, and the answer will stand below them."))
            return redirect("members:feedback_thread", pk=sent.pk)
    mine = Feedback.objects.visible_to(request.user).select_related("organisation").order_by("-sent_at", "-pk")
    context = {
        "form": form,
        "key": "feedback:new",
        "page": Paginator(mine, PER_PAGE).get_page(request.GET.get("page")),
        "about": _about_again(request),
        "today": timezone.localdate(),
        "is_leading": _may_answer(request.user),
    }
    return render(request, "members/feedback.html", context, status=_status(form))


@reading_and_writing
@login_required
def feedback_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing I have written, and what was said about it; one can write back."""
    mine = get_object_or_404(Feedback.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    form = WordForm(request.POST if request.method == "POST" else None, label=_("Something to add"))
    if form.is_bound and form.is_valid():
        write_back(feedback=mine, text=form.cleaned_data["text"], now=timezone.now())
        messages.success(request, _("Sent. Your words are kept here, and the answer will stand below them."))
        return redirect("members:feedback_thread", pk=mine.pk)
    context = {
        "feedback": mine,
        "key": f"feedback:{pk}",
        "words": words_of(mine),
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "members/feedback_thread.html", context, status=_status(form))


@require_safe
@login_required
def feedback_queue(request: HttpRequest) -> HttpResponse:
    """What has been put to the units that I lead, or asked about what I teach: what waits, the oldest first."""
    if not _may_answer(request.user):
        raise Http404
    led = Feedback.objects.led_by(request.user).select_related("organisation")
    is_answered = request.GET.get("show") == "answered"
    rows = led.answered().order_by("-sent_at", "-pk") if is_answered else led.open().order_by("sent_at", "pk")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "is_answered": is_answered,
        "is_leading": bool(led_paths(request.user)),
        "today": timezone.localdate(),
    }
    return render(request, "members/feedback_queue.html", context)


@reading_and_writing
@login_required
def feedback_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing put to a unit that I lead, with the form to answer it."""
    led = get_object_or_404(Feedback.objects.led_by(request.user).select_related("organisation", "author"), pk=pk)
    now = timezone.now()
    hint = _("The author reads it under “Mine”; say what will be done, by whom and when.")
    form = WordForm(request.POST if request.method == "POST" else None, label=_("Answer to the author"), help_text=hint)
    if form.is_bound and form.is_valid():
        answer_feedback(feedback=led, answerer=request.user, text=form.cleaned_data["text"], now=now)
        messages.success(request, _("Answered. The author can read it now."))
        return redirect("members:feedback_queue")
    code = led.organisation.code if led.organisation else ""
    record_event("feedback.seen", now=now, actor=request.user, organisation=code, about=led)
    context = {
        "feedback": led,
        "key": f"answer:{pk}",
        "author": author_of(led),
        "words": words_of(led),
        "form": form,
        "today": timezone.localdate(now),
    }
    return render(request, "members/feedback_answer.html", context, status=_status(form))


def _send(request: HttpRequest, form: WordForm) -> Feedback | None:
    """Sends what was written; where it cannot be sent, the form says why and keeps it."""
    now = timezone.now()
    try:
        about = read_about(request.POST.get("about", ""), now=now)
        return send_feedback(author=request.user, text=form.cleaned_data["text"], about=about, now=now)
    except REFUSED as refusal:
        form.add_error(None, say_refused(refusal))
    return None


def _about_again(request: HttpRequest) -> str:
    """The page that was meant, as long as its signature holds; else this one."""
    now, sent = timezone.now(), request.POST.get("about", "")
    try:
        read_about(sent, now=now)
    except AboutRefused:
        return sign_about(path=request.path, title=_("Feedback"), organisation_id=None, now=now)
    return sent


def _may_answer(user) -> bool:
    return bool(led_paths(user) or taught_paths(user))


def _status(form: WordForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _box_hint() -> str:
    return _("No need to give your name or unit: whoever answers can see them. The answer stands under “Mine”.")
