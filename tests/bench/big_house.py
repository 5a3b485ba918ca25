"""A house as large as one may become: a tree of units, members who belong to them, and what leaders find in lists.

Written with many rows to a statement; `share` makes it smaller in proportion. Used by the tests of long lists and by
`make bench`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from typing import Any

from config.demo.names import GIVEN, SURNAMES
from django.db import connection
from django.utils import timezone

from members.accounts.models import Member, User
from members.accounts.names import name_key
from members.activities.kinds import ActivityState
from members.activities.models import Activity, ActivityKindLine, Holding
from members.audit.models import AuditEvent
from members.checkins.models import MobileSpell, SpellReason, SpellState
from members.feedback.models import Feedback
from members.messages.models import Message, MessageState
from members.organisation.kinds import OrganisationKind, PostKind
from members.organisation.models import Affiliation, ImportBatch, Organisation, Participation, Placement, Post
from members.roles.models import ADMINISTRATORS, Role, RoleGrant

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
UNITS, MEMBERS = 30_000, 100_000
BRANCHES, GROUPS = 100, 4  # to a committee, to a branch
CROWDED = 3_000  # who belong to the first committee itself
AT_ONCE = 5_000
SOME_GIVEN = GIVEN["elder", "woman"].split()


@dataclass
class BigHouse:
    people: dict[str, User]
    units: dict[str, Organisation]
    number_of_units: int
    number_of_members: int

    def fill(self, path: str, who: str) -> str:
        """The address with the unit that this leader leads, and the first committee."""
        return path.format(
            unit=self.units.get(who, self.units["organiser"]).code, committee=self.units["organiser"].code
        )


def make_big_house(*, share: float = 1.0) -> BigHouse:
    """Thirty thousand units and a hundred thousand members, or that share of both."""
    units = _tree(max(2, round(UNITS * share / (1 + BRANCHES * (1 + GROUPS)))))
    members = _members(round(MEMBERS * share), units)
    led = dict(zip(("root_organiser", "organiser", "secretary"), units, strict=False))
    people = {who: _leader(unit, who) for who, unit in led.items()}
    _grants(units, round(6_000 * share))
    _lists(units, members, people["secretary"])
    people |= {str(role): _administrator(role) for role in ADMINISTRATORS}
    _know_the_tables()
    return BigHouse(people, led, len(units), len(members))


def _know_the_tables() -> None:
    """What PostgreSQL does by itself a minute after so many rows have come: else it plans for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _tree(committees: int) -> list[Organisation]:
    units = [_unit("LW", "柳湾街道党工委", OrganisationKind.WORKING_COMMITTEE, None, 1, committees)]
    parents: list[Organisation | None] = [None]
    for c in range(1, committees + 1):
        committee = _unit(f"C{c:03}", f"第{c}社区党委", OrganisationKind.COMMITTEE, units[0], c, BRANCHES)
        units.append(committee)
        parents.append(units[0])
        for b in range(1, BRANCHES + 1):
            branch = _unit(f"C{c:03}{b:03}", f"第{b}党支部", OrganisationKind.BRANCH, committee, b, GROUPS)
            units.append(branch)
            parents.append(committee)
            for g in range(1, GROUPS + 1):
                code = f"C{c:03}{b:03}{g}"
                units.append(_unit(code, f"第{g}党小组", OrganisationKind.GROUP, branch, g, 0))
                parents.append(branch)
    _write(Organisation, units)
    _write(
        Placement,
        (Placement(organisation=unit, parent=above, since=SINCE) for unit, above in zip(units, parents, strict=True)),
    )
    return units


def _unit(code: str, name: str, kind: str, above: Organisation | None, step: int, children: int) -> Organisation:
    depth = above.depth + 1 if above else 1
    path = Organisation._get_path(above.path if above else "", depth, step)
    return Organisation(
        code=code, name=name, kind=kind, path=path, depth=depth, numchild=children, help_phone="010-1234567"
    )


