"""What I still owe this year: hours and plans, for /study/ and the front door."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from learning.completion.standing import Standing
from learning.courses.models import StudyItem
from learning.courses.wording import item_about
from learning.hours.models import HoursEntry
from learning.hours.queries import HoursView, hours_of
from learning.progress.models import Progress
from learning.study.agenda import Agenda, agenda_of
from learning.study.coverage import Coverage, coverage_from
from learning.study.queries import Row, place_of
from members.accounts.models import Member
from members.organisation.rules import Rule


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
    agenda: Agenda
    go_on: Continue | None


def overview_of(request: HttpRequest, *, now: datetime, plan: str = "") -> Overview | None:
    """Nothing for a visitor who is no member. `plan` narrows the list to one of their plans."""
    member = Member.objects.visible_to(request.user).present().first()
    if member is None:
        return None
    return Overview(
        member,
        hours_of(member, HoursEntry.objects.visible_to(request.user), now=now),
        agenda_of(request, now=now, plan=plan),
        _go_on(request, now=now),
    )


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
