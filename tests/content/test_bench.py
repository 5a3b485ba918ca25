"""The secretary's page: what is to be done, what is coming, what waits; for leaders only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from learning.completion.helping import ask_for_help
from learning.completion.models import HelpReason
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.members.gatherings import make_activity, submit, tick_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def now():
    return timezone.now()


def bench(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("content:branch")).content.decode()


def test_only_leaders_have_a_bench(client, tree):
    client.force_login(make_person(tree.branch))
    assert client.get(reverse("content:branch")).status_code == 404
    client.force_login(make_leader(tree.branch))
    assert client.get(reverse("content:branch")).status_code == 200


def test_a_secretary_finds_what_is_open_and_what_is_coming(client, tree, now):
    secretary = make_leader(tree.branch)
    make_activity(tree.branch, topic="还没记完的党课", starts_at=now - timedelta(days=1), now=now)
    make_activity(tree.group, topic="小组会还没记", starts_at=now - timedelta(days=2), now=now)
    make_activity(tree.branch, topic="下周的主题党日", starts_at=now + timedelta(days=7), now=now)
    make_activity(tree.sibling, topic="别的支部", starts_at=now - timedelta(days=1), now=now)
    page = bench(client, secretary)
    for topic in ("还没记完的党课", "小组会还没记", "下周的主题党日"):
        assert topic in page
    assert "别的支部" not in page
    assert reverse("learning:board_unit", args=[tree.branch.code]) in page


def test_the_committee_finds_what_waits_and_not_the_drafts_of_its_branches(client, tree, now):
    make_member(tree.branch)
    waiting = make_activity(tree.branch, topic="交上来的记录", starts_at=now - timedelta(days=1), now=now)
    tick_all(waiting)
    submit(waiting, now=now)
    make_activity(tree.branch, topic="支部自己的草稿", starts_at=now - timedelta(days=1), now=now)
    page = bench(client, make_leader(tree.east, Role.ORGANISER))
    assert "交上来的记录" in page
    assert "支部自己的草稿" not in page
    assert "交上来的记录" not in bench(client, make_leader(tree.west, Role.ORGANISER))


def test_an_activity_under_way_offers_its_code(client, tree, now):
    activity = make_activity(tree.branch, starts_at=now + timedelta(hours=1), now=now)
    assert reverse("activities:code", args=[activity.pk]) in bench(client, make_leader(tree.branch))


def test_the_bench_costs_the_same_for_one_activity_and_for_twenty(client, tree, now, django_assert_max_num_queries):
    secretary = make_leader(tree.branch)
    client.force_login(secretary)
    for place in range(20):
        make_activity(tree.branch, starts_at=now - timedelta(days=place - 10, hours=3), now=now)
    with django_assert_max_num_queries(28):
        client.get(reverse("content:branch"))


def test_the_bench_says_how_many_need_help(client, tree, now):
    secretary, person = make_leader(tree.branch), make_member(tree.branch)
    assert "人需要帮助" not in bench(client, secretary)
    ask_for_help(member=person, reason=HelpReason.CONTACT, actor=secretary, now=now)
    ask_for_help(member=make_member(tree.sibling), reason=HelpReason.CONTACT, actor=None, now=now)
    assert "1 人需要帮助" in bench(client, secretary)