def _members(number: int, units: list[Organisation]) -> list[Member]:
    members = [_member(place) for place in range(number)]
    _write(Member, members)
    crowded = min(CROWDED, number // 10)
    groups = [unit for unit in units if unit.kind != OrganisationKind.COMMITTEE and unit.depth > 1]
    homes = (units[1] if place < crowded else groups[place % len(groups)] for place in range(number))
    _write(
        Affiliation,
        (Affiliation(member=one, organisation=home, since=SINCE) for one, home in zip(members, homes, strict=True)),
    )
    return members


def _member(place: int) -> Member:
    name = SURNAMES[place % len(SURNAMES)] + SOME_GIVEN[place // len(SURNAMES) % len(SOME_GIVEN)]
    return Member(number=f"{20_000_000 + place}", name=name, name_key=name_key(name))


def _leader(unit: Organisation, who: str) -> User:
    role = Role.SECRETARY if unit.kind == OrganisationKind.BRANCH else Role.ORGANISER
    user = User.objects.create(username=who, display_name="安若谷", password="!")
    member = Member.objects.create(number=who, name="安若谷", name_key="安若谷", user=user)
    Affiliation.objects.create(member=member, organisation=unit, since=SINCE)
    RoleGrant.objects.create(user=user, role=role, organisation=unit, since=SINCE)
    return user


def _administrator(role: str) -> User:
    user = User.objects.create(username=str(role).replace("_", ""), password="!")
    RoleGrant.objects.create(user=user, role=role, since=SINCE)
    return user


def _grants(units: list[Organisation], number: int) -> None:
    branches = [unit for unit in units if unit.kind == OrganisationKind.BRANCH][:number]
    users = [User(username=f"s{unit.code}", display_name=unit.name, password="!") for unit in branches]
    _write(User, users)
    _write(
        RoleGrant,
        (
            RoleGrant(user=user, role=Role.SECRETARY, organisation=unit, since=SINCE)
            for user, unit in zip(users, branches, strict=True)
        ),
    )


def _lists(units: list[Organisation], members: list[Member], reader: User) -> None:
    """In the first branch some hundreds of everything, elsewhere one for each of some thousands of units."""
    branch, now = units[2], timezone.now()
    some = members[-2_000:]
    _write(
        Post,
        (
            Post(member=one, organisation=branch, kind=PostKind.GROUP_LEADER, since=date(2024, 1, 1))
            for one in some[:300]
        ),
    )
    _write(Participation, (Participation(member=one, organisation=branch, since=SINCE) for one in some[:400]))
    _write(MobileSpell, (_spell(one, branch if place % 2 else None, now) for place, one in enumerate(members[:2_000])))
    held = [_activity(place, now) for place in range(1_000)]
    _write(Activity, held)
    _write(ActivityKindLine, (ActivityKindLine(activity=each, kind="theme_day") for each in held))
    holders = [branch if place < 500 else units[place % len(units)] for place in range(len(held))]
    _write(Holding, (Holding(activity=a, organisation=u, is_lead=True) for a, u in zip(held, holders, strict=True)))
    _write(Feedback, (_feedback(place, branch, now) for place in range(500)))
    own = Member.objects.get(user=reader)
    _write(Message, (_message(place, own, now) for place in range(500)))
    _write(
        AuditEvent,
        (AuditEvent(at=now, action="people.seen", previous_hash=f"{n:064}", hash=f"{n + 1:064}") for n in range(2_000)),
    )
    _write(
        ImportBatch,
        (
            ImportBatch(kind="members", file_name=f"{n}.xlsx", sha256="0", imported_at=now, imported_by=reader)
            for n in range(200)
        ),
    )


def _spell(member: Member, host: Organisation | None, now: datetime) -> MobileSpell:
    state = SpellState.HOSTED if host else SpellState.AWAY
    return MobileSpell(
        member=member, destination="临海", reason=SpellReason.WORK, leaves_on=date(2024, 1, 1), state=state, host=host,
        registered_at=now, contact_due_on=now.date() - timedelta(days=1),
    )  # fmt: skip


def _activity(place: int, now: datetime) -> Activity:
    starts = now - timedelta(days=place - 20)
    state = ActivityState.ACCEPTED if place > 60 else ActivityState.ANNOUNCED
    return Activity(
        topic=f"第 {place} 次学习", starts_at=starts, ends_at=starts + timedelta(hours=1), state=state, made_at=SINCE
    )


def _feedback(place: int, unit: Organisation, now: datetime) -> Feedback:
    return Feedback(
        text="字太小", about_title="学习", about_url="/study/", organisation=unit, due_on=now.date(), sent_at=now,
        dedupe_key=f"big-{place}",
    )  # fmt: skip


def _message(place: int, to: Member, now: datetime) -> Message:
    return Message(
        to=to, topic=f"study.plan/{place}", title="还有 1 项", text="还有 1 项", why="在计划里",
        dedupe_key=f"big-{place}", state=MessageState.SENT, due_at=now, sent_at=now,
    )  # fmt: skip


def _write(model: Any, rows: Any) -> None:
    waiting = iter(rows)
    for _ in count():
        some = list(islice(waiting, AT_ONCE))
        if not some:
            return
        model.objects.bulk_create(some)
