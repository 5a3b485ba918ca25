"""What the page of a member says beside the account: where they belonged, take part, what they study and attended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from content.bench.unit_page import say_term
from learning.board.people import PlanRow, plan_rows
from learning.hours.models import HoursEntry
from learning.hours.queries import HoursView, hours_of
from members.accounts.models import Member
from members.activities.kinds import TOOK_PART, AttendanceState
from members.activities.models import Activity, Attendance
from members.checkins.models import MobileSpell
from members.checkins.wording import say_state
from members.organisation.models import Affiliation, Participation, Post
from members.roles.policies import lies_within, organised_paths

ATTENDED, SPELLS = 50, 10


@dataclass(frozen=True)
class Line:
    """One fact with its days; `url` where there is more to be read."""

    title: str
    about: str
    url: str = ""


@dataclass(frozen=True)
class MemberStory:
    homes: list[Line]
    participations: list[Line]
    posts: list[Line]
    past_posts: list[Line]
    plans: list[PlanRow]
    hours: HoursView
    spells: list[Line]
    attended: list[Line]
    year: int
    may_set_target: bool


def story_of(member: Member, *, user: Any, now: datetime) -> MemberStory:
    """For whoever leads the member's unit. What other units recorded is left out: activities are those one leads."""
    today = timezone.localdate(now)
    held = Post.objects.filter(member=member).select_related("organisation").order_by("-since", "-pk")
    posts = list(held)
    return MemberStory(
        homes=list(_homes(member)),
        participations=[_taking_part(each) for each in _participations(member)],
        posts=[_post(each) for each in posts if each.until is None or each.until > today],
        past_posts=[_post(each) for each in posts if each.until is not None and each.until <= today],
        plans=plan_rows(member, user=user, today=today),
        hours=hours_of(member, HoursEntry.objects.led_by(user), now=now),
        spells=list(_spells(member, user=user, today=today)),
        attended=list(_attended(member, user=user, now=now)),
        year=today.year,
        may_set_target=_is_organiser_of(member, user),
    )


def _is_organiser_of(member: Member, user: Any) -> bool:
    home = member.organisation_now()
    return home is not None and lies_within(home.path, organised_paths(user))


def _homes(member: Member) -> Iterator[Line]:
    """Where the member belonged and belongs, the latest first."""
    found = Affiliation.objects.filter(member=member).select_related("organisation").order_by("-since", "-pk")
    for each in found:
        yield Line(each.organisation.name, _days(each.since, each.until))


def _participations(member: Member):
    found = Participation.objects.filter(member=member, until=None).select_related("organisation")
    return found.order_by("organisation__code")


def _taking_part(each: Participation) -> Line:
    return Line(each.organisation.name, _days(each.since, None))


def _post(each: Post) -> Line:
    title = _("%(kind)s, %(unit)s") % {"kind": each.get_kind_display(), "unit": each.organisation.name}
    return Line(title, say_term(each.since, each.until))


def _spells(member: Member, *, user: Any, today: date) -> Iterator[Line]:
    for each in (
        MobileSpell.objects.led_by(user).filter(member=member).select_related("host").order_by("-leaves_on")[:SPELLS]
    ):
        yield Line(each.destination, say_state(each, today=today), reverse("members:away_spell", args=[each.pk]))


def _attended(member: Member, *, user: Any, now: datetime) -> Iterator[Line]:
    """Activities of this year in which the member took part, the latest first; who was absent is in the record."""
    led = Activity.objects.led_by(user).filter(starts_at__year=timezone.localdate(now).year)
    own = (
        Attendance.objects.led_by(user)
        .filter(member=member, activity__in=led.values("pk"), state__in=TOOK_PART)
        .select_related("activity")
    )
    for each in own.order_by("-activity__starts_at", "-pk")[:ATTENDED]:
        state = AttendanceState(each.state).label
        about = _("%(state)s, %(day)s") % {
            "state": state,
            "day": date_format(timezone.localtime(each.activity.starts_at), "MONTH_DAY_FORMAT"),
        }
        yield Line(each.activity.topic, about, reverse("activities:record", args=[each.activity_id]))


def _days(since: datetime, until: datetime | None) -> str:
    return say_term(timezone.localdate(since), timezone.localdate(until) if until else None)
