from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.quizzes.actions import save_answer
from learning.quizzes.asking import answered_places, asked_at, first_open_place, step_of
from learning.quizzes.models import Attempt, Quiz
from learning.quizzes.queries import lesson_of, quiz_rows, quiz_view, reviews_of
from learning.quizzes.scoring import read_given
from learning.quizzes.wording import say_pass
from members.accounts.models import Member


@require_safe
@login_required
def quizzes(request: HttpRequest) -> HttpResponse:
    """The quizzes open to me: what is mine to do, and what I have passed."""
    rows = quiz_rows(Quiz.objects.visible_to(request.user).order_by("-item__published_at", "pk"), user=request.user)
    context = {"to_do": [row for row in rows if not row.is_passed], "passed": [row for row in rows if row.is_passed]}
    return render(request, "learning/quizzes.html", context)


@require_safe
@login_required
def quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """What one should know before the first question."""
    shown = quiz_view(_quiz(request, pk), user=request.user)
    is_member = Member.objects.visible_to(request.user).present().exists()
    context = {
        "shown": shown,
        "quiz": shown.quiz,
        "is_member": is_member,
        "lesson": lesson_of(shown.quiz, request=request),
    }
    return render(request, "learning/quiz.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """One question of my open attempt; a POST keeps the answer and goes where its button says."""
    quiz = _quiz(request, pk)
    if request.method == "POST":
        return _keep(request, quiz)
    own = Attempt.objects.visible_to(request.user).open().filter(quiz=quiz).first()
    if own is None:
        return redirect("learning:quiz", pk=pk)
    place = request.GET.get("n", "")
    if not place:
        return redirect(_address(quiz, first_open_place(own)))
    step = step_of(own, int(place)) if place.isdecimal() and len(place) < 5 else None
    if step is None:
        raise Http404
    return render(request, "learning/attempt.html", {"quiz": quiz, "step": step})


def _keep(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    sent = {name: request.POST.get(name, "") for name in ("attempt", "place", "go")}
    if not (sent["attempt"].isdecimal() and sent["place"].isdecimal() and len(sent["place"]) < 5):
        raise Http404
    own = get_object_or_404(Attempt.objects.visible_to(request.user).filter(quiz=quiz), pk=int(sent["attempt"]))
    place = int(sent["place"])
    asked = asked_at(own, place)
    if asked is None:
        raise Http404
    question = asked.question
    given = read_given(question.kind, request.POST.getlist("answer"), options=len(question.options))
    if not save_answer(attempt=own, place=place, given=given, now=timezone.now()):
        messages.info(request, _("This attempt was handed in before; it stays as it was then."))
        return redirect("learning:attempt_review", pk=own.pk)
    if sent["go"] == "stay":
        return HttpResponse(status=204)
    after = place - 1 if sent["go"] == "back" else place + 1
    return redirect(_address(quiz, after if 1 <= after <= own.answers.count() else 0))


@require_safe
@login_required
def attempt_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The last look before handing in: which questions have an answer."""
    quiz = _quiz(request, pk)
    own = Attempt.objects.visible_to(request.user).open().filter(quiz=quiz).first()
    if own is None:
        return redirect("learning:quiz", pk=pk)
    places = answered_places(own)
    missing = [place for place, is_answered in places if not is_answered]
    context = {"quiz": quiz, "attempt": own, "places": places, "missing": missing}
    return render(request, "learning/attempt_check.html", context)


@require_safe
@login_required
def attempt_review(request: HttpRequest, pk: int) -> HttpResponse:
    """My attempt after handing in: what I gave, what is right, and why."""
    own = Attempt.objects.visible_to(request.user).select_related("quiz__lesson")
    attempt = get_object_or_404(own.handed_in(), pk=pk)
    reviews = reviews_of(attempt)
    points = [answer.question.points for answer in attempt.answers.select_related("question")]
    context = {
        "quiz": attempt.quiz,
        "attempt": attempt,
        "reviews": reviews,
        "lesson": lesson_of(attempt.quiz, request=request),
        "say_pass": say_pass(attempt.quiz.pass_percent, points, asked=len(points)),
        "right": sum(review.is_right for review in reviews),
        "was_passed": own.filter(quiz=attempt.quiz, is_passed=True).exists(),
        "is_open": Quiz.objects.visible_to(request.user).filter(pk=attempt.quiz_id).exists(),
    }
    return render(request, "learning/attempt_review.html", context)


def _quiz(request: HttpRequest, pk: int) -> Quiz:
    visible = Quiz.objects.visible_to(request.user).select_related("bank", "lesson", "item")
    return get_object_or_404(visible, pk=pk)


def _address(quiz: Quiz, place: int) -> str:
    """Of one question; 0 is the last look."""
    if place:
        return f"{reverse('learning:attempt', args=[quiz.pk])}?n={place}"
    return reverse("learning:attempt_check", args=[quiz.pk])
