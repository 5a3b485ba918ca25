"""Activities for tests: held, recorded, submitted, accepted."""

from datetime import UTC, datetime, timedelta

from members.activities.actions import Facts, announce_activity, mark_attendance
from members.activities.decisions import accept_activity, submit_activity
from members.activities.models import Activity
from members.activities.roster import expected_members

MORNING = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # nine o'clock in the morning at the place
EVENING = MORNING + timedelta(hours=10)


def make_facts(unit, **rest) -> Facts:
    starts_at = rest.pop("starts_at", MORNING)
    minutes = rest.pop("minutes", 90)
    said = {"kinds": ["theme_day"], "topic": "清理河边小路", "place": "柳湾桥头", **rest}
    return Facts(lead=unit, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **said)


def make_activity(unit, *, actor=None, now=EVENING, **rest) -> Activity:
    """Held by the unit this morning; nobody is ticked yet."""
    return announce_activity(facts=make_facts(unit, **rest), actor=actor, now=now)


def tick_all(activity, state: str = "present", *, actor=None, now=EVENING) -> None:
    marks = dict.fromkeys(expected_members(activity).values_list("pk", flat=True), state)
    mark_attendance(activity=activity, marks=marks, actor=actor, now=now)


def submit(activity, *, actor=None, now=EVENING) -> datetime:
    """Submitted; the moment that whoever accepts it has seen."""
    submit_activity(activity=activity, actor=actor, now=now)
    return Activity.objects.get(pk=activity.pk).submitted_at


def accept(activity, *, actor=None, now=EVENING) -> None:
    accept_activity(activity=activity, seen=submit(activity, actor=actor, now=now), actor=actor, now=now)
