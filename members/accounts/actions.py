from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.accounts.member_plan import batches, plan_members
from members.accounts.member_writes import change_members, make_members
from members.accounts.models import Member
from members.events import affiliation_changed, standing_changed
from members.organisation.actions import record_import
from members.organisation.import_report import ImportReport
from members.organisation.models import Affiliation
from members.organisation.workbook import Sheet


def import_members(
    *, sheet: Sheet, actor: Any, now: datetime, dry_run: bool = False, within: Collection[str] | None = None
) -> ImportReport:
    """Takes every row of the sheet, or none and says why. Rows that change nothing leave no trace; idempotent.

    `within` are the paths of the units that the sheet may concern; None stands for the whole house.
    """
    today = timezone.localdate(now)
    if dry_run:
        return plan_members(sheet, today=today, within=within).report
    with transaction.atomic():
        plan = plan_members(sheet, today=today, within=within)
        if not plan.report.has_news:
            return plan.report
        made, arrivals = make_members(plan.made, now=now)
        changed, moves = change_members(plan.changed, now=now)
        record_import("members", sheet, plan.report, made=made, changed=changed, actor=actor, now=now)
        for some in batches([*arrivals, *moves]):
            affiliation_changed.send(sender=Affiliation, moves=some, now=now)
        for some in batches(change.known.member.pk for change in plan.changed if "status" in change.before):
            standing_changed.send(sender=Member, member_ids=some, now=now)
    return replace(plan.report, is_written=True)
