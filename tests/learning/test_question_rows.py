"""What a row of a workbook of questions means, and what is wrong with it."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.quizzes import question_plan, question_rows
from learning.quizzes.question_rows import (
    ANSWER,
    COLUMNS,
    DIFFICULTY,
    EXPLANATION,
    KIND,
    KIND_WORDS,
    POINTS,
    TAGS,
    TEXT,
    check_questions,
    read_question,
    write_key,
)
from learning.quizzes.scoring import FILL_IN, LETTERS, MULTIPLE, SINGLE, TRUE_FALSE, normal
from members.organisation.problems import Problem
from members.organisation.workbook import Row
from tests.members.workbooks import sheet_of

GOOD = ("单选", "会前几天告诉大家？", "一天", "三天", "十天", "", "", "", "b", "早些说，好准备。", "2", "易", "会议")
PART = (Path(__file__).resolve().parents[2] / "site/locale/parts/quizzes.po").read_text()


def good(**cells: str) -> tuple:
    return tuple(cells.get(column, text) for column, text in zip(COLUMNS, GOOD, strict=True))


def check(*rows: tuple):
    return check_questions(sheet_of(*rows).rows)


def test_a_good_row_becomes_a_question():
    [question], problems = check(GOOD)
    assert problems == []
    assert (question.kind, question.options, question.key) == (SINGLE, ("一天", "三天", "十天"), ("B",))
    assert (question.points, question.difficulty, question.tags) == (2, "易", "会议")


@pytest.mark.parametrize(
    ("kind", "answer", "key"),
    [
        ("多选", "CA", ("A", "C")),
        ("多选题", "a、ｃ", ("A", "C")),
        ("单选题", " B ", ("B",)),
    ],
)
def test_letters_may_be_written_in_many_ways(kind, answer, key):
    [question], problems = check(good(**{KIND: kind, ANSWER: answer.strip()}))
    assert (question.key, problems) == (key, [])


BARE = {"选项A": "", "选项B": "", "选项C": ""}


@pytest.mark.parametrize(("word", "truth"), [("对", True), ("错", False), ("正确", True), ("√", True), ("×", False)])
def test_a_truth_may_be_written_in_many_ways(word, truth):
    [question], problems = check(good(**{KIND: "判断", ANSWER: word, **BARE}))
    assert (question.key, question.options, problems) == ((truth,), (), [])


def test_accepted_texts_stand_between_strokes_and_like_ones_count_once():
    [question], problems = check(good(**{KIND: "填空", ANSWER: "两分钟|２分钟 ｜2分钟| ", **BARE}))
    assert (question.key, problems) == (("两分钟", "２分钟"), [])


def test_points_are_one_where_nothing_is_said():
    assert check(good(**{POINTS: ""}))[0][0].points == 1


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({KIND: ""}, KIND, question_rows.MISSING),
        ({KIND: "问答"}, KIND, question_rows.UNKNOWN_KIND),
        ({TEXT: ""}, TEXT, question_rows.MISSING),
        ({TEXT: "字" * 1001}, TEXT, question_rows.LONG),
        ({"选项A": "字" * 201}, "选项A", question_rows.LONG),
        ({EXPLANATION: "字" * 1001}, EXPLANATION, question_rows.LONG),
        ({DIFFICULTY: "字" * 11}, DIFFICULTY, question_rows.LONG),
        ({TAGS: "字" * 101}, TAGS, question_rows.LONG),
        ({ANSWER: ""}, ANSWER, question_rows.MISSING),
        ({ANSWER: "D"}, ANSWER, question_rows.WRONG_LETTERS),
        ({ANSWER: "AB"}, ANSWER, question_rows.ONE_LETTER),
        ({ANSWER: "三天"}, ANSWER, question_rows.WRONG_LETTERS),
        ({KIND: "多选", ANSWER: "A"}, ANSWER, question_rows.TWO_LETTERS),
        ({"选项B": "", ANSWER: "A"}, "选项C", question_rows.GAP_IN_OPTIONS),
        ({"选项C": "　一天"}, "选项C", question_rows.LIKE_OPTION),
        ({"选项B": "", "选项C": "", ANSWER: "A"}, "选项B", question_rows.TOO_FEW_OPTIONS),
        ({KIND: "判断", ANSWER: "对", "选项A": "", "选项B": ""}, "选项C", question_rows.OPTIONS_NOT_ASKED),
        ({KIND: "判断", ANSWER: "A", **BARE}, ANSWER, question_rows.WRONG_TRUTH),
        ({KIND: "填空", ANSWER: "|", **BARE}, ANSWER, question_rows.WRONG_TEXTS),
        ({POINTS: "0"}, POINTS, question_rows.WRONG_POINTS),
        ({POINTS: "101"}, POINTS, question_rows.WRONG_POINTS),
        ({POINTS: "1.5"}, POINTS, question_rows.WRONG_POINTS),
        ({POINTS: "两分"}, POINTS, question_rows.WRONG_POINTS),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_reason(cells, column, reason):
    questions, problems = check(GOOD, good(**{TEXT: "另一道题"} | cells))
    assert questions == []
    assert [(problem.row, problem.column, problem.reason) for problem in problems] == [(3, column, reason)]


def test_the_same_question_twice_is_named_with_its_first_row():
    _, problems = check(GOOD, good(**{TEXT: "　会前几天告诉大家？"}))
    assert problems == [Problem(question_rows.TWICE, 3, TEXT, {"first": 2})]
    assert check(GOOD, good(**{KIND: "多选", ANSWER: "AB"}))[1] == []


cell = st.one_of(st.text(max_size=12), st.sampled_from([*KIND_WORDS, "A", "ABD", "对", "错", "1", ""]))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(*[cell] * len(COLUMNS)), max_size=4))
def test_whatever_stands_in_the_cells_there_are_questions_or_reasons(rows):
    questions, problems = check(*rows)
    assert (questions == []) if problems else (len(questions) == len(rows))
    for question in questions:
        assert question.key
        assert set(question.key) <= set(LETTERS[: len(question.options)]) or question.kind in (TRUE_FALSE, FILL_IN)
    for problem in problems:
        assert problem.column in COLUMNS
        problem.reason.format(**problem.values)


texts = st.text("甲乙丙丁戊己AB12", min_size=1, max_size=10)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_written_out_is_read_in_again(data):
    kind = data.draw(st.sampled_from([SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN]))
    options = data.draw(st.lists(texts, min_size=2, max_size=6, unique_by=normal)) if kind in (SINGLE, MULTIPLE) else []
    chosen = st.sets(st.sampled_from(LETTERS[: max(len(options), 1)]), min_size=2 if kind == MULTIPLE else 1)
    key = {
        SINGLE: lambda: [data.draw(st.sampled_from(LETTERS[: len(options)]))],
        MULTIPLE: lambda: sorted(data.draw(chosen)),
        TRUE_FALSE: lambda: [data.draw(st.booleans())],
        FILL_IN: lambda: data.draw(st.lists(texts, min_size=1, max_size=3, unique_by=normal)),
    }[kind]()
    word = next(word for word, each in KIND_WORDS.items() if each == kind)
    filled = [*options, *[""] * (6 - len(options))]
    cells = (word, data.draw(texts), *filled, write_key(kind, key), "因为", "3", "中", "会")
    question, problems = read_question(Row(2, cells))
    assert (problems, list(question.key), list(question.options)) == ([], key, options)


def test_every_reason_has_a_chinese_sentence_that_keeps_its_places():
    chinese = dict(re.findall(r'msgid "(.+)"\nmsgstr "(.+)"', PART))
    imports = (Path(__file__).resolve().parents[2] / "site/locale/parts/imports.po").read_text()
    chinese |= dict(re.findall(r'msgid "(.+)"\nmsgstr "(.+)"', imports))
    reasons = {
        value
        for module in (question_rows, question_plan)
        for name, value in vars(module).items()
        if name.isupper() and str(value).endswith(".")
    }
    assert len(reasons) > 10
    for reason in reasons:
        assert sorted(re.findall(r"{\w+}", reason)) == sorted(re.findall(r"{\w+}", chinese[reason])), reason
