"""Who is expected at an activity, and how each took part: the list that a secretary ticks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from members.accounts.models import Member
from members.accounts.people import distinguished
from members.activities.kinds import COMMITTEE_POSTS, TOOK_PART, ActivityKind, AttendanceState
from members.activities.models import Activity, Attendance
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.roles.policies import under


@dataclass(frozen=True)
class Line:
    """One person on the list; `state` is empty until somebody has said how they took part.

    `is_own`: expected, and led by the reader, who may say so for them.
    """

    member: Member
    name: str
    state: str
    is_guest: bool
    is_own: bool

    @property
    def took_part(self) -> bool:
        return self.state in TOOK_PART

    @property
    def is_late(self) -> bool:
        return self.state == AttendanceState.LATE

    @property
    def is_on_leave(self) -> bool:
        return self.state == AttendanceState.LEAVE


@dataclass(frozen=True)
class Roster:
    """The people of an activity by name as it is spoken, guests after them."""

    lines: list[Line]

    def named(self, *states: str) -> list[str]:
        return [line.name for line in self.lines if line.state in states]

    @property
    def present(self) -> list[str]:
        return self.named(AttendanceState.PRESENT)

    @property
    def late(self) -> list[str]:
        return self.named(AttendanceState.LATE)

    @property
    def on_leave(self) -> list[str]:
        return self.named(AttendanceState.LEAVE)

    @property
    def absent(self) -> list[str]:
        return self.named(AttendanceState.ABSENT)

    @property
    def expected(self) -> int:
        return sum(not line.is_guest for line in self.lines)

    @property
    def came(self) -> int:
        return sum(line.took_part for line in self.lines)

    @property
    def guests(self) -> list[Line]:
        return [line for line in self.lines if line.is_guest]

    @property
    def own(self) -> list[Line]:
        return [line for line in self.lines if line.is_own]

    @property
    def is_marked(self) -> bool:
        """Of one of the reader's own people at least it is said already that they came or did not."""
        return any(line.state and not line.is_on_leave for line in self.own)


def expected_members(activity: Activity) -> QuerySet[Member]:
    """The members of the holding units at that time; of a meeting of the committee alone, those who sit on it."""
    units = [holding.organisation for holding in activity.holdings.all()]
    day = timezone.localdate(activity.starts_at)
    there = Member.objects.counted().filter(Q(ended_on=None) | Q(ended_on__gt=day))
    if activity.kind_set == {ActivityKind.COMMITTEE_MEETING}:
        sits = Post.objects.filter(Q(until=None) | Q(until__gt=day), organisation__in=units, kind__in=COMMITTEE_POSTS)
        if sits.exists():
            return there.filter(pk__in=sits.values("member_id"))
    lies = _lies_in(units)
    lines = (Affiliation.objects.filter(lies), Participation.objects.filter(lies))
    belongs, takes_part = [Q(pk__in=_at(each, activity.starts_at).values("member_id")) for each in lines]
    return there.filter(belongs | takes_part)


def roster_of(activity: Activity, *, user=None) -> Roster:
    """Everybody whom this leader may see on the list: those whom they lead, and whoever has been recorded."""
    marks = dict(Attendance.objects.filter(activity=activity).values_list("member_id", "state"))
    expected = expected_members(activity)
    shown = expected if user is None else expected.filter(_known_to(user))
    own = {member.pk: member for member in shown}
    people = {member.pk: member for member in Member.objects.filter(pk__in=set(marks) - set(own))} | own
    guests = set(people) - set(own) - set(expected.filter(pk__in=marks).values_list("pk", flat=True))
    names = distinguished(people.values())
    lines = [Line(member, names[pk], marks.get(pk, ""), pk in guests, pk in own) for pk, member in people.items()]
    return Roster(sorted(lines, key=lambda line: (line.is_guest, *as_spoken(line.member))))


def _known_to(user) -> Q:
    """The people whom this leader leads, and those from elsewhere who take part in a unit of theirs."""
    led = Q(pk__in=Member.objects.led_by(user).values("pk"))
    return led | Q(pk__in=Participation.objects.led_by(user).values("member_id"))


def is_expected(activity: Activity, member: Member) -> bool:
    return expected_members(activity).filter(pk=member.pk).exists()


def as_spoken(member: Member) -> tuple[str, str]:
    """The order of names: by sound, then by number."""
    return member.name_sound, member.number


def _lies_in(units: Iterable[Organisation]) -> Q:
    """Of a branch or group everybody under it, of a unit above branches only those who belong to it itself."""
    whole = [unit.path for unit in units if unit.kind in BRANCH_KINDS]
    alone = [unit.path for unit in units if unit.kind not in BRANCH_KINDS]
    return under("organisation__path", whole) | Q(organisation__path__in=alone)


def _at(lines: QuerySet, moment: datetime) -> QuerySet:
    """The lines that held at that moment; before the first of them began, the first: a late entry needs names too."""
    first = lines.aggregate(first=Min("since"))["first"] or moment
    then = max(moment, first)
    return lines.filter(Q(until=None) | Q(until__gt=then), since__lte=then)
