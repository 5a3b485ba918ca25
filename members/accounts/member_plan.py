"""What a workbook of members would change: only reads."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from members.accounts.member_rows import MemberRow, Register, UnitFacts, check_members
from members.accounts.models import Member
from members.accounts.names import name_key
from members.accounts.phones import normalise_phone, phone_keys
from members.organisation.import_report import ImportReport, all_problems
from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import Affiliation, Organisation, Post
from members.organisation.workbook import Row, Sheet
from members.roles.policies import lies_within

BATCH = 500


@dataclass
class Known:
    """A member of the register with where they belong and which posts they hold there."""

    member: Member
    home: Affiliation | None = None
    posts: list[Post] = field(default_factory=list)


@dataclass
class Change:
    """What a row changes: the old values of own fields, whether the member moves, posts given up and taken on."""

    row: MemberRow
    known: Known
    before: dict[str, str | None]
    unit_id: int
    is_move: bool
    posts_left: list[Post]
    posts_taken: list[str]


@dataclass
class MemberPlan:
    made: list[tuple[MemberRow, int]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    report: ImportReport = field(default_factory=ImportReport)


def plan_members(sheet: Sheet, *, today: date, within: Collection[str] | None = None) -> MemberPlan:
    """The new and the changed people of a sheet, or its problems; `within` are the paths it must not leave."""
    units = {unit.code: unit for unit in Organisation.objects.all()}
    known = _known(row.cells[0] for row in sheet.rows)
    people, row_problems = check_members(sheet.rows, _register(sheet.rows, units, known, today, within))
    problems = all_problems(sheet, row_problems)
    plan = MemberPlan(report=ImportReport(problems=problems, ignored_columns=sheet.ignored_columns))
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


def batches(things: Iterable, size: int = BATCH) -> Iterator[list]:
    """Few enough at a time for one query of any database."""
    things = iter(things)
    while batch := list(islice(things, size)):
        yield batch


def _known(numbers: Iterable[str]) -> dict[str, Known]:
    found: dict[int, Known] = {}
    for some in batches(numbers):
        members = {member.pk: Known(member) for member in Member.objects.filter(number__in=some)}
        for affiliation in Affiliation.objects.open().filter(member__in=members):
            members[affiliation.member_id].home = affiliation
        for post in Post.objects.filter(member__in=members, until=None):
            members[post.member_id].posts.append(post)
        found |= members
    return {known.member.number: known for known in found.values()}


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
        ended_numbers=frozenset(number for number, each in known.items() if each.member.ended_on),
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
    """A blank phone or date says nothing; a blank post says that there is none in the unit."""
    before = dict(_old_values(row, known.member))
    home = known.home.organisation_id if known.home else None
    held = [post for post in known.posts if post.organisation_id in (home, unit_id)]
    left = [post for post in held if post.organisation_id != unit_id or post.kind not in row.posts]
    taken = sorted(row.posts - {post.kind for post in held if post.organisation_id == unit_id})
    if not before and home == unit_id and not left and not taken:
        return None
    return Change(row, known, before, unit_id, home != unit_id, left, taken)


def _old_values(row: MemberRow, member: Member) -> Iterator[tuple[str, str | None]]:
    if row.name != member.name:
        yield "name", member.name
    if row.status != member.status:
        yield "status", member.status
    if row.joined_on and row.joined_on != member.joined_on:
        yield "joined_on", member.joined_on.isoformat() if member.joined_on else None
    if row.phone and member.phone_key not in phone_keys(row.phone):
        yield "phone_cipher", member.phone_cipher
