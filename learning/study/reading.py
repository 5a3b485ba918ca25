"""What a page needs to let a text be read under the clock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone

from learning.courses.categories import HoursCategory
from learning.courses.models import StudyItem
from learning.hours.queries import hours_for
from learning.progress.pace import Pace
from learning.study.visits import open_visit
from members.accounts.models import Member
from members.organisation.rules import Rule


@dataclass(frozen=True)
class Reading:
    """`visit` is empty for a visitor whose study is not recorded; `rate` is seconds of text in one second."""

    visit: str
    length: float
    rate: float
    hours: Decimal
    category: str


def reading_of(item: StudyItem, *, request: HttpRequest, now: datetime, visit: str = "") -> Reading:
    """A text in front of one visitor, under the visit given or a new one."""
    on = timezone.localdate(now)
    pace = pace_of(item, on=on)
    member = Member.objects.visible_to(request.user).recorded().first()
    if member and not visit:
        visit = open_visit(member_id=member.pk, item_id=item.pk, pace=pace, now=now)
    return Reading(
        visit=visit,
        length=item.length_seconds or 0,
        rate=pace.rate,
        hours=hours_for(item, on=on),
        category=str(HoursCategory(item.hours_category).label),
    )


def pace_of(item: StudyItem, *, on: date) -> Pace:
    """How fast an item may be seen, by the rules of that day."""
    return Pace(
        rate=Rule.objects.value("beat.rate.text" if item.is_text else "beat.rate.media", on=on),
        slack_seconds=Rule.objects.value("beat.slack_seconds", on=on),
        gap_seconds=Rule.objects.value("completion.gap_seconds", on=on),
        bank_seconds=Rule.objects.value("beat.bank_seconds", on=on),
    )
