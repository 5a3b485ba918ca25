"""What a list would change, in words, as the worker writes it down to be looked at."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.held_plan import PARTICIPATIONS, POSTS, HeldPlan, Kept, plan_held
from members.accounts.member_plan import Change, MemberPlan, batches, plan_members
from members.accounts.member_words import POST_WORDS, STATUS_WORDS
from members.accounts.models import Member
from members.accounts.phones import open_phone
from members.imports.kinds import DOORS, ListKind
from members.organisation.import_report import ImportReport, Tell
from members.organisation.models import Affiliation, Organisation
from members.organisation.sentences import reason_of
from members.organisation.unit_plan import UnitPlan, plan_units
from members.organisation.unit_rows import Unit
from members.organisation.unit_words import WORD_OF_KIND
from members.organisation.workbook import Sheet
from members.roles.policies import organised_paths

SHOWN = 200
MISSING_SHOWN = 30
WORD_OF_STATUS = {status: word for word, status in STATUS_WORDS.items()}
WORD_OF_POST = {post: word for word, post in POST_WORDS.items()}
KEPT = {ListKind.POSTS: POSTS, ListKind.PARTICIPATIONS: PARTICIPATIONS}


def preview_of(kind: str, sheet: Sheet, *, user: Any, now: datetime, tell: Tell) -> dict[str, Any]:
    """What the list would make and change, or what is wrong with which cell; writes nothing.

    All of it can be kept as JSON but `problems`, which the caller takes out.
    """
    within, today = organised_paths(user, now), timezone.localdate(now)
    if (own := DOORS[kind].preview) is not None:
        return _said(sheet, *own(sheet=sheet, within=within, now=now, tell=tell))
    if kind == ListKind.ORGANISATIONS:
        units = plan_units(sheet, within=within)
        return _said(sheet, units.report, list(_units(units)))
    if kind == ListKind.MEMBERS:
        people = plan_members(sheet, today=today, within=within, tell=tell)
        return _said(sheet, people.report, list(_people(people)), _missing(sheet, within))
    held = plan_held(KEPT[ListKind(kind)], sheet, today=today, within=within)
    return _said(sheet, held.report, list(_held(KEPT[ListKind(kind)], held)))


def _said(sheet: Sheet, report: ImportReport, lines: list[dict], missing: dict | None = None) -> dict[str, Any]:
    bad = report.problems
    return {
        "file_name": sheet.file_name,
        "made": report.made,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "news": report.made + report.changed,
        "ignored": report.ignored_columns,
        "absent": sorted(sheet.absent),
        "new_names": [line["name"] for line in lines if not line["steps"]],
        "changed_rows": [line for line in lines if line["steps"]],
        "bad_cells": [{"row": each.row, "column": each.column, "reason": reason_of(each)} for each in bad[:SHOWN]],
        "bad_rows": len({each.row for each in bad if each.row}),
        "bad_in_all": len(bad),
        "missing": missing or {"number": 0, "names": []},
        "problems": bad,
    }


def _missing(sheet: Sheet, within: list[str]) -> dict[str, Any]:
    """Who belongs to a unit that the file names and is not in it: only said, nothing comes of it."""
    numbers = {row.cells[0] for row in sheet.rows}
    codes = {row.cells[3] for row in sheet.rows}
    names: list[str] = []
    number = 0
    for some in batches(codes):
        units = Organisation.objects.filter(code__in=some)
        led = [unit.pk for unit in units if any(unit.path.startswith(path) for path in within)]
        there = Member.objects.filter(pk__in=Affiliation.objects.open().filter(organisation__in=led).values("member"))
        for own, name in there.order_by("number").values_list("number", "name").iterator():
            if own not in numbers:
                number += 1
                names.extend([name] if number <= MISSING_SHOWN else [])
    return {"number": number, "names": names}


def line_of(number: int, name: str, steps: Iterable[tuple[str, str, str]] = ()) -> dict[str, Any]:
    """A row of the preview: new, or with what becomes of each thing that changes."""
    named = [{"what": what, "before": before, "after": after} for what, before, after in steps]
    return {"number": number, "name": name, "steps": named}


def _units(plan: UnitPlan) -> Iterator[dict]:
    yield from (line_of(unit.row, unit.name) for unit in plan.made[:SHOWN])
    yield from (line_of(unit.row, unit.name, _unit_steps(unit, before)) for unit, before in plan.changed[:SHOWN])


def _people(plan: MemberPlan) -> Iterator[dict]:
    yield from (line_of(row.row, row.name) for row, _unit in plan.made[:SHOWN])
    shown = plan.changed[:SHOWN]
    homes = {change.known.home.organisation_id for change in shown if change.known.home}
    named = Organisation.objects.in_bulk(homes | {change.unit_id for change in shown})
    yield from (line_of(change.row.row, change.row.name, _member_steps(change, named)) for change in shown)


def _held(kept: Kept, plan: HeldPlan) -> Iterator[dict]:
    rows = [*plan.made[:SHOWN], *(row for row, _known in plan.changed[:SHOWN])]
    people = Member.objects.in_bulk({row.key[0] for row in rows})
    units = Organisation.objects.in_bulk({row.key[1] for row in rows})

    def said(row) -> str:
        what = [people[row.key[0]].name, units[row.key[1]].name, WORD_OF_POST.get(row.key[2], "")]
        return " ".join(filter(None, what))

    yield from (line_of(row.row, said(row)) for row in plan.made[:SHOWN])
    for row, known in plan.changed[:SHOWN]:
        before = known.until.isoformat() if known.until else ""
        yield line_of(row.row, said(row), [(kept.columns[-1], before, row.until.isoformat())])


def _unit_steps(unit: Unit, before: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    labels = {"name": _("Name of the unit"), "sector": _("Sector"), "parent": _("Code of the superior unit")}
    for name in [name for name in labels if name in before]:
        yield labels[name], before[name], getattr(unit, name)
    if "kind" in before:
        yield _("Type"), WORD_OF_KIND[before["kind"]], WORD_OF_KIND[unit.kind]


def _member_steps(change: Change, units: dict[int, Organisation]) -> Iterator[tuple[str, str, str]]:
    row, before, home = change.row, change.before, change.known.home
    if "name" in before:
        yield _("Name"), before["name"] or "", row.name
    if "status" in before:
        yield _("Category"), WORD_OF_STATUS[before["status"] or ""], WORD_OF_STATUS[row.status]
    if "joined_on" in before:
        yield _("Joined the Party"), before["joined_on"] or "", row.joined_on.isoformat() if row.joined_on else ""
    if "phone_cipher" in before:
        yield _("Telephone"), _masked(open_phone(before["phone_cipher"] or "")), _masked(row.phone)
    if change.is_move:
        yield _("Belongs to"), units[home.organisation_id].name if home else "", units[change.unit_id].name
    if change.posts_left or change.posts_taken:
        yield _("Posts"), _posts([post.kind for post in change.posts_left]), _posts(change.posts_taken)


def _masked(phone: str) -> str:
    return _("ends in %(digits)s") % {"digits": phone[-4:]} if phone else ""


def _posts(kinds: list[str]) -> str:
    return "、".join(WORD_OF_POST[kind] for kind in kinds)
