"""What the rows of a workbook of questions mean, and what is wrong with them. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from learning.quizzes.scoring import FILL_IN, LETTERS, LONGEST_ANSWER, MULTIPLE, SINGLE, TRUE_FALSE, normal
from members.organisation.problems import Problem
from members.organisation.workbook import Row

OPTIONS = tuple(f"选项{letter}" for letter in LETTERS)
COLUMNS = ("题型", "题干", *OPTIONS, "答案", "解析", "分值", "难度", "标签")
KIND, TEXT, *_, ANSWER, EXPLANATION, POINTS, DIFFICULTY, TAGS = COLUMNS

MISSING = "This cell must not be empty."
LONG = "This has more than {limit} characters."
UNKNOWN_KIND = "This kind of question is not known. It must be one of: {words}."
TOO_FEW_OPTIONS = "A question with options needs two of them at least."
GAP_IN_OPTIONS = "The option before this one is empty. Please fill the options from A on without a gap."
LIKE_OPTION = "This is the same text as option {letter}."
OPTIONS_NOT_ASKED = "Such a question has no options. Please leave this cell empty."
WRONG_LETTERS = "The answer must be letters of options that are filled in, like A or ABD."
ONE_LETTER = "A question with one right answer needs exactly one letter."
TWO_LETTERS = "A question with several right answers needs two letters at least."
WRONG_TRUTH = "The answer must be one of: {words}."
WRONG_TEXTS = "The accepted answers must be texts, with | between several."
WRONG_POINTS = "The points must be a whole number from 1 to {limit}."
TWICE = "Row {first} asks the same question."

KIND_WORDS = {"单选": SINGLE, "多选": MULTIPLE, "判断": TRUE_FALSE, "填空": FILL_IN}
TRUTH_WORDS = {"对": True, "错": False}
OTHER_TRUTH_WORDS = {"正确": True, "√": True, "TRUE": True, "错误": False, "×": False, "FALSE": False}
LIMITS = {TEXT: 1000, EXPLANATION: 1000, DIFFICULTY: 10, TAGS: 100, **dict.fromkeys(OPTIONS, 200)}
MOST_POINTS = 100
BETWEEN_LETTERS = re.compile(r"[\s,，、;；.。/]+")
WHOLE_NUMBER = re.compile("[0-9]{1,4}")


@dataclass(frozen=True)
class QuestionRow:
    """One question as a row has it."""

    row: int
    kind: str
    text: str
    options: tuple[str, ...]
    key: tuple[str | bool, ...]
    explanation: str
    points: int
    difficulty: str
    tags: str

    @property
    def identity(self) -> tuple[str, str]:
        """What makes it the same question in a bank: its kind and its words."""
        return self.kind, normal(self.text)

    @property
    def said(self) -> dict:
        """The fields of a question, as they are kept."""
        return {
            "kind": self.kind,
            "text": self.text,
            "options": list(self.options),
            "key": list(self.key),
            "explanation": self.explanation,
            "points": self.points,
            "difficulty": self.difficulty,
            "tags": self.tags,
        }


def check_questions(rows: list[Row]) -> tuple[list[QuestionRow], list[Problem]]:
    """The questions of a workbook, and every problem of every row."""
    found: list[Problem] = []
    questions: dict[tuple[str, str], QuestionRow] = {}
    for row in rows:
        question, problems = read_question(row)
        first = questions.setdefault(question.identity, question)
        if question.text and question.kind and first is not question:
            problems.append(Problem(TWICE, row.number, TEXT, {"first": first.row}))
        found.extend(problems)
    return ([], found) if found else (list(questions.values()), [])


def read_question(row: Row) -> tuple[QuestionRow, list[Problem]]:
    """One question, and everything that is wrong with its row."""
    cells = dict(zip(COLUMNS, row.cells, strict=True))
    kind = KIND_WORDS.get(cells[KIND].removesuffix("题"), "")
    options = _without_empty_end([cells[name] for name in OPTIONS])
    points = _points(cells[POINTS])
    problems = list(_problems_of_cells(cells, kind, row.number))
    key: tuple[str | bool, ...] = ()
    if kind:
        problems += _problems_of_options(options, kind, row.number)
        key, reason = read_key(kind, cells[ANSWER], options=len(options))
        if reason and cells[ANSWER]:
            problems.append(Problem(reason, row.number, ANSWER, _values_of(reason)))
    if points is None:
        problems.append(Problem(WRONG_POINTS, row.number, POINTS, {"limit": MOST_POINTS}))
    question = QuestionRow(
        row=row.number,
        kind=kind,
        text=cells[TEXT],
        options=options,
        key=key,
        explanation=cells[EXPLANATION],
        points=points or 0,
        difficulty=cells[DIFFICULTY],
        tags=cells[TAGS],
    )
    return question, problems


def read_key(kind: str, text: str, *, options: int) -> tuple[tuple[str | bool, ...], str]:
    """The right answer that a cell names, or the reason why it names none."""
    if kind == TRUE_FALSE:
        word = unicodedata.normalize("NFKC", text).upper()
        truth = TRUTH_WORDS.get(word, OTHER_TRUTH_WORDS.get(word))
        return ((truth,), "") if truth is not None else ((), WRONG_TRUTH)
    if kind == FILL_IN:
        return _accepted_texts(text)
    letters = set(BETWEEN_LETTERS.sub("", unicodedata.normalize("NFKC", text)).upper())
    if not letters or not letters <= set(LETTERS[:options]):
        return (), WRONG_LETTERS
    if kind == SINGLE and len(letters) != 1:
        return (), ONE_LETTER
    if kind == MULTIPLE and len(letters) < 2:
        return (), TWO_LETTERS
    return tuple(sorted(letters)), ""


def write_key(kind: str, key: list) -> str:
    """The cell that `read_key` reads so."""
    if kind == TRUE_FALSE:
        return next(word for word, truth in TRUTH_WORDS.items() if truth == key[0])
    return ("|" if kind == FILL_IN else "").join(key)


def _accepted_texts(text: str) -> tuple[tuple[str | bool, ...], str]:
    texts: dict[str, str] = {}
    for part in text.replace("｜", "|").split("|"):
        if part.strip():
            texts.setdefault(normal(part), part.strip())
    if not texts or any(len(part) > LONGEST_ANSWER or not key for key, part in texts.items()):
        return (), WRONG_TEXTS
    return tuple(texts.values()), ""


def _problems_of_cells(cells: dict[str, str], kind: str, number: int) -> Iterator[Problem]:
    for name in (KIND, TEXT, ANSWER):
        if not cells[name]:
            yield Problem(MISSING, number, name)
    if cells[KIND] and not kind:
        yield Problem(UNKNOWN_KIND, number, KIND, {"words": "、".join(KIND_WORDS)})
    for name, limit in LIMITS.items():
        if len(cells[name]) > limit:
            yield Problem(LONG, number, name, {"limit": limit})


def _problems_of_options(options: tuple[str, ...], kind: str, number: int) -> Iterator[Problem]:
    if kind in (TRUE_FALSE, FILL_IN):
        yield from (Problem(OPTIONS_NOT_ASKED, number, OPTIONS[place]) for place, text in enumerate(options) if text)
        return
    if len(options) < 2:
        yield Problem(TOO_FEW_OPTIONS, number, OPTIONS[len(options)])
    first: dict[str, str] = {}
    for letter, name, text in zip(LETTERS, OPTIONS, options, strict=False):
        if not text:
            yield Problem(GAP_IN_OPTIONS, number, OPTIONS[OPTIONS.index(name) + 1])
        elif first.setdefault(normal(text), letter) != letter:
            yield Problem(LIKE_OPTION, number, name, {"letter": first[normal(text)]})


def _without_empty_end(options: list[str]) -> tuple[str, ...]:
    while options and not options[-1]:
        options.pop()
    return tuple(options)


def _points(text: str) -> int | None:
    """One where nothing is said."""
    digits = unicodedata.normalize("NFKC", text) or "1"
    points = int(digits) if WHOLE_NUMBER.fullmatch(digits) else 0
    return points if 1 <= points <= MOST_POINTS else None


def _values_of(reason: str) -> dict[str, str]:
    return {"words": "、".join(TRUTH_WORDS)} if reason == WRONG_TRUTH else {}
