from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from members.audit.actions import record_event
from members.events import UnitMove, organisation_moved
from members.organisation.import_report import ImportReport
from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import ImportBatch, Organisation
from members.organisation.placing import hold_tree, place_under, plant_unit
from members.organisation.unit_plan import OWN_FIELDS, plan_units
from members.organisation.unit_rows import Unit
from members.organisation.workbook import Sheet


def import_organisations(
    *, sheet: Sheet, actor: Any, now: datetime, dry_run: bool = False, within: Collection[str] | None = None
) -> ImportReport:
    """Takes every row of the sheet, or none and says why. Rows that change nothing leave no trace; idempotent.

    `within` are the paths of the units that the sheet may concern; None stands for the whole house.
    """
    if dry_run:
        return plan_units(sheet, within=within).report
    with transaction.atomic():
        hold_tree()
        plan = plan_units(sheet, within=within)
        if not plan.report.has_news:
            return plan.report
        made = [_plant(unit, now=now).pk for unit in plan.made]
        changed = _change(plan.changed, now=now)
        batch = record_import(
            "organisations", sheet, plan.report, made=made, changed=changed, beside={}, actor=actor, now=now
        )
    return replace(plan.report, is_written=True, batch_id=batch.pk)


def record_import(
    kind: str,
    sheet: Sheet,
    report: ImportReport,
    *,
    made: list[int],
    changed: list[dict],
    actor: Any,
    now: datetime,
    beside: dict | None = None,
) -> ImportBatch:
    """Keeps what one workbook made and changed, so that it can be undone, and tells the audit log.

    `beside`: what was made besides the rows themselves; without it the batch cannot be undone.
    """
    batch = ImportBatch.objects.create(
        kind=kind,
        file_name=sheet.file_name[:200],
        sha256=sheet.sha256,
        imported_at=now,
        imported_by=actor,
        made=made,
        changed=changed,
        beside=beside,
        made_rows=report.made,
        changed_rows=report.changed,
        unchanged_rows=report.unchanged,
    )
    counts = {"made": report.made, "changed": report.changed, "unchanged": report.unchanged, "sha256": sheet.sha256}
    record_event(f"{kind}.imported", now=now, actor=actor, about=batch, detail=counts)
    return batch


def _plant(unit: Unit, *, now: datetime) -> Organisation:
    fields = {name: getattr(unit, name) for name in OWN_FIELDS}
    return plant_unit(parent=_unit(unit.parent), code=unit.code, now=now, **fields)


def _change(changes: Iterable[tuple[Unit, dict[str, str]]], *, now: datetime) -> list[dict]:
    done: list[dict] = []
    moves: list[UnitMove] = []
    for unit, before in changes:
        organisation = Organisation.objects.get(code=unit.code)
        for name in OWN_FIELDS:
            setattr(organisation, name, getattr(unit, name))
        organisation.is_functional = unit.kind in FUNCTIONAL_KINDS
        organisation.save(update_fields=[*OWN_FIELDS, "is_functional"])
        if "parent" in before:
            moves.append(place_under(organisation, _unit(unit.parent), now=now))
        after = {name: getattr(unit, name) for name in before}
        done.append({"pk": organisation.pk, "before": before, "after": after})
    # Told only when the whole tree stands as the file has it.
    if moves:
        organisation_moved.send(sender=Organisation, moves=moves, now=now)
    return done


def _unit(code: str) -> Organisation | None:
    """Read again each time: moving a unit changes the paths below it, treebeard counts children on the row alone."""
    return Organisation.objects.get(code=code) if code else None
