"""Banks, quizzes and attempts for tests."""

from collections.abc import Sequence
from datetime import datetime

from learning.quizzes.actions import publish_quiz, save_answer
from learning.quizzes.models import Attempt, Question, QuestionBank, Quiz
from learning.study.actions import begin_quiz, hand_in
from members.organisation.models import Organisation
from tests.learning.makers import NOON

SINGLE = {
    "kind": "single",
    "text": "会前提前几天告诉大家？",
    "options": ["一天", "三天", "十天"],
    "key": ["B"],
    "explanation": "EXPLAINED-SINGLE",
}
MULTIPLE = {
    "kind": "multiple",
    "text": "记录里要写明什么？",
    "options": ["时间", "天气", "到会的人"],
    "key": ["A", "C"],
    "explanation": "EXPLAINED-MULTIPLE",
}
TRUE_FALSE = {
    "kind": "true_false",
    "text": "散会以前把记录念一遍。",
    "key": [True],
    "explanation": "EXPLAINED-TRUTH",
}
FILL_IN = {
    "kind": "fill_in",
    "text": "第一轮每人说几分钟？",
    "key": ["SECRETKEY", "两分钟"],
    "explanation": "EXPLAINED-TEXT",
}
FOUR = (SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN)
_names = iter(range(1, 10_000))


def make_bank(*questions: dict, name: str = "") -> QuestionBank:
    bank = QuestionBank.objects.create(name=name or f"题库{next(_names)}")
    for said in questions or FOUR:
        Question.objects.create(bank=bank, **said)
    return bank


def make_quiz(organisation: Organisation, *, now: datetime = NOON, published: bool = True, **rest) -> Quiz:
    """A quiz that asks all four questions of its bank, in their order, and is passed with three of them."""
    fields = {"title": "会议记录小测", "number_drawn": 4, "pass_percent": 75, **rest}
    bank = fields.pop("bank", None) or make_bank()
    quiz = Quiz.objects.create(organisation=organisation, bank=bank, **fields)
    if published:
        publish_quiz(quiz=quiz, now=now)
    return quiz


def in_order(questions: Sequence[Question], number: int) -> list[Question]:
    return list(questions[:number])


def begin(quiz: Quiz, member, *, now: datetime = NOON) -> Attempt:
    return begin_quiz(quiz=quiz, member=member, now=now, pick=in_order)


def answer(attempt: Attempt, *, right: int = 4, now: datetime = NOON) -> Attempt:
    """The first so many questions are answered as their key says, the others not at all."""
    for each in attempt.answers.select_related("question")[:right]:
        given = each.question.key[:1] if each.question.kind == "fill_in" else each.question.key
        save_answer(attempt=attempt, place=each.place, given=given, now=now)
    return attempt


def take(quiz: Quiz, member, *, right: int = 4, now: datetime = NOON) -> Attempt:
    """A whole attempt, handed in."""
    return hand_in(attempt=answer(begin(quiz, member, now=now), right=right, now=now), now=now)
