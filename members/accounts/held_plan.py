"""What a list of posts or of participations would change: only reads."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import models
from django.utils import timezone

from members.accounts.held_rows import (
    PARTICIPATION_COLUMNS,
    POST_COLUMNS,
    Held,
    HeldRegister,
    HeldRow,
    Key,
    Person,
    Place,
    check_held,
    matching,
)
from members.accounts.models import Member
from members.organisation.import_report import ImportReport, all_problems
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.organisation.workbook import Columns, Sheet
from members.roles.policies import lies_within

BATCH = 500


@dataclass(frozen=True)
class Kept:
    """Where such entries are kept: posts by days, participations by moments."""

    kind: str
    model: type[models.Model]
    columns: Columns
    has_kind: bool
    has_moments: bool

    def key(self, member_id: int, organisation_id: int, kind: str) -> Key:
        return (member_id, organisation_id, kind if self.has_kind else "")

    def begins(self, day: date) -> date | datetime:
        return timezone.make_aware(datetime.combine(day, time())) if self.has_moments else day


POSTS = Kept("posts", Post, POST_COLUMNS, has_kind=True, has_moments=False)
PARTICIPATIONS = Kept("participations", Participation, PARTICIPATION_COLUMNS, has_kind=False, has_moments=True)


@dataclass
class HeldPlan:
    made: list[HeldRow] = field(default_factory=list)
    changed: list[tuple[HeldRow, Held]] = field(default_factory=list)
    report: ImportReport = field(default_factory=ImportReport)


def plan_held(kept: Kept, sheet: Sheet, *, today: date, within: Collection[str] | None = None) -> HeldPlan:
    """The new and the ended posts or participations of a sheet, or its problems; an end is never taken back."""
    register = _register(kept, sheet, today, within)
    rows, row_problems = check_held(sheet.rows, kept.columns, register)
    problems = all_problems(sheet, row_problems)
    plan = HeldPlan(report=ImportReport(problems=problems, ignored_columns=sheet.ignored_columns))
    if problems:
        return plan
    for row in rows:
        known = matching(row, register.held.get(row.key, ()))
        if known is None:
            plan.made.append(row)
        elif row.until and row.until != known.until:
            plan.changed.append((row, known))
    made, changed = len(plan.made), len(plan.changed)
    plan.report = ImportReport(made, changed, len(rows) - made - changed, [], sheet.ignored_columns)
    return plan


def _register(kept: Kept, sheet: Sheet, today: date, within: Collection[str] | None) -> HeldRegister:
    units = list(Organisation.objects.values_list("pk", "code", "path", "closed_on"))
    path_of = {pk: path for pk, _, path, _ in units}
    people: dict[str, Person] = {}
    held: dict[Key, list[Held]] = defaultdict(list)
    numbers = list({row.cells[0] for row in sheet.rows})
    for start in range(0, len(numbers), BATCH):
        found = people_by_number(numbers[start : start + BATCH], path_of, within)
        people |= found
        for key, entry in _held(kept, [person.pk for person in found.values()]):
            held[key].append(entry)
    places = {code: Place(pk, closed_on is not None, lies_within(path, within)) for pk, code, path, closed_on in units}
    return HeldRegister(people, places, held, today)


def people_by_number(numbers: list[str], path_of: dict[int, str], within: Collection[str] | None) -> dict[str, Person]:
    """The people of the register with these numbers; `within`: the paths of the units that the reader organises."""
    members = list(Member.objects.filter(number__in=numbers).values_list("pk", "number", "name_key", "ended_on"))
    open_homes = Affiliation.objects.open().filter(member__in=[pk for pk, *_ in members])
    home = dict(open_homes.values_list("member_id", "organisation_id"))
    return {
        number: Person(
            pk,
            key,
            home.get(pk),
            is_ended=ended_on is not None,
            is_led=lies_within(path_of.get(home.get(pk, 0), ""), within),
        )
        for pk, number, key, ended_on in members
    }


def _held(kept: Kept, members: list[int]):
    kind = "kind" if kept.has_kind else "organisation_id"
    entries = kept.model._default_manager.filter(member__in=members)
    for pk, member, unit, kind_of, since, until in entries.values_list(
        "pk", "member_id", "organisation_id", kind, "since", "until"
    ):
        yield kept.key(member, unit, kind_of), Held(pk, _day(since), _day(until) if until else None)


def _day(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment
