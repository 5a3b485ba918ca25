"""The tree of units, the page of a unit, the page of a member: for whoever leads them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.plans.actions import make_plan
from members.accounts.membership import end_membership
from members.audit.models import AuditEvent
from members.organisation.kinds import EndKind, OrganisationKind
from members.organisation.models import Affiliation, Organisation, Participation
from members.roles.models import Role
from tests.factories import LONG_AGO, grant, make_leader, make_member, make_organisation, make_person, make_tree
from tests.learning.makers import make_lesson
from tests.members.gatherings import make_activity, tick_all
from tests.members.spells import make_spell

pytestmark = pytest.mark.django_db
TREE = "/branch/units/"


@pytest.fixture
def tree():
    return make_tree()


def page(user, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def unit_page(user, unit) -> str:
    return page(user, f"{TREE}{unit.code}/")


# --- the tree ---------------------------------------------------------------------
def test_the_tree_shows_one_level_at_a_time_by_code(tree):
    make_member(tree.group)
    organiser = make_leader(tree.root, Role.ORGANISER)
    top = page(organiser, TREE)
    assert top.index(tree.east.name) < top.index(tree.west.name)
    assert tree.branch.name not in top
    below = page(organiser, f"{TREE}?under={tree.east.code}")
    assert below.index(tree.branch.name) < below.index(tree.sibling.name)
    assert tree.group.name not in below


def test_a_leader_of_several_units_begins_with_them(tree):
    secretary = make_leader(tree.branch)
    grant(secretary, Role.SECRETARY, tree.sibling)
    top = page(secretary, TREE)
    assert tree.branch.name in top
    assert tree.sibling.name in top
    assert tree.far.name not in top


@pytest.mark.parametrize("typed", ["第一党支部", "dsqdydzb", "dong she qu di yi"])
def test_units_are_found_by_name_by_sound_and_by_initials(tree, typed):
    found = page(make_leader(tree.root, Role.ORGANISER), f"{TREE}?q={typed}")
    assert tree.branch.name in found
    assert tree.sibling.name not in found


def test_units_are_found_by_code_and_only_where_one_leads(tree):
    organiser = make_leader(tree.east, Role.ORGANISER)
    assert tree.branch.name in page(organiser, f"{TREE}?q={tree.branch.code.lower()}")
    assert tree.far.name not in page(organiser, f"{TREE}?q={tree.far.code}")
    assert "没有找到这样的组织" in page(organiser, f"{TREE}?q=没有这个")


def test_closed_units_are_shown_when_asked_for(tree):
    Organisation.objects.filter(pk=tree.sibling.pk).update(closed_on=date(2026, 2, 1))
    organiser = make_leader(tree.east, Role.ORGANISER)
    assert tree.sibling.name not in page(organiser, TREE)
    shown = page(organiser, f"{TREE}?closed=1")
    assert tree.sibling.name in shown
    assert "2026 年 2 月 1 日撤销" in shown


def test_people_are_counted_with_everything_under_a_unit(tree):
    for unit in (tree.branch, tree.group, tree.group):
        make_member(unit)
    gone = make_member(tree.branch)
    end_membership(member=gone, kind=EndKind.OTHER, ended_on=date(2026, 1, 1), actor=None, now=timezone.now())
    shown = page(make_leader(tree.east, Role.ORGANISER), TREE)
    assert '<td role="cell" class="number" data-label="人数">3</td>' in shown


def test_there_is_no_tree_for_who_leads_nothing_and_none_under_a_unit_of_others(tree):
    client = Client()
    client.force_login(make_person(tree.branch))
    assert client.get(TREE).status_code == 404
    client.force_login(make_leader(tree.branch))
    assert client.get(f"{TREE}?under={tree.far.code}").status_code == 404


# --- a unit -----------------------------------------------------------------------
def test_a_unit_says_who_belongs_to_it_and_who_takes_part_from_elsewhere(tree):
    make_member(tree.branch, name="周秀兰")
    make_member(tree.group, name="卞春和")
    guest = make_member(tree.far, name="司徒安")
    Participation.objects.create(member=guest, organisation=tree.branch, since=LONG_AGO)
    shown = unit_page(make_leader(tree.branch), tree.branch)
    assert shown.index("卞春和") < shown.index("周秀兰") < shown.index("司徒安")
    assert f"组织关系在{tree.far.name}" in shown
    assert AuditEvent.objects.filter(action="unit.seen", organisation=tree.branch.code).exists()


def test_a_search_on_the_page_of_a_committee_finds_everybody_under_it(tree):
    make_member(tree.group, name="卞春和")
    make_member(tree.far, name="卞春来")
    organiser = make_leader(tree.east, Role.ORGANISER)
    assert "卞春和" not in unit_page(organiser, tree.east)
    found = page(organiser, f"{TREE}{tree.east.code}/?q=bc")
    assert "卞春和" in found
    assert "卞春来" not in found


def test_a_functional_unit_says_that_nobody_belongs_to_it(tree):
    kind = OrganisationKind.BUILDING_GROUP
    building = make_organisation("三号楼党小组", parent=tree.branch, kind=kind, is_functional=True)
    secretary = make_leader(tree.branch)
    assert "不接组织关系" in unit_page(secretary, building)
    assert "不接组织关系" in page(secretary, TREE)


def test_what_waits_becomes_the_next_step(tree):
    secretary = make_leader(tree.branch)
    assert "写求助联系方式" in unit_page(secretary, tree.branch)
    away = make_spell(make_member(tree.branch))
    type(away).objects.filter(pk=away.pk).update(contact_due_on=timezone.localdate() - timedelta(days=1))
    assert '<a class="button" href="/branch/away/">' in unit_page(secretary, tree.branch)
    make_activity(tree.branch)
    assert '<a class="button" href="/branch/activities/">' in unit_page(secretary, tree.branch)


def test_a_unit_shows_its_next_and_last_activity_and_the_plans_under_way(tree):
    now = timezone.now()
    make_activity(tree.branch, topic="上次的党课", starts_at=now - timedelta(days=3), now=now)
    make_activity(tree.branch, topic="下次的党课", starts_at=now + timedelta(days=3), now=now)
    year = {"starts_on": date(now.year, 1, 1), "ends_on": date(now.year, 12, 31)}
    plan = make_plan(title="全年计划", organisation=tree.root, items=[make_lesson(tree.root)], **year)
    publish_plan(plan, now=now)
    shown = unit_page(make_leader(tree.branch), tree.branch)
    assert shown.index("下次的党课") < shown.index("上次的党课") < shown.index("全年计划")


def test_units_above_are_linked_only_where_one_leads_them(tree):
    assert tree.root.code not in unit_page(make_leader(tree.east, Role.ORGANISER), tree.branch)
    assert f"{TREE}{tree.east.code}/" in unit_page(make_leader(tree.root, Role.ORGANISER), tree.branch)


# --- a member ---------------------------------------------------------------------
def test_the_page_of_a_member_tells_where_they_belonged_take_part_and_study(tree):
    now = timezone.now()
    member = make_member(tree.sibling, name="许守田")
    Affiliation.objects.filter(member=member).update(until=now - timedelta(days=30))
    Affiliation.objects.create(member=member, organisation=tree.branch, since=now - timedelta(days=30))
    Participation.objects.create(member=member, organisation=tree.far, since=LONG_AGO)
    year = {"starts_on": date(now.year, 1, 1), "ends_on": date(now.year, 12, 31)}
    publish_plan(make_plan(title="全年计划", organisation=tree.root, items=[make_lesson(tree.root)], **year), now=now)
    secretary = make_leader(tree.branch)
    held = make_activity(tree.branch, topic="清理河边小路", starts_at=now - timedelta(hours=2), now=now)
    tick_all(held, now=now)
    make_spell(member, now=now, leaves_on=timezone.localdate())
    shown = page(secretary, f"/branch/people/{member.number}/")
    told = (tree.sibling.name, tree.far.name, "2020 年 1 月 1 日 至", "全年计划", "还差 1 项", "清理河边小路", "云溪市")
    assert not [said for said in told if said not in shown]


def test_activities_that_another_unit_held_are_not_told(tree):
    now = timezone.now()
    member = make_member(tree.sibling)
    held = make_activity(tree.sibling, topic="旧支部的会", starts_at=now - timedelta(hours=2), now=now)
    tick_all(held, now=now)
    Affiliation.objects.filter(member=member).update(organisation=tree.branch)
    assert "旧支部的会" not in page(make_leader(tree.branch), f"/branch/people/{member.number}/")
