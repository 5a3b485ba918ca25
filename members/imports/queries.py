"""What a list would change, before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.member_plan import Change, plan_members
from members.accounts.member_words import POST_WORDS, STATUS_WORDS
from members.accounts.phones import open_phone
from members.imports.kinds import ListKind
from members.imports.pending import Pending
from members.organisation.import_report import ImportReport
from members.organisation.models import ImportBatch, Organisation
from members.organisation.problems import Problem
from members.organisation.sentences import reason_of
from members.organisation.unit_plan import plan_units
from members.organisation.unit_words import WORD_OF_KIND
from members.roles.policies import organised_paths

SHOWN = 200
WORD_OF_STATUS = {status: word for word, status in STATUS_WORDS.items()}
WORD_OF_POST = {post: word for word, post in POST_WORDS.items()}


@dataclass(frozen=True)
class Step:
    """One thing that changes: what, from what, to what."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedRow:
    number: int
    name: str
    steps: list[Step]


@dataclass(frozen=True)
class BadCell:
    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Preview:
    kind: str
    file_name: str
    report: ImportReport
    new_names: list[str]
    changed_rows: list[ChangedRow]

    @property
    def news(self) -> int:
        return self.report.made + self.report.changed

    @property
    def hidden(self) -> int:
        """How many changed rows are not listed one by one."""
        return self.report.changed - len(self.changed_rows)

    @property
    def bad_cells(self) -> list[BadCell]:
        return [BadCell(each.row, each.column, reason_of(each)) for each in self.report.problems[:SHOWN]]

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.report.problems if problem.row})

    @property
    def is_refused_whole(self) -> bool:
        """Not a row, the file itself is what cannot be taken."""
        return bool(self.report.problems) and not self.bad_rows


@dataclass(frozen=True)
class BatchLine:
    kind: str
    file_name: str
    at: datetime
    by: str
    made: int
    changed: int
    unchanged: int


def preview_of(pending: Pending, *, user: Any, now: datetime) -> Preview:
    """What the list would make and change, or what is wrong with which cell; writes nothing."""
    within = organised_paths(user, now)
    if pending.kind == ListKind.ORGANISATIONS:
        units = plan_units(pending.sheet, within=within)
        names = [unit.name for unit in units.made[:SHOWN]]
        rows = [
            ChangedRow(unit.row, unit.name, list(_unit_steps(unit, before))) for unit, before in units.changed[:SHOWN]
        ]
        return Preview(pending.kind, pending.sheet.file_name, units.report, names, rows)
    people = plan_members(pending.sheet, today=timezone.localdate(now), within=within)
    names = [person.name for person, _unit in people.made[:SHOWN]]
    shown = people.changed[:SHOWN]
    homes = {change.known.home.organisation_id for change in shown if change.known.home}
    named = Organisation.objects.in_bulk(homes | {change.unit_id for change in shown})
    rows = [ChangedRow(change.row.row, change.row.name, list(_member_steps(change, named))) for change in shown]
    return Preview(pending.kind, pending.sheet.file_name, people.report, names, rows)


def problems_of(pending: Pending, *, user: Any, now: datetime) -> list[Problem]:
    """Every problem of the list, as the register stands now."""
    return preview_of(pending, user=user, now=now).report.problems


def batches_for(user: Any, *, limit: int = 50) -> list[BatchLine]:
    """The imports that concern this organiser, the latest first."""
    batches = ImportBatch.objects.led_by(user).filter(kind__in=ListKind).select_related("imported_by")
    return [
        BatchLine(
            kind=str(ListKind(batch.kind).label),
            file_name=batch.file_name,
            at=batch.imported_at,
            by=str(batch.imported_by) if batch.imported_by else _("The house itself"),
            made=len(batch.made),
            changed=len(batch.changed),
            unchanged=batch.unchanged_rows,
        )
        for batch in batches.order_by("-imported_at", "-pk")[:limit]
    ]


def _unit_steps(unit, before: dict[str, str]) -> Iterator[Step]:
    labels = {"name": _("Name of the unit"), "sector": _("Sector"), "parent": _("Code of the superior unit")}
    for name in labels.keys() & before.keys():
        yield Step(labels[name], before[name], getattr(unit, name))
    if "kind" in before:
        yield Step(_("Type"), WORD_OF_KIND[before["kind"]], WORD_OF_KIND[unit.kind])


def _member_steps(change: Change, units: dict[int, Organisation]) -> Iterator[Step]:
    row, before, home = change.row, change.before, change.known.home
    if "name" in before:
        yield Step(_("Name"), before["name"] or "", row.name)
    if "status" in before:
        yield Step(_("Category"), WORD_OF_STATUS[before["status"] or ""], WORD_OF_STATUS[row.status])
    if "joined_on" in before:
        yield Step(_("Joined the Party"), before["joined_on"] or "", row.joined_on.isoformat() if row.joined_on else "")
    if "phone_cipher" in before:
        yield Step(_("Telephone"), _masked(open_phone(before["phone_cipher"] or "")), _masked(row.phone))
    if change.is_move:
        yield Step(_("Belongs to"), units[home.organisation_id].name if home else "", units[change.unit_id].name)
    if change.posts_left or change.posts_taken:
        left = [post.kind for post in change.posts_left]
        yield Step(_("Posts"), _posts(left), _posts(change.posts_taken))


def _masked(phone: str) -> str:
    return _("ends in %(digits)s") % {"digits": phone[-4:]} if phone else ""


def _posts(kinds: list[str]) -> str:
    return "、".join(WORD_OF_POST[kind] for kind in kinds)
