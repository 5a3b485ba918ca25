"""How an activity, its moment and its state are said."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.activities.kinds import ActivityKind, ActivityState, AttendanceState
from members.activities.models import Activity
from members.activities.roster import Roster


def say_kinds(activity: Activity) -> str:
    """«主题党日、党课», in the order of the kinds, whatever was ticked first."""
    kinds = activity.kind_set
    return _("; ").join(str(kind.label) for kind in ActivityKind if kind in kinds)


def say_when(activity: Activity, *, now: datetime) -> str:
    """«11 月 26 日 09:00–10:30»; with the year where it is not this one, with both days where there are two."""
    start, end, today = (timezone.localtime(moment) for moment in (activity.starts_at, activity.ends_at, now))
    form = "MONTH_DAY_FORMAT" if start.year == today.year else "DATE_FORMAT"
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{date_format(end, form)} {end:%H:%M}"
    return f"{date_format(start, form)} {start:%H:%M}–{last}"


def say_where(activity: Activity) -> str:
    if activity.is_online:
        return _("online") + (f" {activity.place}" if activity.place else "")
    return activity.place


def say_about(activity: Activity, *, now: datetime) -> str:
    words = (say_kinds(activity), say_when(activity, now=now), say_where(activity))
    return _(", ").join(word for word in words if word)


def say_hours(hours: Decimal) -> str:
    return f"{hours.normalize():f}"


def say_record(activity: Activity, *, now: datetime) -> tuple[str, str]:
    """How the record stands, for whoever keeps it: (mark, words)."""
    if activity.state == ActivityState.ANNOUNCED:
        if activity.starts_at > now:
            return "todo", _("Arranged")
        return ("doing", _("Under way")) if activity.ends_at > now else ("help", _("To be recorded"))
    return {
        ActivityState.RECORDING: ("doing", _("Not submitted yet")),
        ActivityState.SUBMITTED: ("doing", _("Waiting for acceptance")),
        ActivityState.RETURNED: ("help", _("Please change it")),
        ActivityState.ACCEPTED: ("done", _("Accepted and filed")),
        ActivityState.CANCELLED: ("not_required", _("Does not take place")),
    }[ActivityState(activity.state)]


def say_own(activity: Activity, state: str, *, now: datetime) -> tuple[str, str]:
    """How the reader stands with an activity: (mark, words). Who was not there reads so only once it is accepted."""
    if activity.state == ActivityState.CANCELLED:
        return "not_required", _("Does not take place")
    if state == AttendanceState.LEAVE:
        return "not_required", _("On leave")
    if state == AttendanceState.PRESENT:
        return "done", _("Was there")
    if state == AttendanceState.LATE:
        return "done", _("Was there, came later")
    if activity.ends_at > now:
        return "todo", _("Under way") if activity.starts_at <= now else _("Arranged")
    if state == AttendanceState.ABSENT and activity.state == ActivityState.ACCEPTED:
        return "not_required", _("Was not there")
    return "", ""


def say_attendance(roster: Roster) -> str:
    """«应到 20 人，到会 18 人（其中迟到 1 人），请假 2 人»; guests are said beside."""
    guests = sum(line.took_part for line in roster.guests)
    said = _("%(expected)d expected, %(came)d came, %(leave)d on leave, %(absent)d not there") % {
        "expected": roster.expected,
        "came": roster.came - guests,
        "leave": len(roster.on_leave),
        "absent": len(roster.absent),
    }
    return said + (_(", and %(guests)d guests") % {"guests": guests} if guests else "")
