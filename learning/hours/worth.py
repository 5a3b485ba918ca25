"""What an item is worth, and by what it is worth that."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from learning.courses.models import ItemKind, StudyItem
from learning.hours.preset import hours_by_length
from members.activities.quarters import in_quarters
from members.organisation.rules import Rule


@dataclass(frozen=True)
class Worth:
    """Hours in quarters, and for the ledger what they go by."""

    hours: Decimal
    evidence: dict


def worth_for(item: StudyItem, *, on: date) -> Worth:
    """As its editors say, else by the rules of that day: of a quiz one figure, of the rest by its length."""
    if item.hours is not None:
        return Worth(in_quarters(item.hours), {"by": "editors"})
    if item.kind == ItemKind.QUIZ:
        hours = Decimal(Rule.objects.value("hours.quiz_preset", on=on, organisation=item.organisation))
        return Worth(in_quarters(hours), {"by": "quiz"})
    preset = Rule.objects.value("hours.lesson_preset", on=on, organisation=item.organisation)
    length = item.length_seconds or 0
    evidence = {"by": "length", "minutes": max(1, round(length / 60))}
    return Worth(in_quarters(hours_by_length(length, preset)), evidence)
