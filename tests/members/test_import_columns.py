"""Which heading means what is guessed as a person would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.accounts import held_rows, member_rows
from members.imports.columns import NOT_THERE, arrange, guess, is_fixed_format, wanted
from members.organisation import unit_rows
from members.organisation.problems import FORMULA, Problem
from members.organisation.workbook import Row, Sheet

FORMATS = (
    unit_rows.COLUMNS,
    member_rows.COLUMNS,
    held_rows.POST_COLUMNS,
    held_rows.PARTICIPATION_COLUMNS,
)


@pytest.mark.parametrize("columns", FORMATS)
@given(data=st.data())
def test_the_formats_own_words_are_known_in_any_order_and_dress(columns, data):
    header = data.draw(st.permutations([*columns, "备注", "序号"]))
    dress = data.draw(st.sampled_from(["{}", " {} ", "{}（必填）", "*{}", "{}：", "{}\n(文本)"]))
    picked = guess([dress.format(title) for title in header], columns)
    assert [header[place] for place in picked] == list(columns)


@pytest.mark.parametrize(
    ("header", "picked"),
    [
        (("序号", "名字", "联系方式", "工号", "支部编码", "党员类别"), [3, 1, 2, 4, 5, NOT_THERE, NOT_THERE]),
        (("编号", "姓名", "电话", "组织编码", "类别", "入党时间", "职务"), [0, 1, 2, 3, 4, 5, 6]),
        (("党员姓名", "手机号码", "党员编号", "所在党支部编码"), [2, 0, 1, 3, NOT_THERE, NOT_THERE, NOT_THERE]),
        (("甲", "乙"), [NOT_THERE] * 7),
    ],
)
def test_other_words_for_members_are_known_too(header, picked):
    assert guess(header, member_rows.COLUMNS) == picked


@given(st.lists(st.text(max_size=12), max_size=12), st.sampled_from(FORMATS))
def test_whatever_the_headings_each_is_picked_once_and_exists(header, columns):
    picked = [place for place in guess(header, columns) if place != NOT_THERE]
    assert len(picked) == len(set(picked))
    assert all(0 <= place < len(header) for place in picked)


def test_problems_in_columns_that_nobody_needs_are_nobodys():
    sheet = Sheet(
        rows=[Row(2, ("B1", "x", "第一党支部"))],
        problems=[Problem(FORMULA, 2, "1"), Problem(FORMULA, 2, "2")],
        header=("编码", "备注", "名称"),
    )
    arranged = arrange(sheet, [0, 2, NOT_THERE, NOT_THERE, NOT_THERE], unit_rows.COLUMNS)
    assert arranged.rows == [Row(2, ("B1", "第一党支部", "", "", ""))]
    assert [problem.column for problem in arranged.problems] == [unit_rows.NAME]
    assert arranged.ignored_columns == ["备注"]


def test_what_may_be_missing_is_little():
    needed = {each.name for columns in FORMATS for each in wanted(columns) if not each.is_needed}
    assert needed == {"手机号", "入党日期", "职务", "行业", "卸任日期", "结束日期"}
    assert all(is_fixed_format((*columns, "备注"), columns) for columns in FORMATS)
