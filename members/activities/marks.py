"""What the ticks of a form say about who was there."""

from collections.abc import Collection, Sequence

from django.http import QueryDict

from members.activities.kinds import AttendanceState
from members.activities.roster import Line


def marks_from(ticks: QueryDict, lines: Sequence[Line], *, kept: Collection[int]) -> dict[int, str]:
    """A state for everybody on the list. Leave is asked only of an empty tick; who came in by code since the page was
    shown (`kept`) is not taken out by a tick that the page could not have."""
    present, late, leave = (set(ticks.getlist(name)) for name in ("present", "late", "leave"))
    marks = {}
    for line in lines:
        key = str(line.member.pk)
        if key in present:
            marks[line.member.pk] = AttendanceState.LATE if key in late else AttendanceState.PRESENT
        elif line.member.pk not in kept:
            marks[line.member.pk] = AttendanceState.LEAVE if key in leave else AttendanceState.ABSENT
    return marks


def everybody(lines: Sequence[Line]) -> dict[int, str]:
    """All were there; who came late or asked for leave stays so."""
    return {
        line.member.pk: line.state if line.is_late or line.is_on_leave else AttendanceState.PRESENT for line in lines
    }
