"""What a workbook of organisations would change: only reads."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from members.organisation.import_report import ImportReport, all_problems
from members.organisation.models import Affiliation, Organisation
from members.organisation.unit_rows import Unit, check_units
from members.organisation.workbook import Sheet
from members.roles.policies import lies_within

OWN_FIELDS = ("name", "kind", "sector")


@dataclass
class UnitPlan:
    """What a workbook of organisations would change; superiors come first, as they must be written."""

    made: list[Unit] = field(default_factory=list)
    changed: list[tuple[Unit, dict[str, str]]] = field(default_factory=list)  # with the old values
    report: ImportReport = field(default_factory=ImportReport)


def plan_units(sheet: Sheet, *, within: Collection[str] | None = None) -> UnitPlan:
    """The new and the changed units of a sheet, or its problems; `within` are the paths it must not leave."""
    known = _register(within)
    units, row_problems = check_units(sheet.rows, known, is_limited=within is not None)
    problems = all_problems(sheet, row_problems)
    plan = UnitPlan(report=ImportReport(problems=problems, ignored_columns=sheet.ignored_columns))
    if problems:
        return plan
    for unit in units:
        before = known.get(unit.code)
        if before is None:
            plan.made.append(unit)
        elif difference := _difference(before, unit):
            plan.changed.append((unit, difference))
    made, changed = len(plan.made), len(plan.changed)
    plan.report = replace(plan.report, made=made, changed=changed, unchanged=len(units) - made - changed)
    return plan


def _register(within: Collection[str] | None) -> dict[str, Unit]:
    rows = list(Organisation.objects.values("pk", "path", "code", "name", "kind", "sector", "closed_on"))
    code_at = {row["path"]: row["code"] for row in rows}
    lived_in = set(Affiliation.objects.open().values_list("organisation_id", flat=True).distinct())
    return {
        row["code"]: Unit(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=code_at.get(row["path"][: -Organisation.steplen], ""),
            sector=row["sector"],
            is_closed=row["closed_on"] is not None,
            has_people=row["pk"] in lived_in,
            is_led=lies_within(row["path"], within),
        )
        for row in rows
    }


def _difference(before: Unit, after: Unit) -> dict[str, str]:
    """The old values of what is otherwise now."""
    return {
        name: getattr(before, name) for name in (*OWN_FIELDS, "parent") if getattr(before, name) != getattr(after, name)
    }
