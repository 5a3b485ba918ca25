from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, OuterRef, Q, Subquery

from learning.courses.categories import HoursCategory
from learning.courses.models import CompletionRule, ItemKind, StudyItem
from learning.courses.rules import note_rule
from learning.quizzes.models import Answer, Attempt, Question, QuestionBank, Quiz
from learning.quizzes.question_plan import QuestionPlan, plan_questions, says
from learning.quizzes.scoring import is_passed, is_right
from members.accounts.models import Member
from members.organisation.actions import record_import
from members.organisation.import_report import ImportReport
from members.organisation.workbook import Sheet

Pick = Callable[[Sequence[Question], int], list[Question]]
TRIES = 3
draw = SystemRandom().sample


class NothingToAsk(Exception):
    """The bank of the quiz has no question that may be asked."""


def import_questions(*, sheet: Sheet, bank: str, actor: Any, now: datetime, dry_run: bool = False) -> ImportReport:
    """Takes every row of the sheet into a bank, or none and says why. Rows that change nothing leave no trace."""
    name = " ".join(bank.split())
    if dry_run:
        return plan_questions(sheet, bank_name=name, bank=QuestionBank.objects.filter(name=name).first()).report
    with transaction.atomic():
        home = QuestionBank.objects.select_for_update(of=("self",)).filter(name=name).first()
        plan = plan_questions(sheet, bank_name=name, bank=home)
        if not plan.report.has_news:
            return plan.report
        made, changed = _write(plan, home or QuestionBank.objects.create(name=name))
        record_import("questions", sheet, plan.report, made=made, changed=changed, actor=actor, now=now)
    return replace(plan.report, is_written=True)


def _write(plan: QuestionPlan, bank: QuestionBank) -> tuple[list[int], list[dict]]:
    made = Question.objects.bulk_create((Question(bank=bank, **row.said) for row in plan.made), batch_size=500)
    changed = []
    for question, row in plan.changed:
        before = {name: getattr(question, name) for name in (*row.said, "is_retired")}
        after = revise_question(question=question, said=row.said | {"is_retired": False})
        changed.append({"pk": question.pk, "before": before, "now": after.pk})
    return [question.pk for question in made], changed


@transaction.atomic
def revise_question(*, question: Question, said: dict) -> Question:
    """The question as it reads from now on: itself, or once it has been asked a successor. Asked words never change."""
    held = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    words = {name: value for name, value in said.items() if name != "is_retired"}
    is_retired = said.get("is_retired", held.is_retired)
    if not says(held, words) and Answer.objects.filter(question=held).exists():
        fields = {"bank": held.bank, "is_retired": is_retired, **words}
        held.successor, held.is_retired = Question.objects.create(**fields), True
        held.save(update_fields=["successor", "is_retired"])
        return held.successor
    for name, value in (words | {"is_retired": is_retired}).items():
        setattr(held, name, value)
    held.save(update_fields=[*words, "is_retired"])
    return held


@transaction.atomic
def publish_quiz(*, quiz: Quiz, now: datetime) -> StudyItem:
    """Opens a quiz and makes or renews its study item. A lesson's quiz is for whom the lesson is. Idempotent."""
    if not quiz.bank.questions.live().exists():
        raise NothingToAsk
    if quiz.lesson is not None:
        quiz.organisation, quiz.audience = quiz.lesson.organisation, quiz.lesson.audience
    said = {
        "kind": ItemKind.QUIZ,
        "title": quiz.title,
        "organisation": quiz.organisation,
        "audience": quiz.audience,
        "hours": quiz.hours,
        "hours_category": HoursCategory.SELF,
        "completion_rule": CompletionRule.QUIZ,
        "pass_percent": quiz.pass_percent,
        "withdrawn_at": None,
    }
    if quiz.item is None:
        quiz.item = StudyItem.objects.create(published_at=now, **said)
    else:
        StudyItem.objects.filter(pk=quiz.item_id).update(**said)
        quiz.item.refresh_from_db()
    quiz.is_published = True
    quiz.save()
    note_rule(quiz.item, now=now)
    note_quizzes(now=now)
    return quiz.item


@transaction.atomic
def withdraw_quiz(*, quiz: Quiz, now: datetime) -> None:
    """Closes a quiz and its item; what was passed stays passed."""
    quiz.is_published = False
    quiz.save(update_fields=["is_published"])
    StudyItem.objects.filter(pk=quiz.item_id, withdrawn_at=None).update(withdrawn_at=now)
    note_quizzes(now=now)


