"""The items of a draft as somebody has typed them: order and last day are text until they are taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from learning.courses.models import StudyItem
from learning.courses.wording import item_about
from learning.planning.queries import studyable
from learning.plans.models import StudyPlan


@dataclass(frozen=True)
class ItemLine:
    item: StudyItem
    order: str
    due: str
    is_dropped: bool = False
    is_fit: bool = True
    wrong: str = ""

    @property
    def about(self) -> str:
        return item_about(self.item)

    @property
    def due_on(self) -> date | None:
        return _day(self.due)


def lines_of(plan: StudyPlan) -> list[ItemLine]:
    """The items as the draft has them."""
    return lines_from({}, [], plan, None)


def lines_from(
    typed: Mapping[str, str], dropped: list[str], plan: StudyPlan, period: tuple[date, date] | None
) -> list[ItemLine]:
    """The items with what was typed about each; `period` is where a last day must lie, if that is known."""
    fit = set(studyable(plan.organisation).filter(plan_items__plan=plan).values_list("pk", flat=True))
    lines = []
    for each in plan.items.select_related("item"):
        due = typed.get(f"due_{each.item_id}", each.due_on.isoformat() if each.due_on else "").strip()
        lines.append(
            ItemLine(
                item=each.item,
                order=typed.get(f"order_{each.item_id}", str(each.order)).strip(),
                due=due,
                is_dropped=str(each.item_id) in dropped,
                is_fit=each.item_id in fit,
                wrong=_wrong(due, period),
            )
        )
    return lines


def in_order(lines: list[ItemLine]) -> list[ItemLine]:
    """Those that stay, by the numbers typed; what has no number, or the same, stays in its place."""
    kept = [line for line in lines if not line.is_dropped]
    places = {line.item.pk: place for place, line in enumerate(kept, start=1)}
    return sorted(kept, key=lambda line: (_number(line.order, places[line.item.pk]), places[line.item.pk]))


def _wrong(due: str, period: tuple[date, date] | None) -> str:
    if not due:
        return ""
    day = _day(due)
    if day is None:
        return _("This is not a date. Please write it like 2021-07-01.")
    if period and not period[0] <= day <= period[1]:
        return _("The last day must lie in the period of the plan.")
    return ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise
