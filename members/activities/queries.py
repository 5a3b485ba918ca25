"""What the pages about activities show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from members.accounts.models import Member
from members.activities.kinds import (
    CHANGEABLE,
    COMMITTEE_POSTS,
    CONFINED,
    OPEN,
    TOOK_PART,
    ActivityKind,
    ActivityState,
    fitting_kinds,
)
from members.activities.models import Activity, Attendance, Holding
from members.activities.roster import Line, Roster, is_expected, roster_of
from members.activities.sign_in import EARLIEST, open_code_of
from members.activities.wording import say_about, say_own, say_record
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Organisation, Post
from members.roles.policies import led_paths

COMING_SHOWN, PAST_SHOWN = 50, 30


@dataclass(frozen=True)
class Row:
    """One activity in a list."""

    title: str
    url: str
    about: str
    standing: str
    say: str


@dataclass(frozen=True)
class OwnActivity:
    """One activity as a member sees it."""

    activity: Activity
    state: str
    standing: str
    say: str
    is_expected: bool
    is_code_open: bool
    may_ask_leave: bool
    minutes: str


@dataclass(frozen=True)
class Record:
    """One record as a leader sees it, with what this leader may do."""

    activity: Activity
    roster: Roster
    minutes: str
    revision: int
    may_run: bool
    may_judge: bool
    has_begun: bool
    is_code_open: bool

    @property
    def is_open(self) -> bool:
        return self.activity.state in OPEN

    @property
    def is_changeable(self) -> bool:
        return self.activity.state in CHANGEABLE

    @property
    def is_submitted(self) -> bool:
        return self.activity.state == ActivityState.SUBMITTED

    @property
    def is_accepted(self) -> bool:
        return self.activity.state == ActivityState.ACCEPTED

    @property
    def lines(self) -> list[Line]:
        """Of whom this leader says how they took part: who runs it of all, another unit's leader of their own."""
        return self.roster.lines if self.may_run else self.roster.own

    @property
    def is_filled_in(self) -> bool:
        """All are ticked beforehand where nobody has been marked and no code was shown."""
        return not self.roster.is_marked and not hasattr(self.activity, "sign_in_code")


def with_facts(activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """With what every page says of an activity, in three queries however many there are."""
    return activities.prefetch_related(*_facts())


def give_facts(activities: list[Activity]) -> None:
    """The same for activities that have been read already, of several lists at once."""
    prefetch_related_objects(activities, *_facts())


def _facts() -> tuple:
    holdings = Holding.objects.select_related("organisation").order_by("-is_lead", "organisation__code")
    return "kinds", Prefetch("holdings", queryset=holdings)


def record_rows(activities: Iterable[Activity], *, now: datetime, names_units: bool = True) -> list[Row]:
    """For whoever keeps or judges the records; a returned one says why."""
    return [
        Row(
            each.topic,
            reverse("activities:record", args=[each.pk]),
            _record_about(each, now=now, names_units=names_units),
            *say_record(each, now=now),
        )
        for each in activities
    ]


def _record_about(activity: Activity, *, now: datetime, names_units: bool) -> str:
    if activity.state == ActivityState.RETURNED and activity.return_reason:
        return _("Returned: %(reason)s") % {"reason": activity.return_reason}
    about = say_about(activity, now=now)
    return _(", ").join([activity.lead.name, about]) if names_units else about


def own_rows(activities: Iterable[Activity], *, user, now: datetime) -> list[Row]:
    """Activities with how the reader took part."""
    shown = list(activities)
    give_facts(shown)
    own = Attendance.objects.visible_to(user).filter(activity__in=shown)
    states = dict(own.values_list("activity_id", "state"))
    return [
        Row(
            each.topic,
            reverse("activities:activity", args=[each.pk]),
            say_about(each, now=now),
            *say_own(each, states.get(each.pk, ""), now=now),
        )
        for each in shown
    ]


def own_activity(activity: Activity, *, user, member: Member | None, now: datetime) -> OwnActivity:
    """One activity for one reader: how they stand, whether they may ask for leave, the minutes they may read."""
    state = Attendance.objects.visible_to(user).filter(activity=activity).values_list("state", flat=True).first() or ""
    standing, say = say_own(activity, state, now=now)
    expected = member is not None and is_expected(activity, member)
    return OwnActivity(
        activity=activity,
        state=state,
        standing=standing,
        say=say,
        is_expected=expected,
        is_code_open=open_code_of(activity, now=now) is not None,
        may_ask_leave=expected and now < activity.starts_at and activity.state in OPEN,
        minutes=minutes_of(activity) if _may_read_minutes(activity, state) else "",
    )


def _may_read_minutes(activity: Activity, state: str) -> bool:
    """Accepted ones; of meetings that not everybody attends only those who took part."""
    is_confined = bool(activity.kind_set & CONFINED)
    return activity.state == ActivityState.ACCEPTED and (state in TOOK_PART or not is_confined)


def minutes_of(activity: Activity) -> str:
    """The latest revision; earlier ones stand beside it."""
    return activity.minutes.order_by("-revision").values_list("text", flat=True).first() or ""


def record_of(activity: Activity, *, user, now: datetime) -> Record:
    """One record for one leader."""
    one = Activity.objects.filter(pk=activity.pk)
    last = activity.minutes.order_by("-revision").first()
    may_run = one.run_by(user).exists()
    return Record(
        activity=activity,
        roster=roster_of(activity, user=user),
        minutes=last.text if last else "",
        revision=last.revision if last else 0,
        may_run=may_run,
        may_judge=one.judged_by(user).exists(),
        has_begun=now >= activity.starts_at - EARLIEST,
        is_code_open=open_code_of(activity, now=now) is not None,
    )


def kinds_for(unit: Organisation) -> tuple[list[ActivityKind], list[ActivityKind]]:
    """The kinds that fit the unit, and the others, which nobody is kept from recording."""
    posts = Post.objects.filter(organisation=unit, until=None, kind__in=COMMITTEE_POSTS)
    fitting = fitting_kinds(unit.kind, has_committee=posts.count() > 1)
    return fitting, [kind for kind in ActivityKind if kind not in fitting]


def own_unit(user, *, code: str = "") -> Organisation | None:
    """The unit for which this leader records: the one asked for, else the first branch or group of theirs."""
    led = Organisation.objects.led_by(user).open()
    asked = led.filter(code=code).first() if code else None
    granted = list(led.filter(path__in=led_paths(user)).in_order())
    return asked or next((unit for unit in granted if unit.kind in BRANCH_KINDS), granted[0] if granted else None)


def last_place(unit: Organisation) -> str:
    """Where the unit met the last time."""
    held = Activity.objects.filter(holdings__organisation=unit, is_online=False).exclude(place="")
    return held.order_by("-starts_at").values_list("place", flat=True).first() or ""


def units_named(words: str, *, at_most: int = 10) -> list[Organisation]:
    """Open units whose name or code holds the words, by code; nothing for no words."""
    found = Organisation.objects.open()
    for word in words.split():
        found = found.filter(name__icontains=word)
    return list(found.in_order()[:at_most]) if words.strip() else []


def to_sign_in_at(user, *, now: datetime) -> QuerySet[Activity]:
    """The activities of this person at which a code is shown just now."""
    standing = {"sign_in_code__opened_at__lte": now, "sign_in_code__closes_at__gt": now}
    return Activity.objects.visible_to(user).filter(**standing, starts_at__gte=now - timedelta(days=2))
