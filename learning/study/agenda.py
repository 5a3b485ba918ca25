"""My one list: what all my plans ask of me, ordered by what is due."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from learning.completion.wording import say_standing
from learning.courses.models import StudyItem
from learning.courses.wording import say_due
from learning.plans.models import PlanItem, StudyPlan
from learning.progress.models import Progress
from learning.study.owing import Ask, Owed, firsts, owed_of
from learning.study.queries import Row, item_rows

NOT_PRESSED = (Standing.NOT_REQUIRED, Standing.BY_BRANCH)


@dataclass(frozen=True)
class PlanLine:
    """One of my plans that is not over, as a line above the list."""

    pk: int
    title: str
    starts_on: date
    ends_on: date
    standing: str
    total: int
    done: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Agenda:
    """What is open, what is done, and what is left of plans that are over."""

    plans: list[PlanLine]
    open_rows: list[Row]
    done_rows: list[Row]
    past_rows: list[Row]
    standing: str = ""  # where nothing presses: not required, or studied with the branch

    @property
    def is_chosen(self) -> bool:
        return any(plan.is_chosen for plan in self.plans)


@dataclass(frozen=True)
class Asked:
    """Everything that was read for the list."""

    enrolments: list[Enrolment]
    lines: dict[int, list[PlanItem]]
    done: set[tuple[int, int]]  # plan, item
    today: date

    @property
    def going(self) -> list[Enrolment]:
        """In plans that are not over."""
        return [each for each in self.enrolments if each.plan.ends_on >= self.today]

    def asks(self, plans: Iterable[StudyPlan]) -> list[Ask]:
        return [ask for plan in plans for ask in _asks_of(plan, self.lines[plan.pk], self.done)]


def agenda_of(request: HttpRequest, *, now: datetime, plan: str = "") -> Agenda:
    """My list, of all plans or of the one chosen; the same few queries for any number of plans."""
    asked = asked_of(request, today=timezone.localdate(now))
    going = asked.going
    over = [each.plan for each in asked.enrolments if each not in going and each.standing not in (*NOT_PRESSED, "done")]
    chosen = [each for each in going if str(each.plan_id) == plan] or going
    owed = owed_of(asked.asks(each.plan for each in chosen), today=asked.today)
    everywhere = {ask.item for ask in asked.asks(each.plan for each in going)}
    past = [
        each
        for each in owed_of(asked.asks(over), today=asked.today)
        if not each.is_done and each.item not in everywhere
    ]
    rows = _rows([*owed, *past], asked, request=request, is_pressed=not _rests(going))
    return Agenda(
        plans=[_plan_line(each, asked, is_chosen=str(each.plan_id) == plan) for each in going],
        open_rows=[rows[each.item] for each in owed if not each.is_done],
        done_rows=[rows[each.item] for each in owed if each.is_done],
        past_rows=[rows[each.item] for each in past if rows[each.item].url],
        standing=_rests(going),
    )


def asked_of(request: HttpRequest, *, today: date, item: StudyItem | None = None) -> Asked:
    """My enrolments in plans that are out, what stands in those plans, and what of it is done; three queries.

    With `item` only of the plans in which it stands.
    """
    mine = Enrolment.objects.visible_to(request.user).filter(left_on=None, plan__published_at__isnull=False)
    if item is not None:
        mine = mine.filter(plan__items__item=item)
    enrolments = list(mine.select_related("plan").order_by("plan__starts_on", "plan_id"))
    lines: dict[int, list[PlanItem]] = defaultdict(list)
    ids = [each.plan_id for each in enrolments]
    for line in PlanItem.objects.filter(plan__in=ids).select_related("item__page"):
        lines[line.plan_id].append(line)
    completed = Completion.objects.visible_to(request.user).filter(enrolment__in=enrolments, standing=Standing.DONE)
    done = set(completed.values_list("enrolment__plan_id", "plan_item__item_id"))
    return Asked(enrolments, lines, done, today)


def _asks_of(plan: StudyPlan, lines: list[PlanItem], done: set[tuple[int, int]]) -> list[Ask]:
    asks = [
        Ask(
            plan=plan.pk,
            item=line.item_id,
            order=line.order,
            opens_on=line.opens_on or plan.starts_on,
            due_on=line.due_on or plan.ends_on,
            is_required=line.is_required,
            is_done=(plan.pk, line.item_id) in done,
            is_own_day=line.due_on is not None,
        )
        for line in lines
    ]
    before = firsts(asks) if plan.is_in_order else {}
    return [replace(ask, first=before.get(ask.item)) for ask in asks]


def _rows(owed: list[Owed], asked: Asked, *, request: HttpRequest, is_pressed: bool) -> dict[int, Row]:
    items = {line.item_id: line.item for lines in asked.lines.values() for line in lines}
    shown = [items[each.item] for each in owed]
    rows = dict(zip((item.pk for item in shown), item_rows(shown, request=request), strict=True))
    before = Progress.objects.visible_to(request.user).completed().filter(item__in=[each.item for each in owed])
    completed = dict(before.values_list("item_id", "completed_at"))
    return {
        each.item: _row(each, rows[each.item], items, asked, completed.get(each.item), is_pressed=is_pressed)
        for each in owed
    }


def _row(
    owed: Owed,
    row: Row,
    items: dict[int, StudyItem],
    asked: Asked,
    completed_at: datetime | None,
    *,
    is_pressed: bool,
) -> Row:
    if owed.is_done:
        return replace(row, standing=Standing.DONE, say=say_standing(Standing.DONE))
    if items[owed.item].is_withdrawn:
        return row
    notes = [] if owed.is_required else [_("offered, not required")]
    is_open = owed.opens_on <= asked.today
    if not is_open:
        notes.append(_("from %(day)s") % {"day": date_format(owed.opens_on, "MONTH_DAY_FORMAT")})
    if owed.first and is_open:
        notes.append(say_first(items[owed.first].title))
    if completed_at is not None:
        notes.append(say_again(completed_at))
        row = replace(row, standing=Standing.TODO, say=say_standing(Standing.TODO), place="")
    has_day = any(ask.is_own_day for ask in owed.open_asks) or owed.due_on < asked.today or len(asked.going) > 1
    due = say_due(owed.due_on, today=asked.today) if is_pressed and has_day and owed.is_required else ""
    return replace(row, due=due, note=_(", ").join(notes))


def say_first(title: str) -> str:
    """«先学《…》»: the order of a plan, as a hint and never as a lock."""
    return _("first “%(title)s”") % {"title": title}


def say_again(completed_at: datetime) -> str:
    """«2025 年学过，这次要再学一遍»."""
    return _("studied in %(year)s, to be studied once more now") % {"year": str(timezone.localdate(completed_at).year)}


def _plan_line(enrolment: Enrolment, asked: Asked, *, is_chosen: bool) -> PlanLine:
    plan, lines = enrolment.plan, asked.lines[enrolment.plan_id]
    done = sum((plan.pk, line.item_id) in asked.done for line in lines)
    return PlanLine(plan.pk, plan.title, plan.starts_on, plan.ends_on, enrolment.standing, len(lines), done, is_chosen)


def _rests(enrolments: list[Enrolment]) -> str:
    return next((each.standing for each in enrolments if each.standing in NOT_PRESSED), "")
