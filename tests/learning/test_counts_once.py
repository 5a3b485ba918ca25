"""The same thing studied twice, or alone and in a group, counts once: whatever happens in whatever order."""

import json
import re
from collections import defaultdict
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.completion.actions import publish_plan
from learning.completion.models import Enrolment
from learning.completion.recount import wrong_tallies
from learning.courses.models import StudyItem
from learning.hours.checking import check_hours
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.progress.group_study import GroupMark, GroupStudy
from learning.progress.models import Progress
from learning.study.actions import reverse_attendance, settle_attendance
from members.activities.decisions import reopen_activity
from members.events import Attended
from tests.factories import make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, Viewing, make_lesson, make_portal, make_text
from tests.members.gatherings import EVENING, accept, make_activity, tick_all

QUARTER = Decimal("0.25")


@contextmanager
def freeze(moment: datetime):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        yield


def study(member, item, *, at: datetime = NOON) -> None:
    Viewing(member, item, at=at).watch(0, 100)


def ledger(member) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in HoursEntry.objects.filter(member=member):
        sums[line.category] += line.hours
    return {category: hours for category, hours in sums.items() if hours}


def make_item(unit) -> StudyItem:
    """A lesson of a hundred seconds whose page does not matter."""
    said = {"audience": "public", "hours_category": "self", "completion_rule": "covered", "published_at": NOON}
    return StudyItem.objects.create(kind="video", title="听与记", organisation=unit, length_seconds=100, **said)


def studied_together(activity, *items) -> None:
    for item in items:
        GroupStudy.objects.create(activity=activity, item=item)


@pytest.fixture
def tree(db):
    make_portal()
    return make_tree()


@pytest.fixture
def member(tree):
    return make_person(tree.branch).member


@pytest.fixture
def lesson(tree):
    return make_lesson(tree.root, seconds=100)


@pytest.fixture
def activity(tree, member, lesson):
    activity = make_activity(tree.branch, topic="一起听与记")
    tick_all(activity)
    studied_together(activity, lesson)
    return activity


@pytest.mark.parametrize("make", [make_lesson, make_text])
def test_what_a_member_studies_alone_after_the_group_is_recorded_and_counts_nothing_twice(client, tree, member, make):
    item = make(tree.root, title="一起学的")
    activity = make_activity(tree.branch, now=EVENING)
    tick_all(activity)
    studied_together(activity, item)
    accept(activity)
    before, length = ledger(member), item.length_seconds
    client.force_login(member.user)
    page = client.get(item.page.get_url()).content.decode()
    assert "已学完" in page
    assert 'data-unread=""' not in page
    visit = re.search(r'data-visit="([^"]+)"', page)[1]
    opened = timezone.now()
    for seq, (start, end) in enumerate([(0, length / 2), (length / 2, length)], start=1):
        with freeze(opened + timedelta(seconds=60 * seq)):
            said = {"visit": visit, "seq": seq, "spans": [[start, end]], "position": end, "at": 0}
            answer = client.post("/study/heartbeat/", json.dumps(said), content_type="text/plain").json()
        assert answer["state"] == "completed"
        assert (answer["closed"], answer["gaps"]) == (seq == 2, [] if seq == 2 else [[end, length]])
    assert Progress.objects.get(item=item).evidence["how"] == "covered"
    assert ledger(member) == before
    assert check_hours() == []
    assert 'data-visit="' not in client.get(item.page.get_url()).content.decode().replace('data-visit=""', "")


