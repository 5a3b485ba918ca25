"""The list of training records among the lists that can be imported."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.hours.wording import say_hours
from learning.training.actions import KIND, import_training
from learning.training.plan import TrainingPlan, plan_trainings
from learning.training.rows import COLUMNS, MAY_MISS, WORDS, TrainingRow
from learning.training.undoing import undo_training
from members.accounts.models import Member
from members.imports.kinds import Door, register
from members.imports.previews import SHOWN, line_of
from members.organisation.import_report import ImportReport, Tell
from members.organisation.workbook import Sheet


def preview_training(
    *, sheet: Sheet, within: Collection[str], now: datetime, tell: Tell
) -> tuple[ImportReport, list[dict]]:
    """What the list would write into the ledger, in words; writes nothing."""
    plan = plan_trainings(sheet, today=timezone.localdate(now), within=within, tell=tell)
    return plan.report, list(_lines(plan))


def _lines(plan: TrainingPlan):
    shown, changed = plan.made[:SHOWN], plan.changed[:SHOWN]
    names = Member.objects.in_bulk([row.member_id for row in (*shown, *(row for row, _line in changed))])
    for row in shown:
        yield line_of(row.row, _said(row, names[row.member_id].name))
    for row, line in changed:
        steps = [
            (_("Hours"), say_hours(line.hours), say_hours(row.hours)),
            (_("Last day"), line.earned_on.isoformat(), row.until.isoformat()),
            (_("Held by"), line.evidence.get("held_by", ""), row.held_by),
        ]
        changing = [(what, before, after) for what, before, after in steps if before != after]
        yield line_of(row.row, _said(row, names[row.member_id].name), changing)


def _said(row: TrainingRow, name: str) -> str:
    about = {"name": name, "title": row.title, "hours": say_hours(row.hours), "day": row.until.isoformat()}
    return _("%(name)s, %(title)s, %(day)s, %(hours)s hours") % about


register(
    KIND,
    Door(
        label=gettext_lazy("Training records"),
        columns=COLUMNS,
        take=import_training,
        words=WORDS,
        may_miss=MAY_MISS,
        preview=preview_training,
        undo=undo_training,
        undoing=gettext_lazy(
            "Every line that it wrote is taken back by a line of its own, so the ledger shows both. What it corrected "
            "stands again as it was. That works for 30 days."
        ),
    ),
)