@transaction.atomic
def note_quizzes(*, now: datetime) -> None:
    """Lessons know what passes the quiz after them; where that changes their rule, it has a new version."""
    quizzes = Quiz.objects.published().exclude(lesson=None)
    asked = Subquery(quizzes.filter(lesson_id=OuterRef("page_id")).values("pass_percent"))
    lessons = StudyItem.objects.exclude(kind=ItemKind.QUIZ).annotate(asked=asked)
    changed = lessons.filter(page__in=quizzes.values("lesson_id")).exclude(pass_percent=F("asked"))
    lost = lessons.filter(pass_percent__isnull=False).exclude(page__in=quizzes.values("lesson_id"))
    for item in (*changed, *lost):
        item.pass_percent = item.asked
        item.save(update_fields=["pass_percent"])
        note_rule(item, now=now)


def pass_by_new_rule(*, item: StudyItem) -> None:
    """Attempts at the quiz of an item that held too little once, and hold enough now, are passed. None loses that."""
    quizzes = Quiz.objects.filter(Q(item=item) | Q(lesson__isnull=False, lesson=item.page_id))
    for quiz in quizzes:
        failed = Attempt.objects.handed_in().filter(quiz=quiz, is_passed=False)
        got = failed.alias(got=F("points") * 100, asked=F("points_possible") * quiz.pass_percent)
        got.filter(got__gte=F("asked")).update(is_passed=True, pass_percent=quiz.pass_percent)


def follow_lesson(*, page_id: int, now: datetime) -> None:
    """A lesson has been published anew: its quiz is for the same readers."""
    for quiz in Quiz.objects.published().filter(lesson_id=page_id).select_related("lesson", "bank", "item"):
        if quiz.bank.questions.live().exists():
            publish_quiz(quiz=quiz, now=now)
    note_quizzes(now=now)


def start_attempt(*, quiz: Quiz, member: Member, now: datetime, pick: Pick = draw) -> Attempt:
    """The member's open attempt: the one there is, or a new one with questions drawn now. Raises NothingToAsk."""
    for tried in range(TRIES):
        there = Attempt.objects.open().filter(quiz=quiz, member=member).first()
        if there is not None:
            return there
        try:
            with transaction.atomic():
                return _new_attempt(quiz, member, now=now, pick=pick)
        except IntegrityError:  # another request of the same member was quicker
            if tried == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _new_attempt(quiz: Quiz, member: Member, *, now: datetime, pick: Pick) -> Attempt:
    live = list(quiz.bank.questions.live().order_by("pk"))
    if not live:
        raise NothingToAsk
    drawn = pick(live, min(quiz.number_drawn, len(live)))
    last = Attempt.objects.filter(quiz=quiz, member=member).aggregate(last=Max("number"))["last"] or 0
    attempt = Attempt.objects.create(
        member=member,
        quiz=quiz,
        number=last + 1,
        started_at=now,
        points_possible=sum(question.points for question in drawn),
    )
    Answer.objects.bulk_create(
        Answer(attempt=attempt, question=question, place=place) for place, question in enumerate(drawn, start=1)
    )
    return attempt


@transaction.atomic
def save_answer(*, attempt: Attempt, place: int, given: list | None, now: datetime) -> bool:
    """Keeps one answer as it was given. False when the attempt has been handed in: then nothing changes."""
    if Attempt.objects.select_for_update(of=("self",)).open().filter(pk=attempt.pk).first() is None:
        return False
    return bool(Answer.objects.filter(attempt=attempt, place=place).update(given=given, saved_at=now))


@transaction.atomic
def mark_attempt(*, attempt: Attempt, now: datetime) -> tuple[Attempt, bool]:
    """Closes and marks an attempt. False when it was handed in before: then nothing changes."""
    locked = Attempt.objects.select_for_update(of=("self",)).select_related("quiz__item", "quiz__lesson")
    held = locked.get(pk=attempt.pk)
    if held.handed_in_at is not None:
        return held, False
    answers = list(held.answers.select_related("question"))
    for answer in answers:
        question = answer.question
        answer.is_right = is_right(question.kind, question.key, answer.given)
        answer.points = question.points if answer.is_right else 0
    Answer.objects.bulk_update(answers, ["is_right", "points"])
    held.handed_in_at = now
    held.points = sum(answer.points for answer in answers)
    held.points_possible = sum(answer.question.points for answer in answers)
    held.pass_percent = held.quiz.pass_percent
    held.is_passed = is_passed(held.points, held.points_possible, held.pass_percent)
    held.save(update_fields=["handed_in_at", "points", "points_possible", "pass_percent", "is_passed"])
    return held, True
