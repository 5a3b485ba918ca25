from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.accounts.member_plan import batches, plan_members, witness
from members.accounts.member_writes import (
    Ready,
    Written,
    hold_concerned,
    make_ready,
    stands_otherwise,
    write_members,
)
from members.accounts.models import Member
from members.events import Move, affiliation_changed, standing_changed
from members.organisation.actions import record_import
from members.organisation.import_report import ImportReport, Tell, silence
from members.organisation.models import Affiliation, ImportBatch
from members.organisation.workbook import Sheet


def import_members(
    *,
    sheet: Sheet,
    actor: Any,
    now: datetime,
    dry_run: bool = False,
    within: Collection[str] | None = None,
) -> ImportReport:
    """Takes every row of the sheet, or none and says why. Rows that change nothing leave no trace; idempotent.

    `within` are the paths of the units that the sheet may concern; None stands for the whole house.
    """
    if dry_run:
        return plan_members(sheet, today=timezone.localdate(now), within=within).report
    ready = prepare_members(sheet, now=now, within=within)
    with transaction.atomic():
        report = take_prepared(ready, sheet, actor=actor, now=now, within=within)
        if report.batch_id:
            tell_moves(ImportBatch.objects.get(pk=report.batch_id), now=now)
    return report


def prepare_members(sheet: Sheet, *, now: datetime, within: Collection[str] | None, tell: Tell = silence) -> Ready:
    """Everything that can be done of an import before its transaction begins."""
    plan = plan_members(sheet, today=timezone.localdate(now), within=within, tell=tell)
    return make_ready(plan, tell=tell)


def take_prepared(
    ready: Ready,
    sheet: Sheet,
    *,
    actor: Any,
    now: datetime,
    within: Collection[str] | None,
    tell: Tell = silence,
) -> ImportReport:
    """Writes what was prepared, inside the caller's transaction; where the register is another one by now, anew.

    Whom it concerns is held before the register is read once more: who moves them meanwhile comes first, or after.
    Who belongs elsewhere now is not told yet: `tell_moves` does that.
    """
    while ready.plan.report.has_news:
        hold_concerned(ready.plan)
        if witness(sheet) == ready.plan.witness:
            break
        ready = prepare_members(sheet, now=now, within=within)
    report = ready.plan.report
    if not report.has_news:
        return report
    written = write_members(ready, now=now, tell=tell)
    batch = _record(sheet, report, written, actor=actor, now=now)
    return replace(report, is_written=True, batch_id=batch.pk)


def tell_moves(batch: ImportBatch, *, now: datetime, start: int = 0, most: int | None = None) -> int:
    """Sends who belongs elsewhere, or stands otherwise, by an import: from one place of its list on, at most so many.

    How many places of the list were told; 0 when all are. Where somebody belongs is read at this moment.
    """
    end = len(batch.made) + len(batch.changed) if most is None else start + most
    arrived = batch.made[start:end]
    for made in batches(arrived):
        _tell([{"pk": pk, "affiliation_made": None, "before": {}} for pk in made], now=now)
    changed = batch.changed[max(start - len(batch.made), 0) : max(end - len(batch.made), 0)]
    for some in batches(changed):
        _tell(some, now=now)
    return len(arrived) + len(changed)


def _tell(some: list[dict], *, now: datetime) -> None:
    moved = [each["pk"] for each in some if "affiliation_made" in each]
    homes = dict(Affiliation.objects.open().filter(member__in=moved).values_list("member_id", "organisation_id"))
    left = {each["pk"]: each.get("affiliation_left") for each in some}
    before = dict(Affiliation.objects.filter(pk__in=filter(None, left.values())).values_list("member", "organisation"))
    moves = [Move(pk, before.get(pk), homes.get(pk)) for pk in moved]
    if moves:
        affiliation_changed.send(sender=Affiliation, moves=moves, now=now)
    standing = [each["pk"] for each in some if stands_otherwise(each)]
    if standing:
        standing_changed.send(sender=Member, member_ids=standing, now=now)


def _record(sheet: Sheet, report: ImportReport, written: Written, *, actor: Any, now: datetime) -> ImportBatch:
    beside = {"posts": written.posts_made}
    return record_import(
        "members",
        sheet,
        report,
        made=written.made,
        changed=written.changed,
        beside=beside,
        actor=actor,
        now=now,
    )
