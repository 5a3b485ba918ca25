"""What the rows of a workbook of members mean, and what is wrong with them. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from members.accounts.member_words import POST_WORDS, STATUS_WORDS, posts_of, status_of
from members.accounts.names import NAME_CHARACTERS, name_key
from members.organisation.problems import Problem
from members.organisation.workbook import Row

COLUMNS = ("党员编号", "姓名", "手机号", "所在组织编码", "类别", "入党日期", "职务")
NUMBER, NAME, PHONE, UNIT, STATUS, JOINED, POSTS = COLUMNS

MISSING = "This cell must not be empty."
LONG = "This has more than {limit} characters."
WRONG_NUMBER = "A member number has 4 to 20 letters and digits."
TWICE = "Row {first} has the same member number."
LOST_ZEROS = "{name} also has the number {number}: they differ by zeros in front. Please make the column a text."
WRONG_PHONE = "A mobile phone number has 11 digits and begins with 1."
UNKNOWN_UNIT = "There is no unit with this code. Please import the organisations first."
CLOSED_UNIT = "The unit {code} has been closed."
NOBODY_BELONGS = (
    "Nobody belongs to such a unit, people only take part there. Please give the branch or group they belong to."
)
UNKNOWN_STATUS = "This category is not known. It must be one of: {words}."
WRONG_DATE = "This is not a date. Please write it like 2021-07-01."
DATE_OUTSIDE = "The date must lie between 1921-07-01 and today."
UNKNOWN_POST = "The post {word} is not known. It must be one of: {words}, with 、 between several."
OUTSIDE = "You are not organiser for this unit."
ELSEWHERE = "This person belongs to a unit for which you are not organiser. Please ask there for the move first."
ENDED = "The membership of this person here has ended. Please reverse that first, or leave out the row."

NUMBER_FORM = re.compile("[0-9A-Za-z]{4,20}")
DATE_FORMS = (
    re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?: 00:00)?"),
    re.compile("([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
    re.compile("([0-9]{4})([0-9]{2})([0-9]{2})"),
)
FIRST_DAY = date(1921, 7, 1)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person as a row has them; no phone, no date and no set of posts mean that the row says nothing of these."""

    row: int
    number: str
    name: str
    phone: str
    unit: str
    status: str
    joined_on: date | None
    posts: frozenset[str] | None


@dataclass(frozen=True)
class UnitFacts:
    """What matters of a unit for those who belong to it."""

    is_closed: bool
    nobody_belongs: bool
    is_led: bool = True


@dataclass(frozen=True)
class Register:
    """What the rows are checked against."""

    units: Mapping[str, UnitFacts]
    ended_numbers: frozenset[str]
    # {name key: numbers of the people so called}: tells a number that lost its zeros from a new person's.
    numbers_by_name: Mapping[str, frozenset[str]]
    normalise_phone: Callable[[str], str | None]
    today: date
    # Who belongs where the reader of the file has no say.
    numbers_elsewhere: frozenset[str] = frozenset()
    # A blank post says that there is none, but not in a list without such a column.
    says_posts: bool = True


def check_members(rows: list[Row], register: Register) -> tuple[list[MemberRow], list[Problem]]:
    """The people of a workbook, and every problem of every row."""
    found: list[Problem] = []
    people: dict[str, MemberRow] = {}
    stripped: dict[tuple[str, str], MemberRow] = {}
    for row in rows:
        person, problems = _read(row, register)
        if person.number in people:
            problems.append(Problem(TWICE, row.number, NUMBER, {"first": people[person.number].row}))
        elif person.number:
            people[person.number] = person
            namesake = stripped.setdefault(_without_zeros(person), person)
            numbers = {namesake.number, *register.numbers_by_name.get(name_key(person.name), ())}
            problems.extend(_lost_zeros(person, numbers))
        found.extend(problems)
    return ([], found) if found else (list(people.values()), [])


def _read(row: Row, register: Register) -> tuple[MemberRow, list[Problem]]:
    number, name, phone, unit, word, joined, post_words = row.cells
    needed = ((NUMBER, number), (NAME, name), (UNIT, unit), (STATUS, word))
    problems = [Problem(MISSING, row.number, column) for column, text in needed if not text]
    digits = register.normalise_phone(phone) if phone else ""
    status, joined_on = status_of(word), read_date(joined)
    posts, unknown_posts = posts_of(post_words)
    person = MemberRow(
        row=row.number,
        number=number,
        name=" ".join(name.split()),
        phone=digits or "",
        unit=unit,
        status=status or "",
        joined_on=joined_on,
        posts=posts if register.says_posts else None,
    )
    problems.extend(_problems_of_person(person, register))
    if digits is None:
        problems.append(Problem(WRONG_PHONE, row.number, PHONE))
    if word and not status:
        problems.append(Problem(UNKNOWN_STATUS, row.number, STATUS, {"words": "、".join(STATUS_WORDS)}))
    problems.extend(_problems_of_date(joined, joined_on, row.number, register.today))
    for unknown in unknown_posts:
        values = {"word": unknown[:20], "words": "、".join(POST_WORDS)}
        problems.append(Problem(UNKNOWN_POST, row.number, POSTS, values))
    return person, problems


def _problems_of_person(person: MemberRow, register: Register) -> Iterator[Problem]:
    if person.number and not NUMBER_FORM.fullmatch(person.number):
        yield Problem(WRONG_NUMBER, person.row, NUMBER)
    elif person.number in register.numbers_elsewhere:
        yield Problem(ELSEWHERE, person.row, NUMBER)
    elif person.number in register.ended_numbers:
        yield Problem(ENDED, person.row, NUMBER)
    if len(person.name) > NAME_CHARACTERS:
        yield Problem(LONG, person.row, NAME, {"limit": NAME_CHARACTERS})
    unit = register.units.get(person.unit)
    if unit is None:
        if person.unit:
            yield Problem(UNKNOWN_UNIT, person.row, UNIT)
    elif not unit.is_led:
        yield Problem(OUTSIDE, person.row, UNIT)
    elif unit.is_closed:
        yield Problem(CLOSED_UNIT, person.row, UNIT, {"code": person.unit})
    elif unit.nobody_belongs:
        yield Problem(NOBODY_BELONGS, person.row, UNIT)


def _problems_of_date(text: str, day: date | None, row: int, today: date) -> Iterator[Problem]:
    if text and day is None:
        yield Problem(WRONG_DATE, row, JOINED)
    elif day and not FIRST_DAY <= day <= today:
        yield Problem(DATE_OUTSIDE, row, JOINED)


def read_date(text: str) -> date | None:
    """The day that 2021-07-01, 2021/7/1, 2021.7.1, 2021年7月1日 or 20210701 means; nothing for anything else."""
    for form in DATE_FORMS:
        if match := form.fullmatch(text):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                return None
    return None


def _lost_zeros(person: MemberRow, numbers: set[str]) -> Iterator[Problem]:
    """A cell that is no text turns 03020019 into 3020019: of two like people with such numbers one is a mistake."""
    for number in sorted(numbers):
        if number != person.number and number.lstrip("0") == person.number.lstrip("0"):
            yield Problem(LOST_ZEROS, person.row, NUMBER, {"name": person.name, "number": number})
            return


def _without_zeros(person: MemberRow) -> tuple[str, str]:
    return person.number.lstrip("0"), name_key(person.name)
