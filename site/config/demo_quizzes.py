"""The demo's question banks and quizzes, imported and published as an editor would, and some members' attempts."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from config import demo
from learning.courses.models import LessonPage
from learning.quizzes.actions import import_questions, publish_quiz, save_answer
from learning.quizzes.models import Question, QuestionBank, QuestionKind, Quiz
from learning.quizzes.question_rows import COLUMNS, OPTIONS
from learning.study.actions import begin_quiz, hand_in
from members.accounts.models import Member
from members.organisation.models import Organisation
from members.organisation.workbook import Row, Sheet

FILE = Path(demo.__file__).with_name("quizzes.toml")
EVERY, MOST = 7, 60
# Of each five who try: how many questions they answer rightly each time; None stands for «begun, not handed in».
TRIES: list[tuple[int | None, ...]] = [(9,), (1, 9), (3,), (1,), (9, None)]


def load_quizzes(*, now: datetime) -> None:
    """Two banks, four quizzes, and what some of the members who study online have made of them."""
    told = tomllib.loads(FILE.read_text("utf-8"))
    for bank in told["banks"]:
        report = import_questions(sheet=_sheet(bank["questions"]), bank=bank["name"], actor=None, now=now)
        if report.problems:
            raise ValueError(f"the demo's own questions were refused: {report.problems[:3]}")
    quizzes = [_quiz(each, now=now) for each in told["quizzes"]]
    online = Member.objects.present().filter(study_way="online", flexible_study=False, user__isnull=False)
    for place, member in enumerate(online.order_by("number")[1 : EVERY * MOST : EVERY]):
        started = now - timedelta(days=1 + place % 20, hours=place % 5)
        _try(quizzes[place % len(quizzes)], member, TRIES[place % len(TRIES)], place, now=started)


def _sheet(questions: list[dict]) -> Sheet:
    rows = [Row(number, tuple(_cells(each))) for number, each in enumerate(questions, start=2)]
    return Sheet(rows=rows, file_name=FILE.name)


def _cells(question: dict) -> Iterator[str]:
    options = question.get("options", [])
    yield from (question["kind"], question["text"], *options, *[""] * (len(OPTIONS) - len(options)))
    yield from (question["answer"], question["why"], str(question.get("points", 1)))
    yield from [""] * (len(COLUMNS) - len(OPTIONS) - 5)


def _quiz(told: dict, *, now: datetime) -> Quiz:
    quiz = Quiz.objects.create(
        title=told["title"],
        bank=QuestionBank.objects.get(name=told["bank"]),
        lesson=LessonPage.objects.filter(title=told["lesson"]).first() if "lesson" in told else None,
        organisation=Organisation.objects.get(code="LW"),
        number_drawn=told["ask"],
        pass_percent=told["pass"],
        hours=told.get("hours"),
    )
    publish_quiz(quiz=quiz, now=now)
    return quiz


def _try(quiz: Quiz, member: Member, tries: Sequence[int | None], place: int, *, now: datetime) -> None:
    def pick(questions: Sequence[Question], number: int) -> list[Question]:
        start = place % len(questions)
        return [*questions[start:], *questions[:start]][:number]

    for right in tries:
        attempt = begin_quiz(quiz=quiz, member=member, now=now, pick=pick)
        for answer in attempt.answers.select_related("question")[: 2 if right is None else right]:
            given = answer.question.key[:1] if answer.question.kind == QuestionKind.FILL_IN else answer.question.key
            save_answer(attempt=attempt, place=answer.place, given=given, now=now)
        if right is not None:
            hand_in(attempt=attempt, now=now)
