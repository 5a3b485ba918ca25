"""What the rows of a list of training records (培训记录) mean, and what is wrong with them. Pure.

Each row says that somebody took part in one training, for how many study hours, and who held it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from members.accounts.held_rows import (
    DATE_OUTSIDE,
    ELSEWHERE,
    ENDED,
    ENDS_BEFORE,
    MISSING,
    OTHER_NAME,
    TWICE,
    UNKNOWN_MEMBER,
    WRONG_DATE,
    Person,
)
from members.accounts.member_rows import FIRST_DAY, LONG, read_date
from members.accounts.names import name_key
from members.organisation.problems import Problem
from members.organisation.workbook import Row

COLUMNS = ("党员编号", "姓名", "培训名称", "开始日期", "结束日期", "学时", "主办单位")
NUMBER, NAME, TITLE, SINCE, UNTIL, HOURS, HELD_BY = COLUMNS
MAY_MISS = frozenset({UNTIL})
WORDS = {
    NUMBER: ("党员编号", "编号", "党员号", "党员编码", "人员编号", "人员编码", "工号"),
    NAME: ("姓名", "名字", "党员姓名", "学员姓名", "学员", "参训人员"),
    TITLE: ("培训名称", "培训班名称", "培训班", "班次", "培训班次", "培训项目", "培训内容", "课程名称"),
    SINCE: ("开始日期", "开始时间", "起始日期", "培训日期", "培训时间", "开班日期", "开班时间", "日期"),
    UNTIL: ("结束日期", "结束时间", "终止日期", "结业日期", "结业时间", "结班日期"),
    HOURS: ("学时", "培训学时", "学时数", "总学时", "计入学时", "课时"),
    HELD_BY: ("主办单位", "举办单位", "培训单位", "组织单位", "承办单位", "培训机构", "主办"),
}

NOT_IN_QUARTERS = "Study hours are counted in quarters: 0.25, 0.5, 0.75, 1 and so on. “{said}” is none of these."
NO_HOURS = "This is no number of study hours. Please write only the number, like 3 or 1.5."
TOO_MANY_HOURS = "There are no more than {most} hours in these days. Please look at the hours and the days again."
LONGEST_TITLE = 100
LONGEST_HOST = 60
QUARTER = Decimal("0.25")
FIGURE = re.compile(r"\s*([0-9]{1,4}(?:\.[0-9]{1,6})?)\s*(?:个?学时|课时|小时)?\s*")


@dataclass(frozen=True)
class TrainingRow:
    """One person's part in one training; the hours count in the year of its last day."""

    row: int
    member_id: int
    number: str
    title: str
    since: date
    until: date
    hours: Decimal
    held_by: str


def check_trainings(
    rows: list[Row], people: Mapping[str, Person], today: date
) -> tuple[list[TrainingRow], list[Problem]]:
    """The trainings of a list, and every problem of every row."""
    found: list[Problem] = []
    good: list[TrainingRow] = []
    seen: dict[tuple[str, str, date | None], int] = {}
    for row in rows:
        cells = dict(zip(COLUMNS, row.cells, strict=True))
        problems = list(_wrong(cells, people, today))
        first = seen.setdefault((cells[NUMBER], title_key(cells[TITLE]), read_date(cells[SINCE])), row.number)
        if not problems and first != row.number:
            problems = [(TITLE, TWICE, {"first": first})]
        found.extend(Problem(reason, row.number, column, values) for column, reason, values in problems)
        if not problems:
            good.append(_meant(row.number, cells, people))
    return ([], found) if found else (good, [])


def title_key(title: str) -> str:
    """Titles that differ only by blanks and the size of letters are one training."""
    return "".join(title.split()).casefold()


def read_hours(text: str) -> Decimal | None:
    """A number of hours; with or without the word for them."""
    said = FIGURE.fullmatch(unicodedata.normalize("NFKC", text))
    return Decimal(said[1]) if said else None


def _wrong(cells: dict[str, str], people: Mapping[str, Person], today: date) -> Iterator[tuple[str, str, dict]]:
    blank = [column for column in COLUMNS if not cells[column] and column not in MAY_MISS]
    yield from ((column, MISSING, {}) for column in blank)
    for wrong in (*_wrong_person(cells, people), *_wrong_days(cells, today), *_wrong_hours(cells)):
        if wrong[0] not in blank:
            yield wrong
    for column, limit in ((TITLE, LONGEST_TITLE), (HELD_BY, LONGEST_HOST)):
        if len(cells[column]) > limit:
            yield column, LONG, {"limit": limit}


def _wrong_person(cells: dict[str, str], people: Mapping[str, Person]) -> Iterator[tuple[str, str, dict]]:
    person = people.get(cells[NUMBER])
    if person is None:
        yield NUMBER, UNKNOWN_MEMBER, {}
    elif person.is_ended:
        yield NUMBER, ENDED, {}
    elif not person.is_led:
        yield NUMBER, ELSEWHERE, {}
    elif name_key(cells[NAME]) != person.name_key:
        yield NAME, OTHER_NAME, {}


def _wrong_days(cells: dict[str, str], today: date) -> Iterator[tuple[str, str, dict]]:
    since, until = (read_date(cells[column]) for column in (SINCE, UNTIL))
    for column, day in ((SINCE, since), (UNTIL, until)):
        if cells[column] and day is None:
            yield column, WRONG_DATE, {}
        elif day and not FIRST_DAY <= day <= today:
            yield column, DATE_OUTSIDE, {}
    if since and until and until < since:
        yield UNTIL, ENDS_BEFORE, {}


def _wrong_hours(cells: dict[str, str]) -> Iterator[tuple[str, str, dict]]:
    hours = read_hours(cells[HOURS])
    since, until = read_date(cells[SINCE]), read_date(cells[UNTIL])
    if hours is None or hours <= 0:
        yield HOURS, NO_HOURS, {}
    elif hours % QUARTER:
        yield HOURS, NOT_IN_QUARTERS, {"said": cells[HOURS]}
    elif since and hours > (most := 24 * max(((until or since) - since).days + 1, 1)):
        yield HOURS, TOO_MANY_HOURS, {"most": most}


def _meant(number: int, cells: dict[str, str], people: Mapping[str, Person]) -> TrainingRow:
    since, hours = read_date(cells[SINCE]), read_hours(cells[HOURS])
    assert since is not None  # noqa: S101 — a row without them has a problem
    assert hours is not None  # noqa: S101
    return TrainingRow(
        row=number,
        member_id=people[cells[NUMBER]].pk,
        number=cells[NUMBER],
        title=" ".join(cells[TITLE].split()),
        since=since,
        until=read_date(cells[UNTIL]) or since,
        hours=hours,
        held_by=" ".join(cells[HELD_BY].split()),
    )
