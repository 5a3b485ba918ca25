"""A foreign workbook becomes text and reasons; nothing it holds reaches this process but that."""

import os
import re
import stat
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.organisation import problems
from members.organisation.problems import Problem
from members.organisation.workbook import Limits, read_rows
from members.organisation.workbook_cells import clean, shown
from tests.members import workbooks
from tests.members.workbooks import COLUMNS, with_rows, workbook


@pytest.fixture
def path(tmp_path):
    return tmp_path / "名单.xlsx"


def only_problem(path: Path) -> Problem:
    sheet = read_rows(path, COLUMNS)
    assert sheet.rows == []
    assert len(sheet.problems) == 1
    return sheet.problems[0]


def cells(path: Path) -> list[tuple[str, ...]]:
    sheet = read_rows(path, COLUMNS)
    assert sheet.problems == []
    return [row.cells for row in sheet.rows]


# --- honest files --------------------------------------------------------------


def test_rows_come_back_as_text_with_their_numbers(path):
    sheet = read_rows(workbook(path, ("01", "东街党支部", "党支部"), (), ("02", "西街党支部", None)), COLUMNS)
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, ("01", "东街党支部", "党支部")),
        (4, ("02", "西街党支部", "")),
    ]
    assert sheet.problems == []
    assert re.fullmatch("[0-9a-f]{64}", sheet.sha256)


def test_a_number_reads_as_a_person_sees_it(path):
    def dress(sheet):
        sheet["A3"].number_format = "00000000"

    rows = [("03020019", 3020019.0, 3020019), (3020019, 13800000472, 2.5), (True, 0.1 + 0.2, -0.0)]
    assert cells(workbook(path, *rows, dress=dress)) == [
        ("03020019", "3020019", "3020019"),
        ("03020019", "13800000472", "2.5"),
        ("TRUE", "0.3", "0"),
    ]


def test_a_date_reads_as_an_iso_date_in_every_format(path):
    def dress(sheet):
        sheet["C2"].number_format = 'yyyy"年"m"月"d"日"'

    row = (date(2021, 7, 1), datetime(2021, 7, 1, 9, 30), datetime(2021, 7, 1))
    assert cells(workbook(path, row, dress=dress)) == [("2021-07-01", "2021-07-01 09:30", "2021-07-01")]


@pytest.mark.parametrize("format_id", [31, 57, 58])
def test_the_unwritten_chinese_date_formats_are_dates(path, format_id):
    files = workbooks.parts(
        workbook(path, (44378, "x", "y"), dress=lambda sheet: setattr(sheet["A2"], "number_format", "0"))
    )
    styles = files["xl/styles.xml"].replace(b'numFmtId="1"', b'numFmtId="%d"' % format_id)
    assert cells(workbooks.pack(path, {**files, "xl/styles.xml": styles}))[0][0] == "2021-07-01"


def test_blanks_nobody_sees_are_gone(path):
    row = ("\u3000 01\u00a0", "\u200b阿依古丽·买买提\ufeff", "_x000D_党支部\n")
    assert cells(workbook(path, row, ("\u3000", " ", "\u200b"))) == [("01", "阿依古丽·买买提", "党支部")]


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)
    assert clean(text) == clean(f"\u3000{text}\u200b")


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_whole_number_keeps_its_digits(number):
    assert shown(float(number)) == shown(number) == str(number)


def test_more_columns_are_named_and_ignored(path):
    file = workbook(path, ("1", "2", "3", "=A1", "x"), header=(*COLUMNS, "备注", None, "电话"))
    sheet = read_rows(file, COLUMNS)
    assert [row.cells for row in sheet.rows] == [("1", "2", "3")]
    assert sheet.ignored_columns == ["备注", "电话"]
    assert sheet.problems == []


def test_the_first_sheet_that_can_be_seen_is_read(path):
    def hide_it_and_add_another(sheet):
        shown_sheet = sheet.parent.create_sheet("名单")
        shown_sheet.append(COLUMNS)
        shown_sheet.append(("看得见", "2", "3"))
        sheet.sheet_state = "hidden"

    assert cells(workbook(path, ("看不见", "2", "3"), dress=hide_it_and_add_another)) == [("看得见", "2", "3")]


def test_a_small_list_of_like_rows_is_not_taken_for_a_bomb(path):
    file = workbook(path, *[("0001", "东街党支部", "党支部")] * 30_000)
    assert len(cells(file)) == 30_000


# --- files with cells that cannot be taken ---------------------------------------


def test_a_formula_is_named_with_its_cell_and_never_evaluated(path):
    sheet = read_rows(workbook(path, ("1", "=1+1", "3"), ("2", "b", "c")), COLUMNS)
    assert sheet.problems == [Problem(problems.FORMULA, 2, "名称")]
    assert [row.cells for row in sheet.rows] == [("1", "", "3"), ("2", "b", "c")]


def test_a_cell_that_shows_an_error_is_named(path):
    sheet = read_rows(with_rows(path, '<row r="2"><c t="e"><v>#N/A</v></c></row>'), COLUMNS)
    assert sheet.problems == [Problem(problems.SHOWS_AN_ERROR, 2, "编码", {"value": "#N/A"})]


def test_a_number_without_all_its_digits_is_named(path):
    sheet = read_rows(with_rows(path, '<row r="2"><c><v>1.2345678901234567E+19</v></c></row>'), COLUMNS)
    assert sheet.problems == [Problem(problems.INEXACT_NUMBER, 2, "编码")]


