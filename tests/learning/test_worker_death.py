"""A process killed with -9 loses nothing: what was to be done stands in rows, and the sweep does it."""

import json
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from learning.board.figures import exact_counts
from learning.completion.actions import publish_plan
from learning.completion.models import Delta, Enrolment
from learning.completion.recount import wrong_tallies
from learning.completion.standing import Standing
from learning.completion.tallies import fold_deltas
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.study.visits import open_visit
from learning.tasks import turn_cranks
from tests.factories import make_member, make_person, make_tree
from tests.learning import dying
from tests.learning.makers import NOON, PACE, THIS_YEAR, make_lesson

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tree():
    return make_tree()


def plan_of(tree, item):
    plan = make_plan(title="计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[item])
    publish_plan(plan, now=NOON)
    return plan


def killed(process) -> bool:
    return process.wait(60) == -signal.SIGKILL


def test_killed_after_the_commit_and_before_the_wake_up(tree):
    person, item = make_person(tree.branch), make_lesson(tree.root, seconds=60)
    plan = plan_of(tree, item)
    fold_deltas()
    opened = timezone.now() - timedelta(minutes=2)
    visit = open_visit(member_id=person.member.pk, item_id=item.pk, pace=PACE, now=opened)
    said = {"visit": visit, "seq": 1, "spans": [[0, 60]], "position": 60, "at": 120_000}
    assert killed(dying.start("after_the_commit_before_the_wake_up", beat=json.dumps(said)))

    assert Enrolment.objects.get(member=person.member).standing == Standing.DONE
    assert HoursEntry.objects.filter(member=person.member).count() == 1
    assert exact_counts(plan, [tree.root])[tree.root.pk].done == 1
    turn_cranks()
    assert not Delta.objects.exists()
    assert exact_counts(plan, [tree.root])[tree.root.pk].done == 1
    assert wrong_tallies() == []


def test_killed_in_the_middle_of_a_fold(tree):
    for unit in (tree.branch, tree.far):
        make_member(unit)
    plan_of(tree, make_lesson(tree.root, seconds=60))
    waiting = Delta.objects.count()
    assert killed(dying.start("in_the_middle_of_a_fold"))

    assert Delta.objects.count() == waiting
    assert wrong_tallies() == []
    turn_cranks()
    assert not Delta.objects.exists()
    assert wrong_tallies() == []


def test_killed_at_any_moment_while_others_go_on_counting(tree):
    item = make_lesson(tree.root, seconds=60)
    for number in range(6):
        process = dying.start("folding_until_killed")
        process.stdout.readline()
        for _ in range(4):
            make_member(tree.branch if number % 2 else tree.far)
        plan_of(tree, item)
        time.sleep(0.02 * number)
        process.kill()
        assert killed(process)
        assert wrong_tallies() == []
    turn_cranks()
    assert not Delta.objects.exists()
    assert wrong_tallies() == []
