"""Once a night the figures are counted anew: what differs is told, and nothing is mended by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from config.diagnosis import findings

from learning.completion.actions import publish_plan
from learning.completion.models import NightlyCheck, Tally
from learning.completion.nightly import CHECKS, nightly_checks
from learning.completion.recount import wrong_tallies
from learning.completion.tallies import fold_deltas
from learning.plans.actions import make_plan
from members.audit.models import AuditEvent
from members.messages.models import Message
from members.roles.models import Role
from tests.factories import grant, make_member, make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, make_lesson

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 6, 1, 18, 30, tzinfo=UTC)  # half past two here


@pytest.fixture
def tree():
    tree = make_tree()
    make_member(tree.branch)
    period = {"starts_on": THIS_YEAR[0], "ends_on": THIS_YEAR[1]}
    publish_plan(make_plan(title="计划", organisation=tree.root, items=[make_lesson(tree.root)], **period), now=NOON)
    fold_deltas()
    return tree


def test_a_night_looks_once_at_everything(tree):
    assert nightly_checks(now=NIGHT - timedelta(hours=2)) == []  # not yet
    assert {check.subject: check.wrong for check in nightly_checks(now=NIGHT)} == dict.fromkeys(CHECKS, 0)
    assert nightly_checks(now=NIGHT + timedelta(hours=5)) == []
    assert len(nightly_checks(now=NIGHT + timedelta(days=1))) == len(CHECKS)
    assert not Message.objects.exists()


def test_a_figure_that_differs_is_told_to_the_system_administrator_and_left_as_it_is(tree):
    administrator = make_person(tree.branch)
    grant(administrator, Role.SYSTEM_ADMIN, None)
    Tally.objects.filter(organisation=tree.root, plan_item=None).update(members=99)
    found = {check.subject: check.wrong for check in nightly_checks(now=NIGHT)}
    assert found == dict.fromkeys(CHECKS, 0) | {"tallies": 1}
    assert "有 1 个统计数和明细对不上" in Message.objects.get(to=administrator.member).text
    assert AuditEvent.objects.get(action="figures.differ").detail == {"subject": "tallies", "wrong": 1}
    assert len(wrong_tallies()) == 1
    said = {finding.subject: finding for finding in findings()}["夜间核对 nightly"]
    assert said.state == "bad"
    assert "2026-06-02" in said.sentence


def test_the_doctor_says_when_the_nights_pass_without_a_check(tree):
    nightly_checks(now=NIGHT)
    said = {finding.subject: finding for finding in findings()}["夜间核对 nightly"]
    assert said.state == "bad"
    assert NightlyCheck.objects.count() == len(CHECKS)
