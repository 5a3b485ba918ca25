"""培训记录: a list of trainings becomes lines of the ledger, whole or not at all; the same again changes nothing."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from learning.hours.models import HoursEntry
from learning.training import rows as words
from learning.training.actions import import_training
from learning.training.rows import COLUMNS, read_hours
from members.accounts import held_rows
from members.accounts.membership import end_membership
from members.accounts.models import Member
from members.imports.actions import confirm_list, receive_list
from members.imports.columns import guess
from members.imports.files import ListFiles
from members.imports.models import ListStep
from members.imports.turning import turn_lists
from members.imports.undoing import ask_undo, turn_undoings
from members.messages.models import Message
from members.organisation.models import ImportBatch
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_tree
from tests.members.workbooks import sheet_of, workbook

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 12, 4, tzinfo=UTC)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    return make_member(tree.branch, number="800001", name="周新")


def row(
    title="冬季集中培训", since="2025-12-10", until="2025-12-12", hours="6", held_by="柳湾街道党校", **rest
) -> tuple:
    return (rest.get("number", "800001"), rest.get("name", "周新"), title, since, until, hours, held_by)


def bring(*rows, now=NOW, **options):
    return import_training(sheet=sheet_of(*rows), actor=None, now=now, **options)


def counts(report) -> tuple[int, int, int]:
    assert report.problems == []
    return report.made, report.changed, report.unchanged


def standing() -> list[tuple[str, str]]:
    lines = HoursEntry.objects.filter(reverses=None, reversed_by=None).order_by("pk")
    return [(line.evidence["title"], str(line.hours.normalize())) for line in lines]


def total() -> Decimal:
    return sum(HoursEntry.objects.values_list("hours", flat=True), Decimal(0))


# --- into the ledger ---------------------------------------------------------------
def test_a_row_becomes_a_line_that_says_who_held_the_training(member):
    assert counts(bring(row())) == (1, 0, 0)
    line = HoursEntry.objects.get()
    batch = ImportBatch.objects.get()
    assert (line.member, line.hours, line.category, line.source) == (member, 6, "training", "training")
    assert (line.earned_on.isoformat(), line.year, line.is_late_entry) == ("2025-12-12", 2025, True)
    assert (line.evidence["held_by"], line.evidence["batch"]) == ("柳湾街道党校", batch.pk)
    assert (batch.kind, batch.made) == ("training", [line.pk])


def test_the_same_list_again_changes_nothing(member):
    bring(row(), row(title="春季集中培训", since="2025-03-03", until="", hours="1.5学时"))
    before = list(HoursEntry.objects.values())
    assert counts(
        bring(row(title=" 冬季 集中培训"), row(title="春季集中培训", since="2025-3-3", until="", hours="1.5"))
    ) == (0, 0, 2)
    assert list(HoursEntry.objects.values()) == before
    assert ImportBatch.objects.count() == 1


def test_another_figure_takes_the_line_back_and_writes_a_new_one(member):
    bring(row())
    assert counts(bring(row(hours="4.5"))) == (0, 1, 0)
    assert standing() == [("冬季集中培训", "4.5")]
    assert (total(), HoursEntry.objects.count()) == (Decimal("4.5"), 3)


def test_a_dry_run_writes_nothing(member):
    assert counts(bring(row(), dry_run=True)) == (1, 0, 0)
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize(
    ("bad", "column", "reason"),
    [
        (row(number="999999"), words.NUMBER, held_rows.UNKNOWN_MEMBER),
        (row(name="周欣"), words.NAME, held_rows.OTHER_NAME),
        (row(number="700001", name="远方"), words.NUMBER, held_rows.ELSEWHERE),
        (row(title=""), words.TITLE, held_rows.MISSING),
        (row(held_by=""), words.HELD_BY, held_rows.MISSING),
        (row(since="去年冬天"), words.SINCE, held_rows.WRONG_DATE),
        (row(until="2026-12-12"), words.UNTIL, held_rows.DATE_OUTSIDE),
        (row(until="2025-12-01"), words.UNTIL, held_rows.ENDS_BEFORE),
        (row(hours="0.3"), words.HOURS, words.NOT_IN_QUARTERS),
        (row(hours="六"), words.HOURS, words.NO_HOURS),
        (row(hours="0"), words.HOURS, words.NO_HOURS),
        (row(hours="NaN"), words.HOURS, words.NO_HOURS),
        (row(hours="73"), words.HOURS, words.TOO_MANY_HOURS),
        (row(title="长" * 101), words.TITLE, words.LONG),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_nothing_is_written(tree, member, bad, column, reason):
    make_member(tree.far, number="700001", name="远方")
    report = bring(row(title="好的一行"), bad, within=[tree.east.path])
    assert [(each.row, each.column, each.reason) for each in report.problems] == [(3, column, reason)]
    assert not HoursEntry.objects.exists()


def test_the_same_training_twice_in_a_list_is_a_bad_row(member):
    report = bring(row(), row(hours="4"))
    assert [(each.row, each.reason, each.values) for each in report.problems] == [(3, held_rows.TWICE, {"first": 2})]


def test_hours_are_read_with_or_without_their_word():
    assert [
        read_hours(text) for text in ("3", "1.5 学时", "2个学时", "0.25小时", "３．５", "三", "1e400000", "-1", "")
    ] == [
        Decimal(3),
        Decimal("1.5"),
        Decimal(2),
        Decimal("0.25"),
        Decimal("3.5"),
        None,
        None,
        None,
        None,
    ]


def test_columns_are_guessed_from_what_others_call_them():
    header = ("序号", "学员姓名", "培训班名称", "开班日期", "结业日期", "培训学时", "主办单位（盖章）", "人员编号")
    assert guess(header, COLUMNS, words.WORDS) == [7, 1, 2, 3, 4, 5, 6]


def test_members_are_told_and_nobody_whose_membership_has_ended(tree, member):
    other = make_member(tree.branch, number="800002", name="吴远")
    bring(row(), row(number="800002", name="吴远"))
    assert sorted(Message.objects.values_list("to__name", flat=True)) == ["吴远", "周新"]
    assert all("冬季集中培训" in text for text in Message.objects.values_list("text", flat=True))
    end_membership(member=other, kind="moved_out", ended_on=NOW.date(), actor=None, now=NOW)
    assert bring(row(number="800002", name="吴远")).problems[0].reason == held_rows.ENDED


# --- through the web -----------------------------------------------------------------
@pytest.fixture
def organiser(tree):
    return make_leader(tree.east, Role.ORGANISER)


def sent(organiser, tmp_path, *rows, header=COLUMNS):
    path = workbook(tmp_path / "培训.xlsx", *rows, header=header)
    with path.open("rb") as file:
        incoming = receive_list(file=file, file_name="培训.xlsx", kind="training", actor=organiser, now=timezone.now())
    turn_lists(now=timezone.now())
    incoming.refresh_from_db()
    return incoming


def test_an_organiser_looks_at_the_list_takes_it_and_takes_it_back(client, tree, member, organiser, tmp_path):
    client.force_login(organiser)
    incoming = sent(organiser, tmp_path, row())
    looked = client.get(f"/organise/imports/{incoming.key}/").content.decode()
    assert "周新，冬季集中培训，2025-12-12，6 学时" in looked
    confirm_list(incoming=incoming)
    turn_lists(now=timezone.now())
    incoming.refresh_from_db()
    assert (incoming.step, standing()) == (ListStep.DONE, [("冬季集中培训", "6")])
    page = client.get(f"/organise/imports/{incoming.batch_id}/").content.decode()
    assert "培训记录，新增 1" in page
    assert "都会另写一条冲回" in page
    client.post(f"/organise/imports/{incoming.batch_id}/")
    turn_undoings(now=timezone.now())
    assert (standing(), total(), HoursEntry.objects.count()) == ([], 0, 2)
    assert HoursEntry.objects.latest("pk").reason == "培训记录这次导入撤回了"
    assert counts(bring(row(), now=timezone.now())) == (1, 0, 0)
    assert standing() == [("冬季集中培训", "6")]


def test_taking_a_correction_back_lets_the_line_stand_as_it_was(tree, member, organiser):
    bring(row())
    report = bring(row(hours="4.5"))
    ask_undo(batch=ImportBatch.objects.get(pk=report.batch_id), actor=organiser, now=timezone.now())
    turn_undoings(now=timezone.now())
    assert standing() == [("冬季集中培训", "6")]
    assert total() == 6
    assert counts(bring(row(), now=timezone.now())) == (0, 0, 1)


def test_what_was_corrected_since_is_not_taken_back(tree, member, organiser):
    report = bring(row())
    bring(row(hours="4.5"))
    ask_undo(batch=ImportBatch.objects.get(pk=report.batch_id), actor=organiser, now=timezone.now())
    turn_undoings(now=timezone.now())
    assert ImportBatch.objects.get(pk=report.batch_id).undo_refusals == ["之后又改过：周新"]
    assert standing() == [("冬季集中培训", "4.5")]


def test_the_list_comes_back_with_a_comment_in_the_bad_cell(client, tree, member, organiser, tmp_path):
    client.force_login(organiser)
    incoming = sent(organiser, tmp_path, row(hours="0.3"))
    assert "学时按四分之一计" in client.get(f"/organise/imports/{incoming.key}/").content.decode()
    sheet = load_workbook(BytesIO(ListFiles(incoming).path("errors").read_bytes())).active
    assert "“0.3”不是" in sheet["F2"].comment.text


def test_other_headings_are_asked_about(tree, member, organiser, tmp_path):
    incoming = sent(
        organiser,
        tmp_path,
        ("周新", "800001", "冬训", "2025-12-10", 3, "党校"),
        header=("姓名", "编号", "培训班", "日期", "课时", "主办"),
    )
    assert (incoming.step, incoming.picked) == (ListStep.ASK, [1, 0, 2, 3, -1, 4, 5])


# --- the command -----------------------------------------------------------------------
def test_the_command_ends_with_zero_only_when_every_row_was_taken(tmp_path, member, capsys):
    good = workbook(tmp_path / "a.xlsx", row(), header=COLUMNS)
    bad = workbook(tmp_path / "b.xlsx", row(title="另一次"), row(hours="0.3", title="第三次"), header=COLUMNS)
    call_command("import_training", str(good), "--dry-run")
    assert not HoursEntry.objects.exists()
    call_command("import_training", str(good))
    with pytest.raises(SystemExit) as ended:
        call_command("import_training", str(bad))
    assert ended.value.code == 1
    assert HoursEntry.objects.count() == 1
    assert "第 3 行" in capsys.readouterr().err
    assert Member.objects.count() == 1
