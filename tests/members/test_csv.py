"""A csv list is a list like any other: in UTF-8 or GB18030, honest or hostile."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.organisation import problems
from members.organisation.workbook import Limits, read_rows
from members.organisation.workbook_reader import read
from members.organisation.workbook_sheet import RefusedError
from members.organisation.workbook_text import decoded, delimiter_of
from tests.members.workbooks import COLUMNS, MAIN, with_sheet

LIST = "编码,名称,类型\n0012,柳湾街道党工委,党工委\n0013,东社区党委,党委\n"
CELL = st.text(st.characters(categories=["L", "N", "P"], exclude_characters='=",;，\t'), min_size=1, max_size=12)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "名单.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_whichever_way_it_was_saved_the_rows_are_the_same(path, encoding, ends):
    path.write_bytes(LIST.replace("\n", ends).encode(encoding))
    sheet = read_rows(path, COLUMNS)
    assert [row.cells for row in sheet.rows] == [("0012", "柳湾街道党工委", "党工委"), ("0013", "东社区党委", "党委")]
    assert sheet.problems == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=5), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"])
)
def test_every_text_comes_back_as_it_was_written(rows, encoding):
    text = "\n".join(",".join(row) for row in [COLUMNS, *rows])
    assert decoded(text.encode(encoding)) == text
    assert delimiter_of(text) == ","


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(content):
    with suppress(RefusedError):
        assert "\0" not in decoded(content)


def test_zeros_in_front_stay_and_a_live_formula_is_not_taken(path):
    path.write_text("编码,名称,类型\n=\"0012\",=cmd|'/c calc'!A1,党委\n0013,+SUM(1),@x\n")
    sheet = read_rows(path, COLUMNS)
    assert sheet.rows[0].cells == ("0012", "", "党委")
    assert [(each.reason, each.row, each.column) for each in sheet.problems] == [(problems.FORMULA, 2, "名称")]
    assert sheet.rows[1].cells == ("0013", "+SUM(1)", "@x")


def test_names_written_from_right_to_left_lose_what_nobody_sees(path):
    path.write_text("编码,名称,类型\n12,\u202e委党\u202c,党委\n")
    assert read_rows(path, COLUMNS).rows[0].cells[1] == "委党"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a" * 200_000, problems.HOLDS_TOO_MUCH),
        (b"," * 9_000_000, problems.NO_HEADINGS),
        (b"a,b\n" + b"1," * 4_000_000, problems.HOLDS_TOO_MUCH),
        (b"a,b\n\0,1\n", problems.NOT_A_WORKBOOK),
        (b'a,b\n"1,2\n', problems.BROKEN_TEXT),
        (b"a,b\n" + b"1,2\n" * 100_001, problems.TOO_MANY_ROWS),
        (b"\xff\xfe\xfa" * 50, problems.NOT_A_WORKBOOK),
    ],
)
def test_a_hostile_list_is_refused_or_read_safely(path, content, reason):
    path.write_bytes(content)
    found = [problem.reason for problem in read_rows(path, ()).problems]
    assert found == [reason]


def test_sixteen_thousand_columns_are_read_as_far_as_a_list_goes(tmp_path):
    cells = "".join(f'<c t="inlineStr"><is><t>列{n}</t></is></c>' for n in range(16_384))
    file = with_sheet(
        tmp_path / "wide.xlsx",
        f'<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row><row>{cells}</row></sheetData></worksheet>',
    )
    with file.open("rb") as opened:
        lines = list(read(opened, (), Limits()))
    assert len(lines[0][2]) == len(lines[1][2]) == Limits().columns


def test_a_title_above_the_headings_is_no_heading(path):
    path.write_text("全街道党组织一览表,,\n\n" + LIST)
    sheet = read_rows(path, ())
    assert (sheet.header_row, sheet.header) == (3, COLUMNS)
    assert sheet.rows[0].number == 4
