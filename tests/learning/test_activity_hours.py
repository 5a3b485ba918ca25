"""What follows from an accepted activity: hours once for each, plan items closed; reversed, never edited."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.completion.actions import publish_plan
from learning.completion.models import Enrolment
from learning.completion.recount import wrong_tallies
from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.progress.models import Progress
from learning.study.actions import reverse_attendance, settle_attendance
from members.activities.actions import mark_attendance
from members.activities.decisions import accept_activity, reopen_activity
from members.activities.models import Activity
from members.events import Attended
from tests.factories import make_member, make_tree
from tests.learning.makers import NOON, THIS_YEAR
from tests.members.gatherings import EVENING, accept, make_activity, submit, tick_all


@pytest.fixture
def tree():
    return make_tree()


def ledger() -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for line in HoursEntry.objects.all():
        sums[line.member_id] += line.hours
    return {member: hours for member, hours in sums.items() if hours}


@pytest.mark.django_db
def test_an_accepted_activity_gives_its_hours_once_to_each_who_took_part(tree):
    came, late, away, absent = (make_member(tree.branch) for _ in range(4))
    activity = make_activity(tree.branch, hours_category="training")
    marks = {came.pk: "present", late.pk: "late", away.pk: "leave", absent.pk: "absent"}
    mark_attendance(activity=activity, marks=marks, actor=None, now=EVENING)
    accept(activity)
    seen = Activity.objects.get().submitted_at
    accept_activity(activity=activity, seen=seen, actor=None, now=EVENING)
    assert ledger() == {came.pk: Decimal("1.5"), late.pk: Decimal("1.5")}
    line = HoursEntry.objects.get(member=came)
    assert (line.category, line.earned_on) == ("training", date(2026, 6, 1))
    evidence = Progress.objects.get(member=late).evidence
    assert evidence == {"how": "attendance", "activity": activity.pk, "held_on": "2026-06-01"}


@pytest.mark.django_db
def test_the_study_item_keeps_its_title_when_the_activity_is_gone(tree):
    make_member(tree.branch)
    activity = make_activity(tree.branch, topic="防汛值守经验交流")
    tick_all(activity)
    accept(activity)
    activity.holdings.all().delete()
    activity.delete()
    item = StudyItem.objects.get()
    assert (item.title, item.activity, item.kind) == ("防汛值守经验交流", None, "activity")
    assert ledger()


@pytest.mark.django_db
def test_reopening_takes_the_hours_back_by_lines_of_their_own(tree):
    member = make_member(tree.branch)
    activity = make_activity(tree.branch)
    tick_all(activity)
    accept(activity)
    reopen_activity(activity=activity, reason="有一位没有到", actor=None, now=EVENING + timedelta(days=1))
    paid, taken = HoursEntry.objects.order_by("pk")
    assert (paid.hours, taken.hours, taken.reverses) == (Decimal("1.5"), Decimal("-1.5"), paid)
    assert (taken.earned_on, taken.reason) == (paid.earned_on, "有一位没有到")
    assert not Progress.objects.exists()
    tick_all(activity, "absent")
    other = make_member(tree.branch)
    mark_attendance(activity=activity, marks={other.pk: "present"}, actor=None, now=EVENING)
    accept(activity, now=EVENING + timedelta(days=2))
    assert ledger() == {other.pk: Decimal("1.5")}
    assert HoursEntry.objects.filter(member=member).count() == 2


@pytest.mark.django_db
def test_a_plan_item_closes_and_opens_again_with_the_activity(tree):
    member = make_member(tree.branch)
    activity = make_activity(tree.branch)
    tick_all(activity)
    accept(activity)
    item = StudyItem.objects.get()
    plan = make_plan(
        title="学习计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[item]
    )
    publish_plan(plan, now=NOON)
    assert Enrolment.objects.get(member=member).standing == "done"
    reopen_activity(activity=activity, reason="重核", actor=None, now=EVENING)
    assert Enrolment.objects.get(member=member).standing == "todo"
    accept_activity(activity=activity, seen=submit(activity), actor=None, now=EVENING)
    assert Enrolment.objects.get(member=member).standing == "done"
    assert wrong_tallies() == []


@pytest.mark.django_db
def test_settling_asks_no_more_queries_for_more_people(tree, django_assert_max_num_queries):
    for _ in range(30):
        make_member(tree.branch)
    activity = make_activity(tree.branch)
    tick_all(activity)
    seen = submit(activity)
    with django_assert_max_num_queries(48):
        accept_activity(activity=activity, seen=seen, actor=None, now=EVENING)


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("settle"), st.sets(st.integers(0, 3)), st.sampled_from(["0", "1", "1.5"]), st.booleans()),
        st.tuples(st.just("reverse")),
    ),
    max_size=6,
)


class WhateverHappens(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(deeds=DEEDS)
    def test_the_ledger_says_exactly_what_was_last_accepted_and_no_line_is_ever_edited(self, deeds):
        tree = make_tree()
        people = [make_member(tree.branch).pk for _ in range(4)]
        activity = make_activity(tree.branch)
        due: dict[int, Decimal] = {}
        lines: dict[int, tuple] = {}
        for deed in deeds:
            if deed[0] == "settle":
                _, who, hours, is_training = deed
                attended = Attended(
                    activity_id=activity.pk,
                    title="主题党日",
                    organisation_id=tree.branch.pk,
                    held_on=date(2026, 6, 1),
                    hours=Decimal(hours),
                    category="training" if is_training else "group",
                    member_ids=frozenset(people[place] for place in who),
                )
                for _ in range(2):
                    settle_attendance(attended, by=None, now=NOON)
                due = {member: Decimal(hours) for member in attended.member_ids if Decimal(hours)}
                assert set(Progress.objects.values_list("member_id", flat=True)) == attended.member_ids
            else:
                for _ in range(2):
                    reverse_attendance(activity_id=activity.pk, reason="重核", by=None, now=NOON)
                due = {}
            assert ledger() == due
            now = {line.pk: (line.member_id, line.hours, line.category) for line in HoursEntry.objects.all()}
            assert lines.items() <= now.items()
            lines = now
