"""The items of a plan as somebody has typed them: places and days are text until they are taken."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from learning.courses.models import StudyItem
from learning.courses.wording import item_about
from learning.planning.queries import items_for, studyable
from learning.plans.models import PlanItem, StudyPlan
from learning.plans.shape import ItemShape
from members.organisation.models import Organisation

Period = tuple[date, date]


@dataclass(frozen=True)
class ItemLine:
    item: StudyItem
    order: str
    due: str = ""
    opens: str = ""
    is_offered: bool = False
    is_dropped: bool = False
    is_fit: bool = True
    wrong_due: str = ""
    wrong_opens: str = ""

    @property
    def about(self) -> str:
        return item_about(self.item)

    @property
    def due_on(self) -> date | None:
        return _day(self.due)

    @property
    def opens_on(self) -> date | None:
        return _day(self.opens)

    @property
    def is_wrong(self) -> bool:
        return bool(self.wrong_due or self.wrong_opens) and not self.is_dropped

    @property
    def shape(self) -> ItemShape:
        return ItemShape(self.item.pk, not self.is_offered, self.opens_on, self.due_on)


def lines_of(plan: StudyPlan) -> list[ItemLine]:
    """The items as the plan has them."""
    return lines_from(QueryDict(), plan, plan.organisation, None)


def lines_from(typed: QueryDict, plan: StudyPlan, unit: Organisation, period: Period | None) -> list[ItemLine]:
    """The items of the plan and those put in since, with what was typed about each.

    `period` is where the days must lie, if that is known.
    """
    own = list(plan.items.select_related("item"))
    known = {each.item_id for each in own}
    added = [int(pk) for pk in typed.getlist("item") if pk.isdecimal() and len(pk) < 10 and int(pk) not in known]
    fit = studyable(unit)
    there = {item.pk: item for item in fit.filter(pk__in=[*known, *added])}
    new = [there[pk] for pk in dict.fromkeys(added) if pk in there]
    ticked = [item for item in items_for(unit, typed.getlist("add")) if item.pk not in known | set(added)]
    places = [*own, *(PlanItem(item=item, order=0) for item in [*new, *ticked])]
    return [
        _line(typed, each, place, period, is_fit=each.item_id in there or each.item in ticked)
        for place, each in enumerate(places, start=1)
    ]


def in_order(lines: list[ItemLine]) -> list[ItemLine]:
    """Those that stay, by the numbers typed; what has no number, or the same, stays in its place."""
    kept = [line for line in lines if not line.is_dropped]
    places = {line.item.pk: place for place, line in enumerate(kept, start=1)}
    return sorted(kept, key=lambda line: (_number(line.order, places[line.item.pk]), places[line.item.pk]))


def _line(typed: QueryDict, each: PlanItem, place: int, period: Period | None, *, is_fit: bool) -> ItemLine:
    key = each.item_id
    due = typed.get(f"due_{key}", each.due_on.isoformat() if each.due_on else "").strip()
    opens = typed.get(f"opens_{key}", each.opens_on.isoformat() if each.opens_on else "").strip()
    wrong_due, wrong_opens = _wrong(due, period), _wrong(opens, period)
    if not (wrong_due or wrong_opens) and due and opens and due < opens:
        wrong_due = _("The last day lies before the first one.")
    return ItemLine(
        item=each.item,
        order=typed.get(f"order_{key}", str(place)).strip(),
        due=due,
        opens=opens,
        is_offered=f"offered_{key}" in typed if typed else not each.is_required,
        is_dropped=str(key) in typed.getlist("drop"),
        is_fit=is_fit,
        wrong_due=wrong_due,
        wrong_opens=wrong_opens,
    )


def _wrong(typed: str, period: Period | None) -> str:
    if not typed:
        return ""
    day = _day(typed)
    if day is None:
        return _("This is not a date. Please write it like 2021-07-01.")
    if period and not period[0] <= day <= period[1]:
        return _("The day must lie in the period of the plan.")
    return ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise
