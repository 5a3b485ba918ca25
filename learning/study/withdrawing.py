"""How a mark goes that a leader's word had made: the one of today, or one that was filed when its item was begun anew.

Where the member has fulfilled the rule too, that evidence stands instead. Rows of progress are locked.
"""

from datetime import datetime
from typing import Any

from learning.hours.actions import take_back
from learning.progress.by_group import stand_by_group
from learning.progress.models import Confirmation, PastMark, Progress
from learning.study.evidence import has_own_trace, own_evidence, own_evidence_before

PROVED = ["evidence", "rule_version"]
REOPENED = [*PROVED, "state", "completed_at", "covered_seconds"]


def take_mark_of(
    confirmation: Confirmation, progress: Progress | None, *, gap: float, reason: str, by: Any, now: datetime
) -> bool:
    """Takes the mark and what the ledger holds for it. False where the item counts as studied all the same."""
    filed = PastMark.objects.filter(member=confirmation.member_id, item=confirmation.item_id)
    mark = filed.filter(evidence__confirmation=confirmation.pk).select_related("item").first()
    if mark is not None:
        is_gone = _take_filed(mark, begun_anew=progress)
    else:
        is_its_mark = progress is not None and progress.evidence.get("confirmation") == confirmation.pk
        is_gone = is_its_mark and _take(progress, gap=gap)
    if not is_gone:
        return False
    of_whom = {"member_id": confirmation.member_id, "item": confirmation.item}
    stand_by_group(item=confirmation.item, member_ids=[confirmation.member_id], now=now)
    take_back(**of_whom, reason=reason, by=by, now=now)
    return not Progress.objects.completed().filter(**of_whom).exists()


def _take(progress: Progress, *, gap: float) -> bool:
    if _is_proved(progress, own_evidence(progress, gap=gap)):
        return False
    if has_own_trace(progress):
        progress.reopen()
        progress.save(update_fields=REOPENED)
    else:
        progress.delete()
    return True


def _take_filed(mark: PastMark, *, begun_anew: Progress | None) -> bool:
    if _is_proved(mark, own_evidence_before(mark, begun_anew)):
        return False
    mark.delete()
    return True


def _is_proved(mark: Progress | PastMark, evidence: dict) -> bool:
    """The mark stays where there is evidence of the member's own."""
    if evidence:
        mark.evidence, mark.rule_version = evidence, mark.item.rule_version
        mark.save(update_fields=PROVED)
    return bool(evidence)
