"""A workbook of questions becomes a bank, whole or not at all, and the same workbook twice changes nothing."""

import pytest
from django.core.management import call_command

from learning.quizzes import question_plan, question_rows
from learning.quizzes.actions import import_questions
from learning.quizzes.models import Question, QuestionBank
from learning.quizzes.question_rows import COLUMNS
from members.audit.models import AuditEvent
from members.organisation.models import ImportBatch
from tests.factories import make_person, make_tree
from tests.learning.makers import NOON
from tests.learning.quiz_makers import begin, make_quiz
from tests.members.workbooks import sheet_of, workbook

pytestmark = pytest.mark.django_db

ONE = ("单选", "会前几天告诉大家？", "一天", "三天", "十天", "", "", "", "B", "早些说，好准备。", "2", "易", "会议")
TWO = ("多选", "记录里写明什么？", "时间", "天气", "到会的人", "", "", "", "AC", "", "", "", "")
THREE = ("判断", "散会以前把记录念一遍。", "", "", "", "", "", "", "对", "", "", "", "")
FOUR = ("填空", "第一轮每人说几分钟？", "", "", "", "", "", "", "两分钟|2分钟", "", "", "", "")


def take(*rows: tuple, bank: str = "会议", **options):
    return import_questions(sheet=sheet_of(*rows), bank=bank, actor=None, now=NOON, **options)


def counts(report) -> tuple[int, int, int]:
    assert report.problems == []
    return report.made, report.changed, report.unchanged


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (QuestionBank, Question, ImportBatch, AuditEvent)]


def test_a_workbook_becomes_a_bank():
    report = take(ONE, TWO, THREE, FOUR)
    assert (counts(report), report.is_written) == ((4, 0, 0), True)
    first, several, truth, text = Question.objects.order_by("pk")
    assert (first.bank.name, first.options, first.key, first.points) == ("会议", ["一天", "三天", "十天"], ["B"], 2)
    assert (several.key, truth.key, text.key) == (["A", "C"], [True], ["两分钟", "2分钟"])
    assert ImportBatch.objects.get().kind == "questions"
    assert AuditEvent.objects.get().action == "questions.imported"


def test_the_same_workbook_again_changes_nothing_at_all():
    take(ONE, TWO, THREE, FOUR)
    before = everything()
    report = take(FOUR, ONE, THREE, TWO)
    assert (counts(report), report.is_written) == ((0, 0, 4), False)
    assert everything() == before


def test_a_dry_run_says_the_same_and_writes_nothing():
    before = everything()
    assert counts(take(ONE, TWO, dry_run=True)) == (2, 0, 0)
    assert everything() == before


def test_one_bad_row_keeps_every_row_out():
    before = everything()
    report = take(ONE, TWO, (*THREE[:8], "可能", *THREE[9:]))
    assert [(problem.row, problem.column, problem.reason) for problem in report.problems] == [
        (4, "答案", question_rows.WRONG_TRUTH)
    ]
    assert everything() == before


def test_a_changed_row_changes_a_question_that_was_never_asked():
    take(ONE, TWO)
    changed = (*ONE[:8], "C", *ONE[9:])
    assert counts(take(changed, TWO)) == (0, 1, 1)
    assert Question.objects.count() == 2
    assert Question.objects.get(kind="single").key == ["C"]


def test_a_changed_row_of_a_question_that_was_asked_makes_its_successor():
    take(ONE, TWO)
    tree = make_tree()
    attempt = begin(make_quiz(tree.root, bank=QuestionBank.objects.get()), make_person(tree.branch).member)
    changed = (*ONE[:8], "C", *ONE[9:])
    assert counts(take(changed, TWO)) == (0, 1, 1)
    asked = attempt.answers.get(question__kind="single").question
    assert (asked.key, asked.is_retired, asked.successor.key) == (["B"], True, ["C"])
    [trace] = ImportBatch.objects.latest("pk").changed
    assert (trace["pk"], trace["now"], trace["before"]["key"]) == (asked.pk, asked.successor_id, ["B"])
    assert counts(take(changed, TWO)) == (0, 0, 2)
    assert counts(take(ONE)) == (0, 1, 0)  # back again: a successor that was not asked is changed in place
    assert Question.objects.filter(kind="single").count() == 2


def test_a_question_is_recognised_by_kind_and_words_and_bank():
    take(ONE)
    assert counts(take((ONE[0], f"　{ONE[1]} ".replace("？", "?"), *ONE[2:]))) == (0, 1, 0)
    assert counts(take(ONE, bank="另一个题库")) == (1, 0, 0)
    assert counts(take(("多选", ONE[1], *ONE[2:8], "AB", *ONE[9:]))) == (1, 0, 0)


def test_a_question_that_was_taken_out_comes_back_with_the_workbook_once():
    take(ONE)
    Question.objects.update(is_retired=True)
    assert counts(take(ONE)) == (0, 1, 0)
    assert counts(take(ONE)) == (0, 0, 1)
    assert Question.objects.live().count() == 1


@pytest.mark.parametrize("name", ["", "  ", "名" * 101])
def test_a_bank_needs_a_name(name):
    assert [problem.reason for problem in take(ONE, bank=name).problems] == [question_plan.NO_BANK_NAME]
    assert not QuestionBank.objects.exists()


# --- the command -----------------------------------------------------------------
def run(path, *words) -> int:
    try:
        call_command("import_questions", str(path), "--bank", "会议", *words)
    except SystemExit as end:
        return end.code
    return 0


def test_the_command_takes_a_workbook_and_says_what_it_did(tmp_path, capsys):
    path = workbook(tmp_path / "题.xlsx", ONE, TWO, THREE, FOUR, header=COLUMNS)
    assert run(path, "--dry-run") == 0
    assert "新增 4 行" in capsys.readouterr().out
    assert not Question.objects.exists()
    assert run(path) == 0
    assert run(path) == 0
    assert "4 行没有变化" in capsys.readouterr().out


def test_the_command_names_every_bad_row_and_ends_with_one(tmp_path, capsys):
    bad = [("问答", *ONE[1:]), (*TWO[:8], "AZ", *TWO[9:])]
    assert run(workbook(tmp_path / "题.xlsx", ONE, *bad, header=COLUMNS)) == 1
    said = capsys.readouterr().err
    assert "第 3 行“题型”：没有这种题型" in said
    assert "第 4 行“答案”" in said
    assert "有 2 行需要改" in said
    assert not Question.objects.exists()


def test_the_command_never_ends_in_a_traceback(tmp_path, capsys):
    other = tmp_path / "x.xlsx"
    other.write_bytes(b"no workbook")
    for path in (other, tmp_path / "nowhere.xlsx", tmp_path):
        assert run(path) == 1
    assert run(workbook(tmp_path / "b.xlsx", ONE, header=("编码", *COLUMNS[1:]))) == 1
    assert "Traceback" not in capsys.readouterr().err
