"""Who joins in the very moment in which a plan is sent out is in it some seconds later, not an hour later."""

import time
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from learning.completion.models import Enrolment
from learning.completion.overlaps import settle_overlaps
from learning.completion.recount import wrong_tallies
from learning.planning.actions import send_plan
from learning.plans.actions import make_plan
from learning.plans.models import StudyPlan
from learning.tasks import turn_cranks
from members.accounts.homes import change_home
from tests.factories import make_member, make_tree
from tests.learning.makers import NOON, THIS_YEAR, make_lesson

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = NOON + timedelta(seconds=5)


def test_who_moves_while_a_plan_is_sent_out_is_taken_in_by_the_next_turns_of_the_crank():
    tree = make_tree()
    member = make_member(tree.far)
    days = {"starts_on": THIS_YEAR[0], "ends_on": THIS_YEAR[1]}
    plan = make_plan(title="计划", organisation=tree.east, items=[make_lesson(tree.root)], **days)
    has_moved, may_end = Event(), Event()

    def move_slowly() -> None:
        try:
            with transaction.atomic():
                change_home(member_ids=[member.pk], before=tree.far, after=tree.branch, now=NOON)
                has_moved.set()
                may_end.wait(30)
        finally:
            connection.close()

    moving = Thread(target=move_slowly)
    moving.start()
    has_moved.wait(30)
    send_plan(plan=plan, actor=None, now=NOON)
    settle_overlaps(now=LATER)
    settle_overlaps(now=LATER)  # who moves is still under way: it looks again
    assert StudyPlan.objects.get(pk=plan.pk).overlaps
    may_end.set()
    moving.join(30)
    assert not is_in(plan, member)

    turn_until_settled(plan)
    assert is_in(plan, member)
    assert StudyPlan.objects.get(pk=plan.pk).overlaps is None
    assert wrong_tallies() == []


def turn_until_settled(plan) -> None:
    """Tests of another database beside this one have transactions of their own, and the server counts them together."""
    until = time.monotonic() + 120
    turn_cranks()
    while StudyPlan.objects.filter(pk=plan.pk).exclude(overlaps=None).exists() and time.monotonic() < until:
        time.sleep(0.2)
        turn_cranks()


def is_in(plan, member) -> bool:
    return Enrolment.objects.filter(plan=plan, member=member, left_on=None).exists()
