"""Takes a list of posts, or of participations."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.accounts.held_plan import BATCH, PARTICIPATIONS, POSTS, HeldPlan, Kept, plan_held
from members.organisation.actions import record_import
from members.organisation.import_report import ImportReport
from members.organisation.workbook import Sheet


def import_posts(
    *, sheet: Sheet, actor: Any, now: datetime, dry_run: bool = False, within: Collection[str] | None = None
) -> ImportReport:
    """Takes every post of the sheet, or none and says why. Idempotent; ends none that the sheet does not name."""
    return _import(POSTS, sheet, actor=actor, now=now, dry_run=dry_run, within=within)


def import_participations(
    *, sheet: Sheet, actor: Any, now: datetime, dry_run: bool = False, within: Collection[str] | None = None
) -> ImportReport:
    """Takes every participation of the sheet, or none and says why. Idempotent; nobody belongs elsewhere by it."""
    return _import(PARTICIPATIONS, sheet, actor=actor, now=now, dry_run=dry_run, within=within)


def _import(
    kept: Kept, sheet: Sheet, *, actor: Any, now: datetime, dry_run: bool, within: Collection[str] | None
) -> ImportReport:
    today = timezone.localdate(now)
    if dry_run:
        return plan_held(kept, sheet, today=today, within=within).report
    with transaction.atomic():
        plan = plan_held(kept, sheet, today=today, within=within)
        if not plan.report.has_news:
            return plan.report
        changed = _end(kept, plan)
        made = _begin(kept, plan)
        batch = record_import(
            kept.kind, sheet, plan.report, made=made, changed=changed, beside={}, actor=actor, now=now
        )
    return replace(plan.report, is_written=True, batch_id=batch.pk)


def _end(kept: Kept, plan: HeldPlan) -> list[dict]:
    """Before the new ones begin: of one kind only one may go on."""
    done = []
    entries = kept.model._default_manager.in_bulk([known.pk for _, known in plan.changed])
    for row, known in plan.changed:
        entry = entries[known.pk]
        before = entry.until.isoformat() if entry.until else None
        end = kept.begins(row.until)
        entry.until = max(end, entry.since)  # a participation that began in the middle of that day
        done.append({"pk": known.pk, "before": {"until": before}, "after": {"until": entry.until.isoformat()}})
    kept.model._default_manager.bulk_update(entries.values(), ["until"], batch_size=BATCH)
    return done


def _begin(kept: Kept, plan: HeldPlan) -> list[int]:
    made: list[int] = []
    for start in range(0, len(plan.made), BATCH):
        entries = [_entry(kept, row) for row in plan.made[start : start + BATCH]]
        made.extend(entry.pk for entry in kept.model._default_manager.bulk_create(entries))
    return made


def _entry(kept: Kept, row):
    member, unit, kind = row.key
    about = {"kind": kind} if kept.has_kind else {}
    until = kept.begins(row.until) if row.until else None
    return kept.model(member_id=member, organisation_id=unit, since=kept.begins(row.since), until=until, **about)
