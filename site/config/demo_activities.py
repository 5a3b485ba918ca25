"""The demo's year of activities, through the doors of real use: announced, ticked, written down, accepted."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from config.demo.activities import COMING, COMMITTEE, REASONS, YEAR, Told
from config.demo_hours import choose_for
from members.accounts.models import Member
from members.activities.actions import Facts, announce_activity, mark_attendance, write_minutes
from members.activities.decisions import accept_activity, return_activity, submit_activity
from members.activities.models import Activity
from members.activities.roster import as_spoken, expected_members
from members.organisation.kinds import OrganisationKind
from members.organisation.models import Organisation

MONTH = timedelta(days=28)  # the same day of the week, so that the year looks like a habit
HOUR = 9


def load_activities(*, now: datetime) -> None:
    """The first branch has every month of a year and something in every state; the others every third month."""
    branches = Organisation.objects.filter(kind=OrganisationKind.BRANCH).in_order()
    for place, branch in enumerate(branches):
        secretary = Member.objects.filter(
            posts__organisation=branch, posts__kind="secretary", posts__until=None
        ).first()
        months = range(12, 0, -1) if place == 0 else range(11, 0, -3)
        for month in months:
            told = YEAR[(month + place) % len(YEAR)]
            held = _hold(branch, told, _morning(now - month * MONTH + timedelta(days=place % 5)), secretary, turn=month)
            _decide(held, is_latest=month in (1, 2) and place in (0, 3, 6, 9), turn=place + month)
        if place == 0:
            _hold(branch, COMMITTEE, _morning(now - timedelta(days=3)), secretary, turn=1)
        _announce(branch, COMING, _morning(now + timedelta(days=3 + place % 7)), secretary, now=now)


def _hold(branch: Organisation, told: Told, starts_at: datetime, secretary: Member | None, *, turn: int) -> Activity:
    activity = _announce(branch, told, starts_at, secretary, now=starts_at - timedelta(days=5))
    after = starts_at + timedelta(hours=3)
    actor = secretary.user if secretary else None
    mark_attendance(activity=activity, marks=dict(_marks(activity, turn)), actor=actor, now=after)
    choose_for(activity, actor=actor, now=after)
    write_minutes(activity=activity, text=told.text, host=secretary, recorder=None, actor=actor, now=after)
    return activity


def _announce(branch, told: Told, starts_at: datetime, secretary: Member | None, *, now: datetime) -> Activity:
    ends_at = starts_at + timedelta(minutes=told.minutes)
    said = {"lead": branch, "kinds": told.kinds, "topic": told.topic, "place": told.place}
    facts = Facts(starts_at=starts_at, ends_at=ends_at, **said)
    return announce_activity(facts=facts, actor=secretary.user if secretary else None, now=now)


def _marks(activity: Activity, turn: int) -> Iterator[tuple[int, str]]:
    """Most come; of each ten somebody is on leave, now and then one comes late or not at all."""
    for place, member in enumerate(sorted(expected_members(activity), key=as_spoken)):
        dice = (place * 7 + turn * 3) % 20
        if member.flexible_study or dice in (0, 1):
            yield member.pk, "leave"
        else:
            yield member.pk, {2: "absent", 3: "late"}.get(dice, "present")


def _decide(activity: Activity, *, is_latest: bool, turn: int) -> None:
    """Submitted the next day and accepted the day after; of the latest some still wait, and one has come back."""
    next_day = activity.ends_at + timedelta(days=1)
    submit_activity(activity=activity, actor=None, now=next_day)
    if not is_latest:
        accept_activity(activity=activity, seen=next_day, actor=None, now=next_day + timedelta(days=1))
    elif turn % 2:
        return_activity(activity=activity, reason=REASONS[turn % len(REASONS)], actor=None, now=next_day)


def _morning(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=HOUR, minute=0, second=0, microsecond=0)
