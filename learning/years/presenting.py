"""A yearly record in words, as the page shows it and the printer prints it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from learning.completion.wording import say_standing
from learning.courses.categories import HoursCategory
from learning.hours.models import HoursSource
from learning.years.supplements import Supplement


@dataclass(frozen=True)
class SheetLine:
    on: date
    title: str
    about: str
    hours: Decimal
    is_late: bool


@dataclass(frozen=True)
class PlanLine:
    title: str
    about: str


@dataclass(frozen=True)
class RecordSheet:
    """What stands on the paper; `beside` is recorded and does not count towards `target`."""

    name: str
    number: str
    unit: str
    year: int
    target: Decimal | None
    counted: Decimal
    lines: list[tuple[str, Decimal]]
    beside: list[tuple[str, Decimal]]
    sources: list[tuple[str, Decimal]]
    entries: list[SheetLine]
    plans: list[PlanLine]
    closed_on: date | None
    counted_at_closing: Decimal | None
    supplements: list[Supplement]
    why: str


def sheet_of(figures: Mapping[str, Any]) -> RecordSheet:
    """The kept figures in words."""
    counted = figures["counted_categories"]
    sums = {category: Decimal(hours) for category, hours in figures["categories"].items()}
    target = figures["target"]
    at_closing = figures["counted_at_closing"]
    return RecordSheet(
        name=figures["name"],
        number=figures["number"],
        unit=figures["unit"],
        year=figures["year"],
        target=Decimal(target) if target is not None else None,
        counted=Decimal(figures["counted"]),
        lines=[(str(HoursCategory(each).label), sums[each]) for each in counted],
        beside=[(str(HoursCategory(each).label), hours) for each, hours in sums.items() if each not in counted],
        sources=[(str(HoursSource(each).label), Decimal(hours)) for each, hours in figures["sources"].items()],
        entries=[_entry(line) for line in figures["lines"]],
        plans=[PlanLine(plan["title"], _plan(plan)) for plan in figures["plans"]],
        closed_on=date.fromisoformat(figures["closed_on"]) if figures["closed_on"] else None,
        counted_at_closing=Decimal(at_closing) if at_closing is not None else None,
        supplements=[_supplement(line) for line in figures["lines"] if line["is_supplement"]],
        why=figures["why"],
    )


def _entry(line: Mapping[str, Any]) -> SheetLine:
    about = [line["why"], str(HoursSource(line["source"]).label), str(HoursCategory(line["category"]).label)]
    return SheetLine(
        on=date.fromisoformat(line["on"]),
        title=line["title"],
        about=_(", ").join(filter(None, about)),
        hours=Decimal(line["hours"]),
        is_late=line["is_late"],
    )


def _plan(plan: Mapping[str, Any]) -> str:
    done = _("%(done)d of %(of)d items studied") % {"done": plan["done"], "of": plan["of"]}
    return _(", ").join([say_standing(plan["standing"]), done])


def _supplement(line: Mapping[str, Any]) -> Supplement:
    reason = line["why"] or _("Late entry: %(title)s") % {"title": line["title"]}
    return Supplement(on=date.fromisoformat(line["entered_on"]), reason=reason, hours=Decimal(line["hours"]))
