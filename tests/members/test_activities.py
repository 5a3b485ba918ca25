"""Who is on the list of an activity, who may do what with its record, and that nothing is done twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from members.activities.actions import (
    NotOpen,
    UnknownGuest,
    add_guest,
    add_unit,
    announce_activity,
    ask_leave,
    change_activity,
    drop_guest,
    drop_unit,
    mark_attendance,
    withdraw_leave,
    write_minutes,
)
from members.activities.decisions import (
    NotReady,
    accept_activity,
    cancel_activity,
    reopen_activity,
    return_activity,
    submit_activity,
)
from members.activities.kinds import ActivityKind, fitting_kinds
from members.activities.models import Activity, Attendance
from members.activities.roster import expected_members, roster_of
from members.activities.worth import hours_by_minutes, worth_of
from members.audit.models import AuditEvent
from members.organisation.kinds import OrganisationKind, PostKind
from members.organisation.models import Affiliation, Participation, Post
from members.roles.models import Role
from tests.factories import LONG_AGO, make_leader, make_member, make_organisation, make_person, make_tree
from tests.members.gatherings import EVENING, MORNING, accept, make_activity, make_facts, submit, tick_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


def names(activity) -> list[str]:
    return [line.member.name for line in roster_of(activity).lines]


def state(activity) -> str:
    return Activity.objects.get(pk=activity.pk).state


# --- the list -----------------------------------------------------------------
def test_the_list_of_a_branch_are_its_members_and_those_of_its_groups_by_name_as_spoken(tree):
    for unit, name in (
        (tree.branch, "周秀兰"),
        (tree.group, "安若谷"),
        (tree.sibling, "别处人"),
        (tree.branch, "重阳"),
    ):
        make_member(unit, name=name)
    assert names(make_activity(tree.branch)) == ["安若谷", "重阳", "周秀兰"]


def test_the_list_of_a_committee_does_not_hold_the_members_of_its_branches(tree):
    make_member(tree.branch)
    clerk = make_member(tree.east)
    assert names(make_activity(tree.east)) == [clerk.name]


def test_activists_and_those_who_have_left_are_not_on_the_list(tree):
    make_member(tree.branch, status="activist")
    make_member(tree.branch, ended_on=MORNING.date(), ended_kind="transferred")
    make_member(tree.branch, ended_on=MORNING.date() + timedelta(days=1), ended_kind="transferred", name="那时还在")
    assert names(make_activity(tree.branch)) == ["那时还在"]


def test_who_takes_part_elsewhere_is_on_that_list_too(tree):
    area = make_organisation("东片区", parent=tree.east, kind=OrganisationKind.FUNCTIONAL_BRANCH)
    member = make_member(tree.far)
    Participation.objects.create(member=member, organisation=area, since=LONG_AGO)
    assert names(make_activity(area, kinds=["volunteer"])) == [member.name]


def test_the_list_is_that_of_the_day_and_not_of_today(tree):
    member = make_member(tree.branch, name="走了的人")
    make_member(tree.branch, name="留下的人")
    Affiliation.objects.filter(member=member).update(until=MORNING + timedelta(days=1))
    assert set(names(make_activity(tree.branch))) == {"走了的人", "留下的人"}
    assert names(make_activity(tree.branch, starts_at=MORNING + timedelta(days=2))) == ["留下的人"]


def test_before_the_register_begins_its_first_list_stands(tree):
    make_member(tree.branch, name="老党员")
    Affiliation.objects.update(since=MORNING + timedelta(days=30))
    later = make_member(tree.branch, name="后来的人")
    Affiliation.objects.filter(member=later).update(since=MORNING + timedelta(days=60))
    assert names(make_activity(tree.branch)) == ["老党员"]


def test_a_meeting_of_the_committee_alone_is_for_those_who_sit_on_it(tree):
    chair, plain = make_member(tree.branch, name="书记"), make_member(tree.branch, name="普通党员")
    Post.objects.create(member=chair, organisation=tree.branch, kind=PostKind.SECRETARY, since=LONG_AGO.date())
    alone = make_activity(tree.branch, kinds=["committee_meeting"])
    with_all = make_activity(tree.branch, kinds=["committee_meeting", "party_lecture"])
    assert names(alone) == ["书记"]
    assert plain.name in names(with_all)


def test_a_leader_sees_their_own_people_and_whoever_has_been_recorded(tree):
    own, other = make_member(tree.branch, name="本支部"), make_member(tree.far, name="西社区")
    secretary = make_leader(tree.branch)
    activity = make_activity(tree.branch, actor=secretary)
    add_unit(activity=activity, organisation=tree.far, actor=secretary, now=EVENING)
    seen = {line.member.pk for line in roster_of(activity, user=secretary).lines}
    assert seen == {own.pk, secretary.member.pk}
    mark_attendance(activity=activity, marks={other.pk: "present"}, actor=make_leader(tree.far), now=EVENING)
    assert other.pk in {line.member.pk for line in roster_of(activity, user=secretary).lines}


def test_kinds_are_offered_where_the_body_that_meets_exists():
    branch = fitting_kinds(OrganisationKind.BRANCH, has_committee=True)
    assert ActivityKind.COMMITTEE_MEETING in branch
    assert ActivityKind.COMMITTEE_MEETING not in fitting_kinds(OrganisationKind.BRANCH, has_committee=False)
    for kind in (OrganisationKind.FUNCTIONAL_BRANCH, OrganisationKind.BUILDING_GROUP):
        offered = set(fitting_kinds(kind, has_committee=True))
        assert not offered & {"general_meeting", "committee_meeting", "group_meeting", "org_life_meeting"}


# --- recording ------------------------------------------------------------------
def test_hours_come_from_the_length_unless_written_down(tree):
    assert worth_of(make_activity(tree.branch, minutes=90)) == Decimal("1.5")
    assert worth_of(make_activity(tree.branch, hours=Decimal(4))) == 4
    assert worth_of(make_activity(tree.branch, kinds=["volunteer"])) == 0
    assert worth_of(make_activity(tree.branch, kinds=["volunteer", "party_lecture"])) == Decimal("1.5")


@given(minutes=st.integers(0, 24 * 60), per_hour=st.integers(30, 120))
def test_longer_is_never_worth_less_and_an_hour_is_one(minutes, per_hour):
    hours = hours_by_minutes(minutes, per_hour)
    assert hours <= hours_by_minutes(minutes + 1, per_hour)
    assert hours_by_minutes(per_hour, per_hour) == 1
    assert abs(hours * per_hour - minutes) <= Decimal("0.125") * per_hour or hours == Decimal("0.25")


def test_entered_more_than_a_week_afterwards_it_is_a_late_entry(tree):
    assert not make_activity(tree.branch).is_late_entry
    assert make_activity(tree.branch, now=EVENING + timedelta(days=8)).is_late_entry


def test_the_same_ticks_again_change_nothing(tree):
    member = make_member(tree.branch)
    activity = make_activity(tree.branch)
    marks = {member.pk: "late"}
    assert mark_attendance(activity=activity, marks=marks, actor=None, now=EVENING) == 1
    assert mark_attendance(activity=activity, marks=marks, actor=None, now=EVENING) == 0
    assert Attendance.objects.get().state == "late"


def test_minutes_are_never_overwritten(tree):
    activity = make_activity(tree.branch)
    for text in ("第一稿", "第一稿", "第二稿"):
        write_minutes(activity=activity, text=text, host=None, recorder=None, actor=None, now=EVENING)
    assert list(activity.minutes.order_by("revision").values_list("revision", "text")) == [(1, "第一稿"), (2, "第二稿")]


def test_a_guest_is_found_by_number_and_name_together_only(tree):
    guest = make_member(tree.far, name="巴特尔·苏和", number="70010001")
    activity = make_activity(tree.branch)
    with pytest.raises(UnknownGuest):
        add_guest(activity=activity, number="70010001", name="", actor=None, now=EVENING)
    add_guest(activity=activity, number=" 70010001 ", name="巴特尔•苏和", actor=None, now=EVENING)
    add_guest(activity=activity, number="70010001", name="巴特尔·苏和", actor=None, now=EVENING)
    assert [line.member for line in roster_of(activity).guests] == [guest]
    drop_guest(activity=activity, member=guest, actor=None, now=EVENING)
    assert not Attendance.objects.exists()


def test_units_are_added_and_taken_away_but_the_one_that_leads_stays(tree):
    activity = make_activity(tree.branch)
    for _ in range(2):
        add_unit(activity=activity, organisation=tree.sibling, actor=None, now=EVENING)
    assert activity.holdings.count() == 2
    drop_unit(activity=activity, organisation=tree.sibling, actor=None, now=EVENING)
    drop_unit(activity=activity, organisation=tree.branch, actor=None, now=EVENING)
    assert [each.organisation for each in activity.holdings.all()] == [tree.branch]


def test_another_unit_may_come_to_lead(tree):
    activity = make_activity(tree.branch)
    add_unit(activity=activity, organisation=tree.group, actor=None, now=EVENING)
    change_activity(activity=activity, facts=make_facts(tree.group), actor=None, now=EVENING)
    assert Activity.objects.get().lead == tree.group
    assert activity.holdings.count() == 1


# --- leave ------------------------------------------------------------------------
def test_leave_is_asked_beforehand_without_a_reason_and_taken_back(tree):
    person = make_person(tree.branch)
    activity = make_activity(tree.branch, now=MORNING - timedelta(days=3))
    ahead = MORNING - timedelta(days=1)
    assert ask_leave(activity=activity, member=person.member, now=ahead)
    assert ask_leave(activity=activity, member=person.member, now=ahead)
    assert Attendance.objects.get().state == "leave"
    assert withdraw_leave(activity=activity, member=person.member, now=ahead)
    assert not Attendance.objects.exists()
    assert not ask_leave(activity=activity, member=person.member, now=MORNING)
    assert not ask_leave(activity=activity, member=make_person(tree.far).member, now=ahead)


# --- submitted, accepted, returned ---------------------------------------------------
def test_nothing_is_submitted_before_somebody_was_there(tree):
    make_member(tree.branch)
    activity = make_activity(tree.branch)
    with pytest.raises(NotReady):
        submit_activity(activity=activity, actor=None, now=EVENING)
    tick_all(activity)
    with pytest.raises(NotReady):
        submit_activity(activity=activity, actor=None, now=MORNING - timedelta(hours=1))
    submit_activity(activity=activity, actor=None, now=EVENING)
    submit_activity(activity=activity, actor=None, now=EVENING + timedelta(hours=1))
    assert Activity.objects.get().submitted_at == EVENING


def test_only_what_was_seen_can_be_accepted(tree):
    make_member(tree.branch)
    activity = make_activity(tree.branch)
    tick_all(activity)
    seen = submit(activity)
    tick_all(activity, "late")
    assert state(activity) == "recording"
    with pytest.raises(NotOpen):
        accept_activity(activity=activity, seen=seen, actor=None, now=EVENING)
    submit(activity, now=EVENING + timedelta(hours=1))
    with pytest.raises(NotOpen):
        accept_activity(activity=activity, seen=seen, actor=None, now=EVENING)
    assert state(activity) == "submitted"


def test_every_decision_is_written_down_once_however_often_the_button_is_pressed(tree):
    make_member(tree.branch)
    actor = make_leader(tree.east, Role.ORGANISER)
    activity = make_activity(tree.branch)
    tick_all(activity)
    seen = submit(activity)
    for _ in range(2):
        return_activity(activity=activity, reason="请补上主持人", actor=actor, now=EVENING)
    seen = submit(activity, now=EVENING + timedelta(hours=1))
    for _ in range(2):
        accept_activity(activity=activity, seen=seen, actor=actor, now=EVENING)
    for _ in range(2):
        reopen_activity(activity=activity, reason="有一位没有到", actor=actor, now=EVENING)
    said = AuditEvent.objects.filter(actor=actor.pk).order_by("pk").values_list("action", flat=True)
    assert list(said) == ["activity.returned", "activity.accepted", "activity.reopened"]
    assert Activity.objects.get().return_reason == "有一位没有到"


def test_an_accepted_record_is_changed_by_nobody_until_it_is_open_again(tree):
    member = make_member(tree.branch)
    activity = make_activity(tree.branch)
    tick_all(activity)
    accept(activity)
    stamp = {"activity": activity, "actor": None, "now": EVENING}
    for act in (
        lambda: mark_attendance(marks={member.pk: "absent"}, **stamp),
        lambda: write_minutes(text="改", host=None, recorder=None, **stamp),
        lambda: change_activity(facts=make_facts(tree.branch, topic="改"), **stamp),
        lambda: add_unit(organisation=tree.far, **stamp),
        lambda: cancel_activity(**stamp),
        lambda: submit_activity(**stamp),
    ):
        with pytest.raises(NotOpen):
            act()


def test_who_leads_the_unit_above_judges_and_nobody_their_own(tree):
    activity = make_activity(tree.branch)
    judges = Activity.objects.filter(pk=activity.pk).judged_by
    assert judges(make_leader(tree.east, Role.ORGANISER)).exists()
    assert judges(make_leader(tree.root, Role.ORGANISER)).exists()
    for unit in (tree.branch, tree.group, tree.sibling, tree.far, tree.west):
        assert not judges(make_leader(unit)).exists()
    group_meeting = make_activity(tree.group, kinds=["group_meeting"])
    assert Activity.objects.filter(pk=group_meeting.pk).judged_by(make_leader(tree.branch)).exists()


def test_above_the_topmost_unit_there_is_nobody_so_its_leader_accepts(tree):
    activity = make_activity(tree.root)
    assert Activity.objects.filter(pk=activity.pk).judged_by(make_leader(tree.root, Role.ORGANISER)).exists()
    assert not Activity.objects.filter(pk=activity.pk).judged_by(make_leader(tree.east, Role.ORGANISER)).exists()


# --- who sees what ------------------------------------------------------------------------
def test_members_see_what_their_branch_holds_also_from_a_group_and_as_participants(tree):
    area = make_organisation("东片区", parent=tree.east, kind=OrganisationKind.FUNCTIONAL_BRANCH)
    person = make_person(tree.group)
    Participation.objects.create(member=person.member, organisation=area, since=LONG_AGO)
    shown = [make_activity(unit) for unit in (tree.branch, tree.group, area)]
    hidden = [make_activity(unit) for unit in (tree.sibling, tree.far, tree.east)]
    seen = set(Activity.objects.visible_to(person))
    assert seen == set(shown)
    mark_attendance(activity=hidden[1], marks={person.member.pk: "present"}, actor=None, now=EVENING)
    assert hidden[1] in Activity.objects.visible_to(person)


def test_a_meeting_of_the_committee_is_seen_by_those_who_sit_on_it(tree):
    chair, plain = make_person(tree.branch), make_person(tree.branch)
    Post.objects.create(member=chair.member, organisation=tree.branch, kind=PostKind.SECRETARY, since=LONG_AGO.date())
    activity = make_activity(tree.branch, kinds=["committee_meeting"])
    assert activity in Activity.objects.visible_to(chair)
    assert activity not in Activity.objects.visible_to(plain)
    assert activity in Activity.objects.visible_to(chair).past(timezone.now())


def test_announcing_for_another_day_waits_and_expected_members_are_counted(tree):
    make_member(tree.branch)
    activity = announce_activity(facts=make_facts(tree.branch), actor=None, now=MORNING - timedelta(days=2))
    assert state(activity) == "announced"
    assert expected_members(activity).count() == 1
