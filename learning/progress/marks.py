"""What a mark shows: when and how it was made, and by which rule."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from learning.courses.models import ItemRule
from learning.progress.models import Confirmation, PastMark, Progress
from learning.progress.wording import say_how, say_rule


@dataclass(frozen=True)
class Mark:
    """`reason` and `confirmation` only where somebody else has confirmed it by hand."""

    day: date
    how: str
    version: int
    rule: str
    since: date | None = None
    reason: str = ""
    confirmation: int | None = None


def marks_of(rows: Iterable[Progress]) -> dict[int, Mark]:
    """{item: mark} of the completed among these rows of one member, whose items were selected along; two queries."""
    return {row.item_id: mark for row, mark in _marks([row for row in rows if row.is_completed])}


def filed_marks_of(rows: Iterable[PastMark]) -> dict[int, list[Mark]]:
    """{item: its filed marks, in their order} of one member; items selected along; two queries."""
    found: dict[int, list[Mark]] = defaultdict(list)
    for row, mark in _marks(list(rows)):
        found[row.item_id].append(mark)
    return found


def _marks(done: list[Progress] | list[PastMark]) -> Iterator[tuple[Progress | PastMark, Mark]]:
    if not done:
        return
    wanted = (Q(item=row.item_id, version=row.rule_version) for row in done)
    asked = next(wanted)
    for each in wanted:
        asked |= each
    rules = {(rule.item_id, rule.version): rule for rule in ItemRule.objects.filter(asked)}
    by_hand = {row.evidence["confirmation"] for row in done if "confirmation" in row.evidence}
    reasons = dict(Confirmation.objects.filter(pk__in=by_hand).values_list("pk", "reason")) if by_hand else {}
    for row in done:
        yield row, _mark(row, rules.get((row.item_id, row.rule_version)), reasons)


def _mark(row: Progress | PastMark, rule: ItemRule | None, reasons: dict[int, str]) -> Mark:
    confirmation = row.evidence.get("confirmation")
    return Mark(
        day=timezone.localdate(row.completed_at),
        how=say_how(row.evidence, row.item.kind),
        version=row.rule_version,
        rule=say_rule(rule, row.item.kind),
        since=timezone.localdate(rule.since) if rule else None,
        reason=reasons.get(confirmation, ""),
        confirmation=confirmation,
    )
