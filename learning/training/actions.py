from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.courses.categories import HoursCategory
from learning.hours.lines import reversal_of
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.telling import tell as tell_members
from learning.training.plan import Known, TrainingPlan, key_of, known_lines, plan_trainings
from learning.training.rows import TrainingRow
from members.accounts.member_plan import batches
from members.organisation.actions import record_import
from members.organisation.import_report import ImportReport, Tell, silence
from members.organisation.workbook import Sheet

KIND = "training"


def import_training(
    *,
    sheet: Sheet,
    actor: Any,
    now: datetime,
    dry_run: bool = False,
    within: Collection[str] | None = None,
    tell: Tell = silence,
) -> ImportReport:
    """Takes every training record of the sheet into the ledger, or none and says why. Idempotent; tells the members.

    A row that says otherwise than the ledger takes the line back and writes a new one.
    """
    today = timezone.localdate(now)
    if dry_run:
        return plan_trainings(sheet, today=today, within=within).report
    with transaction.atomic():
        plan = plan_trainings(sheet, today=today, within=within, tell=tell)
        if not plan.report.has_news:
            return plan.report
        batch = record_import(KIND, sheet, plan.report, made=[], changed=[], beside={}, actor=actor, now=now)
        stamp = {"recorded_at": now, "recorded_by": actor}
        old = [line for _row, line in plan.changed]
        reverse_lines(old, reason=_("the list of trainings was corrected"), **stamp)
        rows = [*plan.made, *(row for row, _line in plan.changed)]
        made = _write(rows, plan, evidence={"batch": batch.pk}, **stamp)
        batch.made, batch.changed = [line.pk for line in made], [{"pk": line.pk} for line in old]
        batch.save(update_fields=["made", "changed"])
    return replace(plan.report, is_written=True, batch_id=batch.pk)


def reverse_lines(lines: Iterable[HoursEntry], *, reason: str, **stamp: Any) -> int:
    """Takes lines back by lines of their own; how many. What is taken back already stays so."""
    done = 0
    for some in batches(lines):
        gone = set(HoursEntry.objects.filter(reverses__in=some).values_list("reverses_id", flat=True))
        rows = [
            reversal_of(line, reason=reason, evidence={**line.evidence, "by": "reversal"}, **stamp)
            for line in some
            if line.pk not in gone
        ]
        done += _create(rows)
    return done


def write_again(lines: Iterable[HoursEntry], **stamp: Any) -> int:
    """Lines that were taken back stand again, as new ones; how many. What stands by another line is left alone."""
    done = 0
    for some in batches(lines):
        known = known_lines((line.member_id, _key(line)) for line in some)
        rows = [
            HoursEntry(
                **{name: getattr(line, name) for name in ("member_id", "source", "category", "hours", "earned_on")},
                **{name: getattr(line, name) for name in ("year", "evidence", "reason")},
                source_key=_next_key(_key(line), known[line.member_id, _key(line)]),
                **stamp,
            )
            for line in some
            if known[line.member_id, _key(line)].standing is None
        ]
        done += _create(rows)
    return done


def _create(rows: list[HoursEntry]) -> int:
    HoursEntry.objects.bulk_create(rows)
    if rows:
        tell_members(rows, now=rows[0].recorded_at)
    return len(rows)


def _write(rows: list[TrainingRow], plan: TrainingPlan, *, evidence: dict, **stamp: Any) -> list[HoursEntry]:
    made: list[HoursEntry] = []
    for some in batches(rows):
        lines = [_line(row, plan, evidence, **stamp) for row in some]
        _create(lines)
        made.extend(lines)
    return made


def _line(row: TrainingRow, plan: TrainingPlan, evidence: dict, **stamp: Any) -> HoursEntry:
    key = key_of(row.title, row.since)
    about = {
        "by": "training",
        "title": row.title,
        "held_by": row.held_by,
        "from": row.since.isoformat(),
        "until": row.until.isoformat(),
        **evidence,
    }
    return HoursEntry(
        member_id=row.member_id,
        source=HoursSource.TRAINING,
        category=HoursCategory.TRAINING,
        hours=row.hours,
        earned_on=row.until,
        year=row.until.year,
        evidence=about,
        source_key=_next_key(key, plan.known.get((row.member_id, key), Known())),
        **stamp,
    )


def _key(line: HoursEntry) -> str:
    return ":".join(line.source_key.split(":")[:2])


def _next_key(key: str, known: Known) -> str:
    return f"{key}:{known.times + 1}" if known.times else key
