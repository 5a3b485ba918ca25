"""How something was studied is forgotten in time; that it was, and its hours, are not."""

from datetime import timedelta

import pytest

from learning.hours.models import HoursEntry
from learning.progress.models import Progress
from learning.quizzes.models import Answer, Attempt
from learning.study.forgetting import drop_detail
from members.organisation.rules import Rule
from members.privacy.retention import months_before
from tests.factories import make_person, make_tree
from tests.learning.makers import NOON, Viewing, make_lesson
from tests.learning.quiz_makers import begin, make_quiz, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


def test_traces_of_what_was_completed_go_and_completion_and_hours_stay(tree):
    member, item = make_person(tree.branch).member, make_lesson(tree.root)
    progress = Viewing(member, item).watch(0, 100)
    hours = list(HoursEntry.objects.values_list("hours", "earned_on"))
    assert progress.is_completed
    assert drop_detail(before=progress.completed_at) == 0
    assert drop_detail(before=progress.completed_at + timedelta(seconds=1)) == 1
    progress.refresh_from_db()
    assert (progress.spans, progress.beats, progress.visit) == ([], [], "")
    assert progress.is_completed
    assert progress.evidence
    assert list(HoursEntry.objects.values_list("hours", "earned_on")) == hours
    assert drop_detail(before=NOON + timedelta(days=900)) == 0


def test_what_is_being_studied_keeps_its_place_however_long_it_takes(tree):
    progress = Viewing(make_person(tree.branch).member, make_lesson(tree.root)).watch(0, 40)
    assert drop_detail(before=NOON + timedelta(days=900)) == 0
    assert Progress.objects.get().spans == progress.spans != []


def test_a_late_beat_after_the_traces_are_gone_changes_nothing(tree):
    viewing = Viewing(make_person(tree.branch).member, make_lesson(tree.root))
    viewing.watch(0, 100)
    drop_detail(before=NOON + timedelta(days=900))
    assert viewing.claim((0, 100), after=100).is_completed
    assert Progress.objects.get().spans == []


def test_a_try_that_nobody_handed_in_goes_and_one_that_was_stays(tree):
    member, quiz = make_person(tree.branch).member, make_quiz(tree.root)
    take(quiz, member, right=4)
    begin(quiz, member)
    assert drop_detail(before=NOON + timedelta(days=1)) == 1
    assert [attempt.is_passed for attempt in Attempt.objects.all()] == [True]
    assert Answer.objects.count() == 4


def test_the_retention_is_a_rule(tree):
    assert months_before(NOON, "behaviour.retention_months").isoformat() == "2026-03-01T00:00:00+08:00"
    Rule.objects.create(key="behaviour.retention_months", value=12, source="本地", effective_from="2026-01-01")
    assert months_before(NOON, "behaviour.retention_months").isoformat() == "2025-06-01T00:00:00+08:00"
