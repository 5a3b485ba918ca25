"""What may be wrong with the rows of a workbook of members: each is said with its row, column and reason."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.accounts import member_rows
from members.accounts.member_rows import (
    COLUMNS,
    JOINED,
    NAME,
    NUMBER,
    PHONE,
    POSTS,
    STATUS,
    UNIT,
    Register,
    UnitFacts,
    check_members,
    read_date,
)
from members.accounts.member_words import OTHER_POST_WORDS, OTHER_STATUS_WORDS, POST_WORDS, STATUS_WORDS
from members.accounts.models import MemberStatus
from members.accounts.phones import normalise_phone
from members.organisation.kinds import PostKind
from members.organisation.problems import Problem
from tests.members.workbooks import sheet_of

TODAY = date(2026, 11, 22)
GOOD = ("03020019", "阿依古丽·买买提", "138 0000 0472", "R11", "正式党员", "2001-07-01", "书记、组织委员")
REGISTER = Register(
    units={
        "R11": UnitFacts(is_closed=False, nobody_belongs=False),
        "R12": UnitFacts(is_closed=True, nobody_belongs=False),
        "R1P1": UnitFacts(is_closed=False, nobody_belongs=True),
    },
    ended_numbers=frozenset({"03029999"}),
    numbers_by_name={"王秀英": frozenset({"00123456"})},
    normalise_phone=normalise_phone,
    today=TODAY,
)


def good(**cells: str) -> tuple:
    return tuple(cells.get(column, text) for column, text in zip(COLUMNS, GOOD, strict=True))


def check(*rows: tuple):
    return check_members(sheet_of(*rows).rows, REGISTER)


def test_a_good_row_becomes_a_person():
    [person], problems = check(GOOD)
    assert problems == []
    assert (person.number, person.name, person.phone) == ("03020019", "阿依古丽·买买提", "13800000472")
    assert (person.status, person.joined_on) == ("full", date(2001, 7, 1))
    assert person.posts == {"secretary", "organisation_member"}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({NUMBER: ""}, member_rows.MISSING),
        ({NAME: ""}, member_rows.MISSING),
        ({UNIT: ""}, member_rows.MISSING),
        ({STATUS: ""}, member_rows.MISSING),
        ({NUMBER: "123"}, member_rows.WRONG_NUMBER),
        ({NUMBER: "1" * 21}, member_rows.WRONG_NUMBER),
        ({NUMBER: "0302-0019"}, member_rows.WRONG_NUMBER),
        ({NUMBER: "３０２００１９"}, member_rows.WRONG_NUMBER),
        ({NUMBER: "03029999"}, member_rows.ENDED),
        ({NAME: "名" * 51}, member_rows.LONG),
        ({PHONE: "1380000047"}, member_rows.WRONG_PHONE),
        ({PHONE: "无"}, member_rows.WRONG_PHONE),
        ({UNIT: "R99"}, member_rows.UNKNOWN_UNIT),
        ({UNIT: "R12"}, member_rows.CLOSED_UNIT),
        ({UNIT: "R1P1"}, member_rows.NOBODY_BELONGS),
        ({STATUS: "党员"}, member_rows.UNKNOWN_STATUS),
        ({JOINED: "去年"}, member_rows.WRONG_DATE),
        ({JOINED: "2021-02-30"}, member_rows.WRONG_DATE),
        ({JOINED: "44378"}, member_rows.WRONG_DATE),
        ({JOINED: "2026-11-23"}, member_rows.DATE_OUTSIDE),
        ({JOINED: "1911-01-01"}, member_rows.DATE_OUTSIDE),
        ({POSTS: "书记、队长"}, member_rows.UNKNOWN_POST),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_reason(cells, reason):
    people, problems = check(GOOD, good(**{NUMBER: "03020020"} | cells))
    assert people == []
    assert [(problem.row, problem.column, problem.reason) for problem in problems] == [(3, *cells, reason)]


def test_all_bad_cells_of_all_rows_are_named():
    _, problems = check(("", "", "x", "", "", "x", "x"), good(**{PHONE: "x"}), GOOD)
    assert [problem.row for problem in problems] == [2] * 7 + [3, 4]
    assert problems[-1] == Problem(member_rows.TWICE, 4, NUMBER, {"first": 3})


def test_a_number_that_lost_its_zeros_is_told_from_a_new_person():
    _, problems = check(good(**{NUMBER: "123456", NAME: "王秀英"}))
    assert problems == [Problem(member_rows.LOST_ZEROS, 2, NUMBER, {"name": "王秀英", "number": "00123456"})]
    _, problems = check(GOOD, good(**{NUMBER: "3020019"}))
    assert [(problem.row, problem.reason) for problem in problems] == [(3, member_rows.LOST_ZEROS)]
    people, problems = check(good(**{NUMBER: "123456", NAME: "王秀兰"}))
    assert (len(people), problems) == (1, [])


@pytest.mark.parametrize("phone", ["", "13800000472", "+86 138-0000-0472", "１３８００００0472"])
def test_a_phone_may_be_missing_or_written_in_other_ways(phone):
    [person], problems = check(good(**{PHONE: phone}))
    assert problems == []
    assert person.phone == ("13800000472" if phone else "")


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("", set()),
        ("无", set()),
        ("支部书记", {"secretary"}),
        ("副书记，纪检委员", {"deputy_secretary", "discipline_member"}),
        ("宣传委员 党小组长", {"publicity_member", "group_leader"}),
        ("书记、书记", {"secretary"}),
    ],
)
def test_several_posts_stand_in_one_cell(text, posts):
    [person], _ = check(good(**{POSTS: text}))
    assert person.posts == posts


@given(st.dates(date(1921, 7, 1), TODAY))
def test_a_day_is_read_however_it_is_written(day):
    long = f"{day.year}年{day.month}月{day.day}日"
    for text in (day.isoformat(), f"{day:%Y/%m/%d}", f"{day.year}.{day.month}.{day.day}", long, f"{day:%Y%m%d}"):
        assert read_date(text) == day
    [person], _ = check(good(**{JOINED: long}))
    assert person.joined_on == day


def test_today_is_a_day_to_join_and_tomorrow_is_not():
    assert check(good(**{JOINED: TODAY.isoformat()}))[1] == []
    assert len(check(good(**{JOINED: (TODAY + timedelta(days=1)).isoformat()}))[1]) == 1


def test_the_words_name_every_status_and_post():
    assert sorted(STATUS_WORDS.values()) == sorted(MemberStatus.values)
    assert sorted(POST_WORDS.values()) == sorted(PostKind.values)
    assert set(OTHER_STATUS_WORDS.values()) <= set(MemberStatus.values)
    assert set(OTHER_POST_WORDS.values()) <= set(PostKind.values)


CELLS = st.text(max_size=8) | st.sampled_from([*GOOD, "R12", "预备"])


@given(st.lists(st.tuples(*[CELLS] * 7), max_size=4))
def test_any_rows_are_either_taken_or_named(rows):
    people, problems = check(*rows)
    assert bool(people) != bool(problems) or not rows
    assert len(people) in (0, len(rows))
    assert all(2 <= problem.row < 2 + len(rows) and problem.column in COLUMNS for problem in problems)