def test_who_took_part_has_studied_what_was_studied_there(tree, member, lesson, activity):
    plan = make_plan(title="计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[lesson])
    publish_plan(plan, now=NOON)
    accept(activity)
    progress = Progress.objects.get(item=lesson)
    assert (progress.is_completed, progress.is_by_group, progress.evidence["title"]) == (True, True, "一起听与记")
    assert Enrolment.objects.get().standing == "done"
    assert ledger(member) == {"group": Decimal("1.5")}
    reopen_activity(activity=activity, reason="重核", actor=None, now=EVENING)
    assert not Progress.objects.exists()
    assert not GroupMark.objects.exists()
    assert Enrolment.objects.get().standing == "todo"
    assert ledger(member) == {}
    assert wrong_tallies() == []


def test_what_was_studied_alone_before_is_taken_back_by_a_line_that_says_why(member, lesson, activity):
    study(member, lesson)
    accept(activity)
    taken = HoursEntry.objects.get(reverses__isnull=False)
    assert (taken.reason, taken.hours, taken.item) == ("已计入集体学习《一起听与记》", -QUARTER, lesson)
    assert ledger(member) == {"group": Decimal("1.5")}
    assert Progress.objects.get(item=lesson).is_own
    reopen_activity(activity=activity, reason="重核", actor=None, now=EVENING)
    assert ledger(member) == {"self": QUARTER}
    assert HoursEntry.objects.filter(item=lesson).order_by("pk").last().earned_on == date(2026, 6, 1)


def test_what_is_studied_alone_afterwards_gives_nothing_until_the_record_is_open_again(member, lesson, activity):
    accept(activity)
    study(member, lesson, at=EVENING + timedelta(hours=1))
    assert ledger(member) == {"group": Decimal("1.5")}
    assert Progress.objects.get(item=lesson).is_own
    reopen_activity(activity=activity, reason="重核", actor=None, now=EVENING + timedelta(hours=2))
    assert ledger(member) == {"self": QUARTER}
    assert Progress.objects.get(item=lesson).is_completed


def test_half_of_it_seen_before_is_there_again_when_the_record_is_open_again(member, lesson, activity):
    Viewing(member, lesson).watch(0, 50)
    accept(activity)
    assert Progress.objects.get(item=lesson).is_completed
    reopen_activity(activity=activity, reason="重核", actor=None, now=EVENING)
    progress = Progress.objects.get(item=lesson)
    assert (progress.state, progress.spans) == ("studying", [[0, 50]])


def test_an_activity_of_another_year_leaves_the_hours_of_this_one(tree, member, lesson):
    study(member, lesson)
    long_ago = make_activity(tree.branch, starts_at=NOON - timedelta(days=365))
    tick_all(long_ago)
    studied_together(long_ago, lesson)
    accept(long_ago)
    assert ledger(member) == {"self": QUARTER, "group": Decimal("1.5")}


def test_settling_what_was_studied_together_asks_no_more_queries_for_more_people(
    tree, lesson, django_assert_max_num_queries
):
    for _ in range(20):
        make_person(tree.branch)
    activity = make_activity(tree.branch)
    tick_all(activity)
    studied_together(activity, lesson)
    with django_assert_max_num_queries(75):
        accept(activity)


DAYS = {"first": date(2026, 6, 1), "second": date(2026, 9, 1), "last_year": date(2025, 9, 1)}
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("study")),
        st.tuples(st.just("accept"), st.sampled_from(sorted(DAYS)), st.sampled_from([None, 0, 1])),
        st.tuples(st.just("reopen"), st.sampled_from(sorted(DAYS))),
    ),
    max_size=8,
)


class InWhateverOrder(TestCase):
    """`alone`: has the member studied it by now? `together`: what are the accepted records worth that say so?

    Of the deeds the third word says what a record is worth, None that the member was not there.
    """

    @settings(max_examples=15, deadline=None)
    @given(deeds=DEEDS)
    @example(deeds=[("accept", "first", 1), ("study",), ("accept", "second", 1), ("reopen", "first")])
    @example(deeds=[("study",), ("accept", "first", 1), ("accept", "first", None), ("reopen", "first")])
    def test_mark_and_hours_are_what_is_due_and_no_line_is_edited(self, deeds):
        tree = make_tree()
        member, lesson = make_person(tree.branch).member, make_item(tree.root)
        period = {"starts_on": DAYS["first"], "ends_on": THIS_YEAR[1]}
        plan = make_plan(title="计划", organisation=tree.root, items=[lesson], **period)
        publish_plan(plan, now=NOON)
        activities = {name: make_activity(tree.branch, topic=name) for name in DAYS}
        for activity in activities.values():
            studied_together(activity, lesson)
        alone, together, now, lines = False, {}, NOON, {}
        for deed in deeds:
            now += timedelta(hours=1)
            if deed[0] == "study":
                study(member, lesson, at=now)
                alone = True
            elif deed[0] == "accept":
                attended = Attended(
                    activity_id=activities[deed[1]].pk,
                    title=deed[1],
                    organisation_id=tree.branch.pk,
                    held_on=DAYS[deed[1]],
                    hours=Decimal(deed[2] or 0),
                    category="group",
                    member_ids=frozenset([] if deed[2] is None else [member.pk]),
                )
                for _ in range(2):
                    settle_attendance(attended, by=None, now=now)
                together.pop(deed[1], None)
                if deed[2] is not None:
                    together[deed[1]] = deed[2]
            else:
                for _ in range(2):
                    reverse_attendance(activity_id=activities[deed[1]].pk, reason="重核", by=None, now=now)
                together.pop(deed[1], None)
            due = {"group": Decimal(sum(together.values()))} if any(together.values()) else {}
            if alone and not together.get("first") and not together.get("second"):
                due["self"] = QUARTER
            assert ledger(member) == due
            progress = Progress.objects.filter(item=lesson).first()
            assert (progress is not None and progress.is_completed) == (alone or bool(together))
            assert (progress is not None and progress.is_own) == alone
            assert GroupMark.objects.count() == len(together)
            known = {line.pk: (line.hours, line.source_key, line.reason) for line in HoursEntry.objects.all()}
            assert lines.items() <= known.items()
            lines = known
        assert wrong_tallies() == []
