"""What the pages of quizzes show before an attempt and after it; `asking` has what an open one shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.courses.models import LessonPage, StudyItem
from learning.progress.models import Progress
from learning.quizzes.asking import first_open_place
from learning.quizzes.models import Attempt, QuestionBank, Quiz
from learning.quizzes.wording import say_answer, say_pass, say_what_the_lesson_needs
from members.accounts.models import Member
from members.organisation.rules import Rule

LAST_TRIES = 10
TODO, DOING, DONE = "todo", "doing", "done"


@dataclass(frozen=True)
class QuizRow:
    """One quiz in a list, as item rows are: where it is, what it is, how the reader stands with it."""

    title: str
    url: str
    about: str
    standing: str
    say: str

    @property
    def is_passed(self) -> bool:
        return self.standing == DONE


@dataclass(frozen=True)
class QuizView:
    """The page before the first question."""

    quiz: Quiz
    row: QuizRow
    asked: int
    say_pass: str
    open_attempt: Attempt | None
    next_place: int
    tries: list[Attempt]


@dataclass(frozen=True)
class Review:
    """One question after the attempt was handed in."""

    number: int
    text: str
    is_right: bool
    given: str
    key: str
    explanation: str


@dataclass(frozen=True)
class LessonOfQuiz:
    """The lesson to which a quiz belongs, and what it still needs."""

    title: str
    url: str
    say: str
    is_completed: bool


def quiz_rows(quizzes: Iterable[Quiz], *, user) -> list[QuizRow]:
    """How this visitor stands with each quiz, in the order given; two queries for any number of quizzes."""
    quizzes = list(quizzes)
    counted = Count("questions", filter=Q(questions__is_retired=False))
    banks = {quiz.bank_id for quiz in quizzes}
    live = dict(QuestionBank.objects.filter(pk__in=banks).annotate(live=counted).values_list("pk", "live"))
    own: dict[int, set[str]] = {}
    tried = Attempt.objects.visible_to(user).filter(quiz__in=quizzes)
    for quiz_id, handed_in_at, is_passed in tried.values_list("quiz_id", "handed_in_at", "is_passed"):
        own.setdefault(quiz_id, set()).add(DONE if is_passed else DOING if handed_in_at is None else TODO)
    return [_row(quiz, own.get(quiz.pk, set()), asked=min(quiz.number_drawn, live[quiz.bank_id])) for quiz in quizzes]


def _row(quiz: Quiz, tries: set[str], *, asked: int) -> QuizRow:
    about = _("Quiz, %(number)d questions, no time limit") % {"number": asked}
    standing, say = TODO, _("Not started yet")
    if DONE in tries:
        standing, say = DONE, _("Passed")
    elif DOING in tries:
        standing, say = DOING, _("Begun, you can go on")
    elif TODO in tries:
        standing, say = DOING, _("Not passed, may be tried again")
    return QuizRow(quiz.title, reverse("learning:quiz", args=[quiz.pk]), about, standing, say)


def rows_of_items(items: Iterable[StudyItem], *, user) -> dict[int, QuizRow]:
    """{item: its quiz as a row}, for those of the items that are quizzes open to this visitor."""
    quizzes = list(Quiz.objects.visible_to(user).filter(item__in=list(items)))
    return dict(zip((quiz.item_id for quiz in quizzes), quiz_rows(quizzes, user=user), strict=True))


def quiz_view(quiz: Quiz, *, user) -> QuizView:
    """What one should know before beginning, and how one has done so far."""
    [row] = quiz_rows([quiz], user=user)
    points = list(quiz.bank.questions.live().values_list("points", flat=True))
    asked = min(quiz.number_drawn, len(points))
    own = Attempt.objects.visible_to(user).filter(quiz=quiz)
    open_attempt = own.open().first()
    right = Count("answers", filter=Q(answers__is_right=True))
    return QuizView(
        quiz=quiz,
        row=row,
        asked=asked,
        say_pass=say_pass(quiz.pass_percent, points, asked=asked),
        open_attempt=open_attempt,
        next_place=first_open_place(open_attempt) if open_attempt else 1,
        tries=list(own.handed_in().annotate(right=right, of=Count("answers")).order_by("-number")[:LAST_TRIES]),
    )


def reviews_of(attempt: Attempt) -> list[Review]:
    """Every question of an attempt that was handed in, with what is right and why; nothing before that."""
    if attempt.handed_in_at is None:
        return []
    return [
        Review(
            number=answer.place,
            text=answer.question.text,
            is_right=bool(answer.is_right),
            given=say_answer(answer.question, answer.given),
            key=say_answer(answer.question, answer.question.key),
            explanation=answer.question.explanation,
        )
        for answer in attempt.answers.select_related("question")
    ]


def lesson_of(quiz: Quiz, *, request: HttpRequest) -> LessonOfQuiz | None:
    """The lesson of a quiz, where this visitor may see it."""
    page = LessonPage.objects.visible_to(request.user).filter(pk=quiz.lesson_id or 0).first()
    item = StudyItem.objects.visible_to(request.user).filter(page_id=page.pk).first() if page else None
    if item is None:
        return None
    progress = Progress.objects.visible_to(request.user).filter(item=item).select_related("item").first()
    if progress is not None and progress.is_completed:
        return LessonOfQuiz(page.title, page.get_url(request), _("The lesson has been studied."), True)
    gap = Rule.objects.value("completion.gap_seconds", on=timezone.localdate())
    say = say_what_the_lesson_needs(
        item.rule_in_force,
        is_passed=Attempt.objects.visible_to(request.user).filter(quiz=quiz, is_passed=True).exists(),
        is_seen=progress is not None and progress.has_seen_enough(gap=gap),
        is_part_enough=item.is_part_enough,
    )
    return LessonOfQuiz(page.title, page.get_url(request), say, False)


def quiz_of_lesson(page_id: int, *, user) -> QuizRow | None:
    """The quiz that belongs to a lesson, as a row, where this visitor may take it."""
    rows = quiz_rows(Quiz.objects.visible_to(user).filter(lesson_id=page_id), user=user)
    return rows[0] if rows else None


def people_who_passed(item: StudyItem) -> QuerySet[Member]:
    """Members who passed the quiz of a lesson, and are members still."""
    passed = Attempt.objects.filter(quiz__lesson__isnull=False, quiz__lesson=item.page_id, is_passed=True)
    return Member.objects.present().filter(pk__in=passed.values("member_id"))


def passed_attempt(item: StudyItem, *, member_id: int, since: datetime | None = None) -> Attempt | None:
    """The first attempt with which the member passed the quiz of a lesson; `since` counts those handed in later."""
    passed = Attempt.objects.filter(quiz__lesson_id=item.page_id, member_id=member_id, is_passed=True)
    if since is not None:
        passed = passed.filter(handed_in_at__gte=since)
    return passed.exclude(quiz__lesson=None).select_related("quiz").order_by("number").first()
