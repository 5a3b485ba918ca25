"""What a workbook of members would change: only reads."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import chain, islice
from typing import ClassVar, NamedTuple

from members.accounts.member_rows import POSTS, MemberRow, Register, UnitFacts, check_members
from members.accounts.models import Member
from members.accounts.names import name_key
from members.accounts.phones import normalise_phone, phone_keys
from members.organisation.import_report import ImportReport, Tell, all_problems, silence
from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import Affiliation, Organisation, Post
from members.organisation.workbook import Row, Sheet
from members.roles.policies import lies_within

BATCH = 500


class Home(NamedTuple):
    pk: int
    organisation_id: int


class HeldPost(NamedTuple):
    pk: int
    organisation_id: int
    kind: str


@dataclass(slots=True)
class Known:
    """A member of the register with where they belong and which posts they hold there."""

    pk: int
    number: str
    name: str
    status: str
    joined_on: date | None
    phone_cipher: str
    phone_key: str
    phone_last4: str
    user_id: int | None
    ended_on: date | None
    home: Home | None = None
    posts: tuple[HeldPost, ...] = ()

    FIELDS: ClassVar = (
        "pk",
        "number",
        "name",
        "status",
        "joined_on",
        "phone_cipher",
        "phone_key",
        "phone_last4",
        "user_id",
        "ended_on",
    )


@dataclass(slots=True)
class Change:
    """What a row changes: the old values of own fields, whether the member moves, posts given up and taken on."""

    row: MemberRow
    known: Known
    before: dict[str, str | None]
    unit_id: int
    is_move: bool
    posts_left: list[HeldPost]
    posts_taken: list[str]


@dataclass
class MemberPlan:
    made: list[tuple[MemberRow, int]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    report: ImportReport = field(default_factory=ImportReport)
    witness: str = ""


def plan_members(
    sheet: Sheet, *, today: date, within: Collection[str] | None = None, tell: Tell = silence
) -> MemberPlan:
    """The new and the changed people of a sheet, or its problems; `within` are the paths it must not leave."""
    units = _units()
    known = known_members((row.cells[0] for row in sheet.rows), tell=tell)
    register = _register(sheet.rows, units, known, today, within)
    people, row_problems = check_members(sheet.rows, replace(register, says_posts=POSTS not in sheet.absent))
    problems = all_problems(sheet, row_problems)
    report = ImportReport(problems=problems, ignored_columns=sheet.ignored_columns)
    plan = MemberPlan(report=report, witness=_witness(units, known.values()))
    if problems:
        return plan
    for person in people:
        unit_id = units[person.unit].pk
        if person.number not in known:
            plan.made.append((person, unit_id))
        elif change := _change(person, known[person.number], unit_id):
            plan.changed.append(change)
    made, changed = len(plan.made), len(plan.changed)
    plan.report = ImportReport(made, changed, len(people) - made - changed, [], sheet.ignored_columns)
    return plan


def witness(sheet: Sheet) -> str:
    """A short word for what the register says of a sheet: while it is the same, so is the plan."""
    found = _known_batches(row.cells[0] for row in sheet.rows)
    return _witness(_units(), chain.from_iterable(found))


def _witness(units: dict[str, Organisation], known: Iterable[Known]) -> str:
    seen = sha256()
    for unit in units.values():
        seen.update(repr((unit.pk, unit.code, unit.path, unit.kind, unit.closed_on)).encode())
    for each in known:
        seen.update(repr(each).encode())
    return seen.hexdigest()


def _units() -> dict[str, Organisation]:
    return {unit.code: unit for unit in Organisation.objects.order_by("pk")}


def batches(things: Iterable, size: int = BATCH) -> Iterator[list]:
    """Few enough at a time for one query of any database."""
    things = iter(things)
    while batch := list(islice(things, size)):
        yield batch


def known_members(numbers: Iterable[str], *, tell: Tell = silence) -> dict[str, Known]:
    """The people of the register with these numbers."""
    found: dict[str, Known] = {}
    for some in _known_batches(numbers, tell=tell):
        found |= {each.number: each for each in some}
    return found


def _known_batches(numbers: Iterable[str], *, tell: Tell = silence) -> Iterator[list[Known]]:
    done = 0
    for some in batches(numbers):
        rows = Member.objects.filter(number__in=some).order_by("pk").values_list(*Known.FIELDS)
        known = {row[0]: Known(*row) for row in rows}
        homes = Affiliation.objects.open().filter(member__in=known)
        for member, pk, unit in homes.values_list("member_id", "pk", "organisation_id"):
            known[member].home = Home(pk, unit)
        posts = Post.objects.filter(member__in=known, until=None).order_by("pk")
        for member, *post in posts.values_list("member_id", "pk", "organisation_id", "kind"):
            known[member].posts += (HeldPost(*post),)
        yield list(known.values())
        done += len(some)
        tell(done)


def _register(
    rows: list[Row],
    units: dict[str, Organisation],
    known: dict[str, Known],
    today: date,
    within: Collection[str] | None,
) -> Register:
    strangers = {name_key(row.cells[1]) for row in rows if row.cells[0] not in known}
    namesakes: dict[str, set[str]] = defaultdict(set)
    for some in batches(strangers):
        for key, number in Member.objects.filter(name_key__in=some).values_list("name_key", "number"):
            namesakes[key].add(number)
    return Register(
        units={
            code: UnitFacts(
                is_closed=unit.closed_on is not None,
                nobody_belongs=unit.kind in FUNCTIONAL_KINDS,
                is_led=lies_within(unit.path, within),
            )
            for code, unit in units.items()
        },
        ended_numbers=frozenset(number for number, each in known.items() if each.ended_on),
        numbers_by_name={key: frozenset(numbers) for key, numbers in namesakes.items()},
        normalise_phone=normalise_phone,
        today=today,
        numbers_elsewhere=frozenset(_elsewhere(known, units, within)),
    )


def _elsewhere(
    known: dict[str, Known], units: dict[str, Organisation], within: Collection[str] | None
) -> Iterator[str]:
    """Numbers of people who belong, or belonged last, where the file must not reach; of nobody without limits."""
    path_of = {unit.pk: unit.path for unit in units.values()}
    for number, each in known.items():
        home = path_of[each.home.organisation_id] if each.home else ""
        if not lies_within(home, within):
            yield number


def _change(row: MemberRow, known: Known, unit_id: int) -> Change | None:
    """A blank phone or date says nothing; a blank post says that there is none in the unit, if posts are told."""
    before = dict(_old_values(row, known))
    home = known.home.organisation_id if known.home else None
    held = [post for post in known.posts if post.organisation_id in (home, unit_id)]
    here = {post.kind for post in held if post.organisation_id == unit_id}
    posts = here if row.posts is None else row.posts
    left = [post for post in held if post.organisation_id != unit_id or post.kind not in posts]
    taken = sorted(posts - here)
    if not before and home == unit_id and not left and not taken:
        return None
    return Change(row, known, before, unit_id, home != unit_id, left, taken)


def _old_values(row: MemberRow, member: Known) -> Iterator[tuple[str, str | None]]:
    if row.name != member.name:
        yield "name", member.name
    if row.status != member.status:
        yield "status", member.status
    if row.joined_on and row.joined_on != member.joined_on:
        yield "joined_on", member.joined_on.isoformat() if member.joined_on else None
    if row.phone and member.phone_key not in phone_keys(row.phone):
        yield "phone_cipher", member.phone_cipher
