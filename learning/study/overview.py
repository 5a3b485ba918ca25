"""What I still owe this year: hours and plans, for /study/ and the front door."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone

from learning.completion.models import Enrolment
from learning.completion.standing import Standing
from learning.courses.models import StudyItem
from learning.courses.wording import item_about, say_due
from learning.hours.models import HoursEntry
from learning.hours.queries import HoursView, hours_of
from learning.plans.models import PlanItem, StudyPlan
from learning.progress.models import Progress
from learning.study.coverage import Coverage, coverage_from
from learning.study.queries import Row, item_rows, place_of
from members.accounts.models import Member
from members.organisation.rules import Rule


@dataclass(frozen=True)
class PlanView:
    title: str
    ends_on: object
    standing: str
    open_rows: list[Row]
    done_rows: list[Row]

    @property
    def total(self) -> int:
        return len(self.open_rows) + len(self.done_rows)


@dataclass(frozen=True)
class Continue:
    """Where I was."""

    row: Row
    kind: str
    coverage: Coverage


@dataclass(frozen=True)
class Overview:
    member: Member
    hours: HoursView
    plans: list[PlanView]
    go_on: Continue | None


def overview_of(request: HttpRequest, *, now: datetime) -> Overview | None:
    """Nothing for a visitor who is no member."""
    member = Member.objects.visible_to(request.user).present().first()
    if member is None:
        return None
    return Overview(
        member,
        hours_of(member, HoursEntry.objects.visible_to(request.user), now=now),
        plan_views(request, now=now),
        _go_on(request, now=now),
    )


def plan_views(request: HttpRequest, *, now: datetime) -> list[PlanView]:
    """My plans of this period, what is open first."""
    today = timezone.localdate(now)
    plans = StudyPlan.objects.running(today).filter(
        pk__in=Enrolment.objects.visible_to(request.user).filter(left_on=None).values("plan_id")
    )
    standings = dict(Enrolment.objects.visible_to(request.user).values_list("plan_id", "standing"))
    return [
        _plan_view(plan, standings[plan.pk], request=request, today=today) for plan in plans.order_by("starts_on", "pk")
    ]


def _plan_view(plan: StudyPlan, standing: str, *, request: HttpRequest, today: date) -> PlanView:
    lines = list(plan.items.select_related("item__page"))
    rows = item_rows([line.item for line in lines], request=request)
    if standing not in (Standing.NOT_REQUIRED, Standing.BY_BRANCH):
        rows = [_with_due(row, line, today) for row, line in zip(rows, lines, strict=True)]
    return PlanView(
        title=plan.title,
        ends_on=plan.ends_on,
        standing=standing,
        open_rows=[row for row in rows if row.standing != Standing.DONE],
        done_rows=[row for row in rows if row.standing == Standing.DONE],
    )


def _with_due(row: Row, line: PlanItem, today: date) -> Row:
    is_open = row.standing != Standing.DONE and not line.item.is_withdrawn
    return replace(row, due=say_due(line.due_on, today=today)) if line.due_on and is_open else row


def _go_on(request: HttpRequest, *, now: datetime) -> Continue | None:
    readable = StudyItem.objects.visible_to(request.user)
    last = (
        Progress.objects.visible_to(request.user)
        .unfinished()
        .filter(item__in=readable, item__length_seconds__isnull=False)
    )
    progress = last.select_related("item__page").order_by("-touched_at").first()
    if progress is None:
        return None
    item = progress.item
    gap = Rule.objects.value("completion.gap_seconds", on=timezone.localdate(now))
    coverage = coverage_from(progress, item, gap=gap)
    url, place = item.page.get_url(request), place_of(progress, item)
    return Continue(Row(item.title, url, item_about(item), Standing.DOING, coverage.say, place), item.kind, coverage)
