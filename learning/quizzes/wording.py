"""How a quiz, its questions and its outcome are said."""

from django.utils.translation import gettext as _

from learning.courses.models import CompletionRule
from learning.quizzes.models import Question, QuestionKind
from learning.quizzes.scoring import LETTERS, points_needed


def say_pass(percent: int, points: list[int], *, asked: int) -> str:
    """What passes: so many right answers, or so many points where questions weigh differently."""
    if len(set(points)) == 1:
        needed = -(-points_needed(asked * points[0], percent) // points[0])
        return _("%(number)d right answers are enough to pass.") % {"number": needed}
    return _("Of every 100 points, %(percent)d are enough to pass.") % {"percent": percent} if points else ""


def say_how_to_answer(kind: str) -> str:
    return {
        QuestionKind.SINGLE: _("(one answer, choose one)"),
        QuestionKind.MULTIPLE: _("(several answers, choose all that are right)"),
        QuestionKind.TRUE_FALSE: _("(true or false)"),
        QuestionKind.FILL_IN: _("(fill in)"),
    }[QuestionKind(kind)]


def say_answer(question: Question, given: list | None) -> str:
    """«A　当天；C　请旁人评一评», 「对」, or the text as it was written; for a key of texts all that are accepted."""
    if not given:
        return _("Not answered")
    if question.kind == QuestionKind.TRUE_FALSE:
        return say_truth(given[0])
    if question.kind == QuestionKind.FILL_IN:
        return _(" or ").join(given)
    return "；".join(f"{letter}　{question.options[LETTERS.index(letter)]}" for letter in given)


def say_truth(truth: bool) -> str:
    return _("True") if truth else _("Not true")


def say_what_the_lesson_needs(rule: str, *, is_passed: bool, is_seen: bool, is_part_enough: bool = False) -> str:
    """What is still missing before the lesson counts as studied, as far as its quiz has to do with it."""
    if rule == CompletionRule.QUIZ:
        return _("The lesson counts as studied once you have passed this quiz.")
    if rule == CompletionRule.COVERED:
        if is_part_enough:
            return _("The quiz is for you to try yourself. The lesson counts as studied once enough has been seen.")
        return _("The quiz is for you to try yourself. The lesson counts as studied once everything has been seen.")
    if is_seen:
        return _("Everything has been seen. Once you have passed this quiz, the lesson counts as studied.")
    if is_passed and is_part_enough:
        return _("The quiz has been passed. Once enough has been seen, the lesson counts as studied.")
    if is_passed:
        return _("The quiz has been passed. Once everything has been seen, the lesson counts as studied.")
    if is_part_enough:
        return _("Once enough has been seen and this quiz passed, the lesson counts as studied.")
    return _("Once everything has been seen and this quiz passed, the lesson counts as studied.")
