"""What the rows of a list of posts or of participations mean, and what is wrong with them. Pure.

Both lists say that somebody was something somewhere from one day on, perhaps to another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from members.accounts.member_rows import FIRST_DAY, read_date
from members.accounts.member_words import POST_WORDS, posts_of
from members.accounts.names import name_key
from members.organisation.problems import Problem
from members.organisation.workbook import Row

NUMBER, NAME = "党员编号", "姓名"
POST_UNIT, POST, POST_SINCE, POST_UNTIL = "所在组织编码", "职务", "任职日期", "卸任日期"
TAKES_PART, TAKES_PART_SINCE, TAKES_PART_UNTIL = "参加组织编码", "开始日期", "结束日期"
POST_COLUMNS = (NUMBER, NAME, POST_UNIT, POST, POST_SINCE, POST_UNTIL)
PARTICIPATION_COLUMNS = (NUMBER, NAME, TAKES_PART, TAKES_PART_SINCE, TAKES_PART_UNTIL)

MISSING = "This cell must not be empty."
UNKNOWN_MEMBER = "There is nobody with this number in the register. Please import the members first."
ELSEWHERE = "This person belongs to a unit for which you are not organiser."
OTHER_NAME = "In the register this number belongs to somebody with another name."
ENDED = "The membership of this person here has ended. Please reverse that first, or leave out the row."
UNKNOWN_UNIT = "There is no unit with this code. Please import the organisations first."
OUTSIDE = "You are not organiser for this unit."
CLOSED_UNIT = "The unit {code} has been closed."
OWN_UNIT = "This person belongs to this very unit."
ONE_POST = "Each row holds one post. It must be one of: {words}."
WRONG_DATE = "This is not a date. Please write it like 2021-07-01."
DATE_OUTSIDE = "The date must lie between 1921-07-01 and today."
ENDS_BEFORE = "It cannot end before it begins."
TWICE = "Row {first} says the same."
GOES_ON = "This has gone on since {day}. Please write that day, or end that first."
TWO_GO_ON = "Row {first} goes on too. Only one of them can."

Key = tuple[int, int, str]  # member, unit, kind


@dataclass(frozen=True)
class Person:
    pk: int
    name_key: str
    unit_id: int | None
    is_ended: bool
    is_led: bool


@dataclass(frozen=True)
class Place:
    pk: int
    is_closed: bool
    is_led: bool


@dataclass(frozen=True)
class Held:
    """A post or participation of the register."""

    pk: int
    since: date
    until: date | None


@dataclass(frozen=True)
class HeldRow:
    """A post or participation as a row has it; without `until` the row says nothing of an end."""

    row: int
    key: Key
    since: date
    until: date | None


@dataclass(frozen=True)
class HeldRegister:
    """What the rows are checked against."""

    people: Mapping[str, Person]
    units: Mapping[str, Place]
    held: Mapping[Key, Sequence[Held]]
    today: date


def check_held(
    rows: list[Row], columns: tuple[str, ...], register: HeldRegister
) -> tuple[list[HeldRow], list[Problem]]:
    """The posts or participations of a list, and every problem of every row."""
    found: list[Problem] = []
    good: list[HeldRow] = []
    for row in rows:
        cells = dict(zip(columns, row.cells, strict=True))
        problems = [Problem(reason, row.number, column, values) for column, reason, values in _wrong(cells, register)]
        found.extend(problems)
        if not problems:
            good.append(_meant(row.number, cells, register))
    since_column = columns[-2]
    found.extend(_conflicts(good, register, since_column))
    return ([], found) if found else (good, [])


def matching(row: HeldRow, held: Sequence[Held]) -> Held | None:
    """The entry of the register that the row speaks of: what began on that day, and rather what still goes on."""
    same = [each for each in held if each.since == row.since]
    return min(same, key=lambda each: each.until is not None, default=None)


def _wrong(cells: dict[str, str], register: HeldRegister) -> Iterator[tuple[str, str, dict]]:
    until_column = list(cells)[-1]
    blank = [column for column, text in cells.items() if not text and column != until_column]
    yield from ((column, MISSING, {}) for column in blank)
    for wrong in (*_wrong_person(cells, register), *_wrong_unit(cells, register), *_wrong_days(cells, register.today)):
        if wrong[0] not in blank:
            yield wrong
    if cells.get(POST):
        kinds, unknown = posts_of(cells[POST])
        if unknown or len(kinds) != 1:
            yield POST, ONE_POST, {"words": "、".join(POST_WORDS)}


def _wrong_person(cells: dict[str, str], register: HeldRegister) -> Iterator[tuple[str, str, dict]]:
    person = register.people.get(cells[NUMBER])
    if person is None:
        yield NUMBER, UNKNOWN_MEMBER, {}
    elif not person.is_led:
        yield NUMBER, ELSEWHERE, {}
    elif name_key(cells[NAME]) != person.name_key:
        yield NAME, OTHER_NAME, {}
    elif person.is_ended:
        yield NUMBER, ENDED, {}


def _wrong_unit(cells: dict[str, str], register: HeldRegister) -> Iterator[tuple[str, str, dict]]:
    column, until = list(cells)[2], list(cells.values())[-1]
    unit, person = register.units.get(cells[column]), register.people.get(cells[NUMBER])
    if unit is None:
        yield column, UNKNOWN_UNIT, {}
    elif not unit.is_led:
        yield column, OUTSIDE, {}
    elif unit.is_closed and not until:
        yield column, CLOSED_UNIT, {"code": cells[column]}
    elif column == TAKES_PART and person and person.unit_id == unit.pk and not until:
        yield column, OWN_UNIT, {}


def _wrong_days(cells: dict[str, str], today: date) -> Iterator[tuple[str, str, dict]]:
    columns = list(cells)[-2:]
    days = [read_date(cells[column]) for column in columns]
    for column, day in zip(columns, days, strict=True):
        if cells[column] and day is None:
            yield column, WRONG_DATE, {}
        elif day and not FIRST_DAY <= day <= today:
            yield column, DATE_OUTSIDE, {}
    since, until = days
    if since and until and until < since:
        yield columns[1], ENDS_BEFORE, {}


def _meant(number: int, cells: dict[str, str], register: HeldRegister) -> HeldRow:
    column, since_column, until_column = list(cells)[2], *list(cells)[-2:]
    [kind] = posts_of(cells[POST])[0] if POST in cells else [""]
    key = (register.people[cells[NUMBER]].pk, register.units[cells[column]].pk, kind)
    since = read_date(cells[since_column])
    assert since is not None  # noqa: S101 — a row without it has a problem
    return HeldRow(number, key, since, read_date(cells[until_column]))


def _conflicts(rows: list[HeldRow], register: HeldRegister, column: str) -> Iterator[Problem]:
    """What cannot stand beside another row, or beside the register as the file leaves it."""
    seen: dict[tuple[Key, date], int] = {}
    going_on: dict[Key, int] = {}
    ends = {(row.key, row.since) for row in rows if row.until}
    for row in rows:
        held = register.held.get(row.key, ())
        known = matching(row, held)
        first = seen.setdefault((row.key, row.since), row.row)
        if first != row.row:
            yield Problem(TWICE, row.row, column, {"first": first})
        elif row.until is None and known is None:
            open_before = [each.since for each in held if each.until is None and (row.key, each.since) not in ends]
            if open_before:
                yield Problem(GOES_ON, row.row, column, {"day": open_before[0].isoformat()})
            elif going_on.setdefault(row.key, row.row) != row.row:
                yield Problem(TWO_GO_ON, row.row, column, {"first": going_on[row.key]})
