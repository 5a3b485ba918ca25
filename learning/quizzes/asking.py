"""What an open attempt shows: its questions are read without key and explanation, so that neither can slip out."""

from dataclasses import dataclass

from django.db.models import QuerySet

from learning.quizzes.models import Answer, Attempt, QuestionKind
from learning.quizzes.scoring import LETTERS, LONGEST_ANSWER
from learning.quizzes.wording import say_how_to_answer, say_truth

HIDDEN = ("question__key", "question__explanation")


@dataclass(frozen=True)
class Choice:
    value: str
    letter: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Step:
    """One question of an open attempt."""

    attempt: Attempt
    place: int
    places: list[tuple[int, bool]]
    text: str
    how: str
    is_multiple: bool
    choices: list[Choice]
    written: str
    longest: int = LONGEST_ANSWER

    @property
    def total(self) -> int:
        return len(self.places)


def first_open_place(attempt: Attempt) -> int:
    """Where to go on: the first question without an answer, or 0 where all have one."""
    unanswered = attempt.answers.filter(given__isnull=True).order_by("place").values_list("place", flat=True)
    return unanswered.first() or 0


def answered_places(attempt: Attempt) -> list[tuple[int, bool]]:
    """Every place of an attempt and whether there is an answer."""
    return [(place, given is not None) for place, given in attempt.answers.values_list("place", "given")]


def step_of(attempt: Attempt, place: int) -> Step | None:
    """One question as it may be seen before handing in; nothing where there is no such place."""
    answer = _asked(attempt).filter(place=place).first()
    if answer is None:
        return None
    question, given = answer.question, answer.given or []
    choices = [
        Choice(letter, letter, text, letter in given) for letter, text in zip(LETTERS, question.options, strict=False)
    ]
    if question.kind == QuestionKind.TRUE_FALSE:
        choices = [
            Choice(value, "", say_truth(truth), truth in given) for value, truth in (("true", True), ("false", False))
        ]
    return Step(
        attempt=attempt,
        place=place,
        places=answered_places(attempt),
        text=question.text,
        how=say_how_to_answer(question.kind),
        is_multiple=question.kind == QuestionKind.MULTIPLE,
        choices=choices,
        written=given[0] if question.kind == QuestionKind.FILL_IN and given else "",
    )


def asked_at(attempt: Attempt, place: int) -> Answer | None:
    """The question at a place, to read an answer to it."""
    return _asked(attempt).filter(place=place).first()


def _asked(attempt: Attempt) -> QuerySet[Answer]:
    return attempt.answers.select_related("question").defer(*HIDDEN)