def test_a_number_beyond_all_bounds_is_named(path):
    sheet = read_rows(with_rows(path, '<row r="2"><c><v>1e999</v></c></row>'), COLUMNS)
    assert [problem.reason for problem in sheet.problems] == [problems.SHOWS_AN_ERROR]


def test_merged_cells_are_named_with_their_range(path):
    file = workbook(path, ("1", "2", "3"), ("4", "5", "6"), dress=lambda sheet: sheet.merge_cells("A2:A3"))
    assert read_rows(file, COLUMNS).problems == [Problem(problems.MERGED, 2, "编码", {"range": "A2:A3"})]


def test_cells_merged_beside_or_below_the_list_do_not_matter(path):
    def merge(sheet):
        sheet.merge_cells("D2:E3")
        sheet.merge_cells("A9:C9")

    assert cells(workbook(path, ("1", "2", "3"), ("4", "5", "6"), dress=merge))


def test_a_very_long_text_is_named(path):
    sheet = read_rows(workbook(path, ("1", "字" * 10_001, "3")), COLUMNS)
    assert sheet.problems == [Problem(problems.LONG_TEXT, 2, "名称", {"limit": 10_000})]


def test_problems_without_end_are_cut_short(path):
    sheet = read_rows(workbook(path, *[("=1", "b", "c")] * 500), COLUMNS)
    assert len(sheet.problems) == Limits().problems + 1
    assert sheet.problems[-1].reason == problems.TOO_MANY_PROBLEMS


# --- headers ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", [("名称", "编码", "类型"), ("编码", "名字", "类型"), ("编码", "名称"), ("党支部一览表",)]
)
def test_headers_missing_renamed_or_in_another_order_are_one_problem(path, header):
    problem = only_problem(workbook(path, ("1", "2", "3"), header=header))
    assert problem.reason == problems.WRONG_HEADERS
    assert problem.values == {"expected": "编码 名称 类型", "found": " ".join(header)}


@pytest.mark.parametrize("header", [(), (None, " ", "\u3000")])
def test_no_headers_are_one_problem(path, header):
    assert only_problem(workbook(path, header=header)).reason == problems.NO_HEADERS


def test_a_first_row_left_blank_is_one_problem(path):
    assert only_problem(workbook(path, COLUMNS, ("1", "2", "3"), header=())).reason == problems.NO_HEADERS


def test_headers_alone_are_one_problem(path):
    assert only_problem(workbook(path, (None,), (" ",))).reason == problems.NO_ROWS


# --- files that are no workbook -----------------------------------------------------


def test_a_missing_file_a_folder_and_a_pipe_are_one_problem(path, tmp_path):
    assert only_problem(path).reason == problems.NO_FILE
    assert only_problem(tmp_path).reason == problems.FOLDER
    assert only_problem(Path("a\0b")).reason == problems.UNREADABLE
    os.mkfifo(path)
    assert only_problem(path).reason == problems.NOT_A_WORKBOOK


def test_a_file_that_cannot_be_opened_is_one_problem(path, tmp_path):
    assert only_problem(tmp_path / ("名" * 300)).reason == problems.UNREADABLE
    workbook(path).chmod(stat.S_IWUSR)
    if os.geteuid():  # root reads everything
        assert only_problem(path).reason == problems.UNREADABLE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", problems.EMPTY_FILE),
        ("编码,名称,类型\n1,2,3\n".encode("utf-16"), problems.NOT_A_WORKBOOK),
        ("編碼,名稱,類型\n1,2,3\n".encode("big5"), problems.NOT_A_WORKBOOK),
        (b"<html><table><tr><td>1</td></tr></table></html>", problems.NOT_A_WORKBOOK),
        (b"%PDF-1.7\x00", problems.NOT_A_WORKBOOK),
        (os.urandom(4096), problems.NOT_A_WORKBOOK),
        (b"PK\x03\x04" + os.urandom(4096), problems.DAMAGED),
    ],
)
def test_another_file_under_the_name_of_a_workbook_is_one_problem(path, content, reason):
    path.write_bytes(content)
    assert only_problem(path).reason == reason


def test_an_old_and_an_encrypted_workbook_are_told_apart(path):
    assert only_problem(workbooks.ole_file(path, encrypted=False)).reason == problems.OLD_FORMAT
    assert only_problem(workbooks.ole_file(path, encrypted=True)).reason == problems.ENCRYPTED


@pytest.mark.parametrize("files", [{"a.txt": b"a"}, {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<d/>"}])
def test_a_zip_without_a_workbook_is_one_problem(path, files):
    assert only_problem(workbooks.pack(path, files)).reason in (problems.NOT_A_WORKBOOK, problems.DAMAGED)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_one_problem(path, kept):
    whole = workbook(path, *[("1", "2", "3")] * 100).read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    assert only_problem(path).reason == problems.DAMAGED


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", workbooks.SHEET_PART, "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("content", [b"", b"<a", b"\xff\xfe\x00", b"<a/>"])
def test_a_spoilt_part_is_one_problem(path, part, content):
    files = workbooks.parts(workbook(path, ("1", "2", "3")))
    sheet = read_rows(workbooks.pack(path, {**files, part: content}), COLUMNS)
    assert len(sheet.problems) <= 1
    assert sheet.problems or sheet.rows  # a spoilt style sheet alone need not cost the list
