from datetime import datetime
from typing import Any

from members.imports.kinds import DOORS, ListKind
from members.imports.pending import Pending, mark_taken
from members.organisation.import_report import ImportReport
from members.roles.policies import organised_paths


def take_list(*, pending: Pending, actor: Any, now: datetime) -> ImportReport:
    """Imports a list that its sender has looked at, within the units for which they are organiser; all rows or none."""
    take = DOORS[ListKind(pending.kind)].take
    report = take(sheet=pending.sheet, actor=actor, now=now, within=organised_paths(actor, now))
    if not report.problems:
        mark_taken(pending, user_id=actor.pk, now=now)
    return report
