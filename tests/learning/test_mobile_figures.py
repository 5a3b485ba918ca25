"""Who is away takes part at the host: it counts once, at home; the host's own figures stay the host's own."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from learning.board.queries import board_of, family_of
from learning.completion.actions import publish_plan
from learning.completion.models import Completion, Enrolment
from learning.completion.recount import wrong_tallies
from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from members.activities.actions import add_unit, mark_attendance
from members.activities.decisions import reopen_activity
from members.activities.roster import expected_members, roster_of
from members.checkins.actions import end_spell
from members.checkins.spell_steps import Step
from members.organisation.models import Participation
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_tree
from tests.learning.makers import NOON, THIS_YEAR
from tests.members.gatherings import EVENING, accept, make_activity, tick_all
from tests.members.spells import make_spell

pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def guest(tree):
    """Belongs to the branch, is away, and was received in the far one."""
    member = make_member(tree.branch, name="远行人")
    make_spell(member, host=tree.far, is_received=True, now=BEFORE)
    return member


def plan_of(tree, item):
    plan = make_plan(
        title="学习计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[item]
    )
    publish_plan(plan, now=NOON)
    return plan


def counted(unit, plan, user) -> tuple[int, int]:
    """How many the board counts in the unit, and how many of them are done."""
    total = board_of(family_of(unit.code, user=user), user=user, plan_id=plan.pk).total
    return total.members, total.done


def test_an_activity_at_the_host_gives_hours_and_closes_the_plan_item_once_and_at_home(tree, guest):
    host_member, home_member = make_member(tree.far), make_member(tree.branch)
    activity = make_activity(tree.far)
    tick_all(activity)
    accept(activity)
    plan = plan_of(tree, StudyItem.objects.get())
    assert [line.hours for line in HoursEntry.objects.filter(member=guest)] == [Decimal("1.5")]
    assert Completion.objects.filter(enrolment__member=guest).count() == 1
    assert {each.member: each.standing for each in Enrolment.objects.all()} == {
        guest: "done",
        host_member: "done",
        home_member: "todo",
    }
    user = make_leader(tree.root, Role.ORGANISER)
    assert counted(tree.branch, plan, user) == (2, 1)
    assert counted(tree.far, plan, user) == (1, 1)
    assert counted(tree.root, plan, user)[1] == 2
    assert wrong_tallies() == []


def test_an_activity_that_home_and_host_hold_together_still_counts_once(tree, guest):
    make_member(tree.far)
    activity = make_activity(tree.branch)
    add_unit(activity=activity, organisation=tree.far, actor=None, now=EVENING)
    assert list(expected_members(activity).filter(pk=guest.pk)) == [guest]
    assert roster_of(activity).expected == 2
    tick_all(activity)
    accept(activity)
    assert HoursEntry.objects.filter(member=guest).count() == 1


def test_two_activities_of_one_day_at_home_and_host_are_two_and_one_taken_back_is_one(tree, guest):
    for unit in (tree.branch, tree.far):
        activity = make_activity(unit)
        mark_attendance(activity=activity, marks={guest.pk: "present"}, actor=None, now=EVENING)
        accept(activity)
    assert sum(line.hours for line in HoursEntry.objects.filter(member=guest)) == Decimal("3.0")
    reopen_activity(activity=activity, reason="重核", actor=None, now=EVENING)
    assert sum(line.hours for line in HoursEntry.objects.filter(member=guest)) == Decimal("1.5")


def test_the_host_expects_who_takes_part_there_once_and_says_how_many_came(tree, guest):
    for _ in range(2):
        make_member(tree.far)
    activity = make_activity(tree.far)
    assert roster_of(activity).expected == 3
    mark_attendance(activity=activity, marks={guest.pk: "present"}, actor=None, now=EVENING)
    roster = roster_of(activity)
    assert (roster.came, roster.expected) == (1, 3)
    assert [line.is_guest for line in roster.lines if line.member == guest] == [False]


def test_the_hosts_secretary_has_them_on_the_list_to_tick_and_the_homes_secretary_not_of_that_activity(
    client, tree, guest
):
    host, home = make_leader(tree.far), make_leader(tree.branch)
    activity = make_activity(tree.far, actor=host)
    client.force_login(host)
    assert guest.name in client.get(f"/branch/activities/{activity.pk}/").content.decode()
    client.force_login(home)
    assert client.get(f"/branch/activities/{activity.pk}/").status_code == 404


def test_at_home_they_are_expected_too_and_after_the_return_at_the_host_no_more(tree, guest):
    assert guest in expected_members(make_activity(tree.branch))
    spell = guest.spells.get()
    end_spell(spell=spell, step=Step.RETURNED, ended_on=BEFORE.date(), actor=None, now=BEFORE)
    assert guest not in expected_members(make_activity(tree.far, starts_at=EVENING))
    assert not Participation.objects.filter(member=guest, until=None).exists()


def test_who_was_received_before_takes_part_once_however_often_they_come(tree, guest):
    spell = guest.spells.get()
    end_spell(spell=spell, step=Step.RETURNED, ended_on=BEFORE.date(), actor=None, now=BEFORE)
    make_spell(guest, host=tree.far, is_received=True, now=EVENING)
    activity = make_activity(tree.far, starts_at=EVENING)
    assert expected_members(activity).filter(pk=guest.pk).count() == 1
