"""Plans with an audience, and the people whom they may concern, for tests."""

from dataclasses import replace
from datetime import date

from learning.plans.models import AudienceKind, StudyPlan
from learning.plans.shape import LineShape, give_shape, shape_of
from members.accounts.models import Member, MemberStatus
from members.checkins.models import MobileSpell, SpellState
from members.organisation.kinds import PostKind
from members.organisation.models import Organisation, Post
from tests.factories import LONG_AGO, Tree, make_member

FULL, PROBATIONARY = (
    LineShape(AudienceKind.STATUS, str(each)) for each in (MemberStatus.FULL, MemberStatus.PROBATIONARY)
)
MOBILE = LineShape(AudienceKind.MOBILE)


def post_line(kind: str) -> LineShape:
    return LineShape(AudienceKind.POST, str(kind))


def reshape(plan: StudyPlan, **fields) -> None:
    """Gives a plan other facts, items or lines, and does not look whom that concerns."""
    give_shape(plan, replace(shape_of(plan), **fields))


def concern(plan: StudyPlan, *lines: LineShape) -> None:
    reshape(plan, audience=frozenset(lines))


def hold_post(member: Member, unit: Organisation, kind: str = PostKind.SECRETARY, **days) -> Post:
    return Post.objects.create(member=member, organisation=unit, kind=kind, **{"since": date(2020, 1, 1), **days})


def go_away(member: Member, *, leaves_on: date = date(2026, 1, 1), state: str = SpellState.AWAY) -> MobileSpell:
    return MobileSpell.objects.create(
        member=member, destination="江城", reason="work", leaves_on=leaves_on, state=state, registered_at=LONG_AGO
    )


def crowd(tree: Tree) -> dict[str, Member]:
    """Under the east, and beside it: one of each whom an audience may mean."""
    people = {
        "full": make_member(tree.branch),
        "probationary": make_member(tree.group, status=MemberStatus.PROBATIONARY),
        "activist": make_member(tree.branch, status=MemberStatus.ACTIVIST),
        "secretary": make_member(tree.branch),
        "group_leader": make_member(tree.group, status=MemberStatus.PROBATIONARY),
        "was_secretary": make_member(tree.sibling),
        "will_be_secretary": make_member(tree.sibling, status=MemberStatus.PROBATIONARY),
        "secretary_elsewhere": make_member(tree.sibling),
        "away": make_member(tree.sibling),
        "leaves_later": make_member(tree.group),
        "came_back": make_member(tree.branch, status=MemberStatus.PROBATIONARY),
        "far": make_member(tree.far),
        "ended": make_member(tree.branch, ended_on=date(2026, 1, 1), ended_kind="other"),
        "homeless": make_member(),
    }
    hold_post(people["secretary"], tree.branch)
    hold_post(people["group_leader"], tree.group, PostKind.GROUP_LEADER)
    hold_post(people["was_secretary"], tree.sibling, until=date(2026, 6, 1))
    hold_post(people["will_be_secretary"], tree.sibling, since=date(2026, 6, 2))
    hold_post(people["secretary_elsewhere"], tree.far, PostKind.PUBLICITY_MEMBER)
    hold_post(people["activist"], tree.branch, PostKind.DEPUTY_SECRETARY)
    go_away(people["away"])
    go_away(people["leaves_later"], leaves_on=date(2026, 6, 2), state=SpellState.PLANNED)
    go_away(people["came_back"], state=SpellState.RETURNED)
    go_away(people["far"])
    return people
