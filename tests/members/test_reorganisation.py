"""Units open, move, merge, divide and close: the past stays as it was, and open work goes along."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from content.portal.models import UnitPage
from learning.board.queries import board_of, family_of
from learning.completion.actions import publish_plan, settle
from learning.completion.models import Enrolment
from learning.completion.recount import recount, wrong_tallies
from learning.completion.tallies import fold_deltas
from learning.courses.audience import Audience
from learning.courses.models import ItemKind, StudyItem
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.plans.models import StudyPlan
from members.accounts.membership import NotEnded, end_membership, reverse_end
from members.activities.models import Activity
from members.audit.models import AuditEvent
from members.checkins.actions import confirm_host, end_spell
from members.checkins.models import MobileSpell
from members.checkins.spell_steps import State, Step
from members.feedback.about import About
from members.feedback.actions import send_feedback
from members.organisation.actions import import_organisations
from members.organisation.history import superiors_at
from members.organisation.kinds import EndKind, OrganisationKind
from members.organisation.models import Affiliation, Organisation, Participation, Placement, Post
from members.organisation.reserved_codes import RESERVED_CODES, is_reserved
from members.reorganisation.actions import (
    NotReorganised,
    change_unit,
    close_unit,
    merge_units,
    move_unit,
    open_unit,
    split_unit,
)
from members.reorganisation.models import UnitChange
from members.roles.models import Role, RoleGrant
from members.roles.policies import led_paths
from members.transfers.actions import propose_transfer
from members.transfers.models import Transfer, TransferState
from tests.authorization import patterns
from tests.factories import LONG_AGO, grant, make_leader, make_member, make_organisation, make_person, make_tree
from tests.learning.makers import THIS_YEAR, make_portal
from tests.members.gatherings import accept, make_activity, submit, tick_all
from tests.members.spells import make_spell
from tests.members.test_transfers import signed_in
from tests.members.workbooks import sheet_of

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
LAST_YEAR = date(2025, 1, 1), date(2025, 12, 31)
LAST_MAY = datetime(2025, 5, 1, 4, tzinfo=UTC)


@pytest.fixture
def tree(db):
    return make_tree()


def fresh(unit: Organisation) -> Organisation:
    return Organisation.objects.get(pk=unit.pk)


def move(unit, parent, now=NOW) -> None:
    move_unit(unit=unit, parent=parent, actor=None, now=now)


def merge(unit, into, now=NOW) -> None:
    merge_units(unit=unit, into=into, actor=None, now=now)


def close(unit, now=NOW) -> None:
    close_unit(unit=unit, actor=None, now=now)


def plan_of(unit, period=THIS_YEAR, now=NOW) -> StudyPlan:
    items = [make_item(unit)]
    plan = make_plan(title="计划", organisation=unit, starts_on=period[0], ends_on=period[1], items=items)
    publish_plan(plan, now=now)
    return plan


def make_item(unit) -> StudyItem:
    """Something to study; no page is needed for it."""
    facts = {"hours_category": "self", "completion_rule": "quiz", "published_at": LONG_AGO}
    return StudyItem.objects.create(kind=ItemKind.QUIZ, title="测一测", organisation=unit, audience="members", **facts)


def figures(plan) -> dict:
    """Every count of a plan, with the unit for which it is given."""
    while fold_deltas():
        pass
    assert wrong_tallies() == []
    return {key: number for key, number in recount().items() if key[1] == plan.pk}


# --- as of ----------------------------------------------------------------------------
def test_where_a_unit_stood_can_be_told_for_any_day(tree):
    move(tree.branch, tree.west, now=NOW)
    assert superiors_at(tree.branch, NOW - timedelta(seconds=1)) == [tree.root, tree.east]
    assert superiors_at(tree.branch, NOW) == [tree.root, tree.west]
    assert superiors_at(tree.group, NOW) == [tree.root, tree.west, tree.branch]
    assert superiors_at(tree.group, LONG_AGO - timedelta(days=1)) == []
    then = {unit.pk: unit.parent_then for unit in Organisation.objects.as_of(NOW - timedelta(seconds=1))}
    assert then[tree.branch.pk] == tree.east.pk
    assert fresh(tree.branch).get_parent() == tree.west


def test_a_closed_unit_stood_until_it_was_closed(tree):
    close(tree.far)
    assert tree.far in Organisation.objects.as_of(NOW - timedelta(seconds=1))
    assert tree.far not in Organisation.objects.as_of(NOW)
    assert fresh(tree.far).closed_on == NOW.date()


# --- open and change --------------------------------------------------------------------
def test_a_new_unit_stands_where_it_may_and_nowhere_else(tree):
    unit = open_unit(parent=tree.east, code="N1", name="新支部", kind="branch", actor=None, now=NOW, help_phone="1")
    assert unit.get_parent() == tree.east
    assert superiors_at(unit, NOW) == [tree.root, tree.east]
    for parent, code, kind in (
        (tree.east, "N1", "branch"),  # the code is taken
        (tree.east, "plans", "branch"),  # the word stands in addresses
        (tree.east, "N 2", "branch"),
        (tree.east, "N2", "group"),  # a group stands under a branch
    ):
        with pytest.raises(NotReorganised):
            open_unit(parent=parent, code=code, name="新", kind=kind, actor=None, now=NOW)
    assert Organisation.objects.count() == 8


def test_a_former_name_is_kept(tree):
    former = tree.branch.name
    assert change_unit(unit=tree.branch, name="柳荫党支部", actor=None, now=NOW)
    assert not change_unit(unit=tree.branch, name="柳荫党支部", actor=None, now=NOW)
    assert UnitChange.objects.get().former_name == former


def test_no_code_is_hidden_by_an_address():
    """What stands in addresses where a code may stand, read from the addresses of the house themselves."""
    every = [re.sub(r"<(?:\w+:)?code>", "<code>", pattern) for pattern in patterns(get_resolver())]
    before = {pattern.partition("<code>")[0] for pattern in every if "<code>" in pattern}
    words = {
        match[1]
        for pattern in every
        for start in before
        if (match := re.match(re.escape(start) + r"([0-9A-Za-z._-]+)/", pattern))
    }
    assert {"plans", "imports"} <= words
    assert words <= RESERVED_CODES


def test_a_workbook_brings_no_reserved_code_either(tree):
    sheet = sheet_of(("Plans", "计划支部", "党支部", tree.east.code, ""))
    report = import_organisations(sheet=sheet, actor=None, now=NOW)
    assert [problem.column for problem in report.problems] == ["编码"]
    assert is_reserved("PLANS")


# --- move --------------------------------------------------------------------------------
def test_a_move_never_changes_the_figures_of_last_year(tree):
    for unit in (tree.branch, tree.group, tree.sibling):
        make_member(unit)
    last = plan_of(tree.east, LAST_YEAR, now=LAST_MAY)
    of_the_root = plan_of(tree.root, LAST_YEAR, now=LAST_MAY)
    before = figures(last) | figures(of_the_root)
    leader = make_leader(tree.east, Role.ORGANISER)
    board = board_of(family_of(tree.east.code, user=leader), user=leader, plan_id=last.pk)
    move(tree.branch, tree.west)
    assert figures(last) | figures(of_the_root) == before
    leader.__dict__.pop("granted", None)
    after = board_of(family_of(tree.east.code, user=leader), user=leader, plan_id=last.pk)
    assert [(row.unit, row.counts) for row in after.rows] == [(row.unit, row.counts) for row in board.rows]
    assert after.total == board.total


def test_study_made_up_for_last_year_still_counts_where_the_unit_stood(tree):
    member = make_member(tree.branch)
    last = plan_of(tree.east, LAST_YEAR, now=LAST_MAY)
    figures(last)
    move(tree.branch, tree.west)
    member.flexible_study = True
    member.save()
    settle(member_ids=[member.pk], now=LATER)
    assert {unit for unit, *_ in figures(last)} == {tree.branch.pk, tree.east.pk, tree.root.pk}


def test_plans_that_are_not_over_follow_a_moved_unit(tree):
    member = make_member(tree.group)
    east, west, own = plan_of(tree.east), plan_of(tree.west), plan_of(tree.branch)
    move(tree.branch, tree.west, now=LATER)
    left = dict(Enrolment.objects.filter(member=member).values_list("plan", "left_on"))
    assert left == {east.pk: LATER.date(), west.pk: None, own.pk: None}
    assert tree.east.pk not in {unit for unit, *_ in figures(west)}
    assert tree.west.pk in {unit for unit, *_ in figures(west)}


@pytest.mark.parametrize(
    ("unit", "parent"), [("east", "branch"), ("branch", "group"), ("group", "east"), ("east", "east")]
)
def test_a_unit_does_not_move_where_it_cannot_stand(tree, unit, parent):
    with pytest.raises(NotReorganised):
        move(getattr(tree, unit), getattr(tree, parent))
    assert Placement.objects.filter(until=None).count() == Organisation.objects.count()


def test_a_move_told_twice_is_one(tree):
    move(tree.branch, tree.west)
    move(tree.branch, tree.west, now=LATER)
    assert tree.branch.placements.count() == 2


# --- merge -------------------------------------------------------------------------------
def test_in_a_merger_people_and_open_work_pass_over_and_the_past_stays(tree):
    member, other = make_member(tree.branch), make_member(tree.sibling)
    done, waiting = make_activity(tree.branch), make_activity(tree.branch)
    tick_all(done)
    accept(done)
    tick_all(waiting)
    submit(waiting)
    hours = list(HoursEntry.objects.order_by("pk").values())
    guest = make_spell(make_member(tree.far), host=tree.branch, is_received=True)
    asked = make_spell(make_member(tree.far), host=tree.branch)
    said = About(path="/study/", title="学习", organisation_id=tree.branch.pk, nonce="a")
    word = send_feedback(author=make_person(tree.branch), text="字太小", about=said, now=NOW)
    leader = make_leader(tree.sibling)
    merge(tree.branch, tree.sibling, now=LATER)
    assert member.organisation_now() == other.organisation_now() == tree.sibling
    assert member.organisation_at(NOW) == tree.branch
    assert Activity.objects.get(pk=done.pk).lead == tree.branch
    assert StudyItem.objects.get(activity=done).organisation == tree.branch
    assert list(HoursEntry.objects.order_by("pk").values()) == hours
    assert Activity.objects.get(pk=waiting.pk).lead == tree.sibling
    assert {spell.host for spell in MobileSpell.objects.all()} == {tree.sibling}
    word.refresh_from_db()
    assert (word.organisation, word.owner) == (tree.sibling, leader)
    assert fresh(tree.group).get_parent() == tree.sibling
    confirm_host(spell=asked, host=tree.sibling, actor=None, now=LATER)
    end_spell(spell=guest, step=Step.RETURNED, ended_on=LATER.date(), actor=None, now=LATER)
    assert not Participation.objects.filter(member=guest.member, until=None).exists()
    assert MobileSpell.objects.get(pk=asked.pk).state == State.HOSTED


def test_an_activity_that_both_held_is_led_by_the_one_that_is_left(tree):
    activity = make_activity(tree.branch)
    activity.holdings.create(organisation=tree.sibling)
    merge(tree.branch, tree.sibling)
    assert Activity.objects.get().lead == tree.sibling
    assert activity.holdings.count() == 1


def test_a_merger_never_changes_the_figures_of_last_year(tree):
    make_member(tree.branch), make_member(tree.group), make_member(tree.sibling)
    own, above = plan_of(tree.branch, LAST_YEAR, now=LAST_MAY), plan_of(tree.east, LAST_YEAR, now=LAST_MAY)
    before = figures(own) | figures(above)
    merge(tree.branch, tree.sibling)
    assert figures(own) | figures(above) == before
    assert StudyPlan.objects.get(pk=own.pk).organisation == tree.branch


def test_a_plan_that_is_not_over_goes_along_with_those_who_are_in_it(tree):
    here, there = make_member(tree.branch), make_member(tree.sibling)
    own, others = plan_of(tree.branch), plan_of(tree.sibling)
    merge(tree.branch, tree.sibling, now=LATER)
    assert StudyPlan.objects.get(pk=own.pk).organisation == tree.sibling
    assert set(own.enrolments.filter(left_on=None).values_list("member", "organisation")) == {
        (here.pk, tree.sibling.pk)
    }
    assert set(others.enrolments.filter(left_on=None).values_list("member", flat=True)) == {here.pk, there.pk}
    assert tree.branch.pk not in {unit for unit, *_ in figures(own)}


def test_waiting_transfers_go_along_and_between_the_two_nothing_is_left_to_do(tree):
    into = propose_transfer(member=make_member(tree.far), receiving=tree.branch, actor=None, now=NOW)
    out = propose_transfer(member=make_member(tree.branch), receiving=tree.far, actor=None, now=NOW)
    between = propose_transfer(member=make_member(tree.branch), receiving=tree.sibling, actor=None, now=NOW)
    merge(tree.branch, tree.sibling, now=LATER)
    kept = {each.pk: each for each in Transfer.objects.all()}
    assert (kept[into.pk].receiving, kept[into.pk].state) == (tree.sibling, TransferState.PROPOSED)
    assert (kept[out.pk].giving, kept[out.pk].state) == (tree.sibling, TransferState.PROPOSED)
    assert kept[between.pk].state == TransferState.LAPSED
    assert set(Transfer.objects.open()) == {into, out}


def test_a_guest_from_the_merged_unit_is_at_home_now(tree):
    spell = make_spell(make_member(tree.far), host=tree.sibling, is_received=True)
    merge(tree.far, tree.sibling, now=LATER)
    assert MobileSpell.objects.get(pk=spell.pk).state == State.TRANSFERRED
    assert not Participation.objects.filter(until=None).exists()


def test_who_took_part_takes_part_in_the_successor_once(tree):
    one = make_organisation(parent=tree.east, kind=OrganisationKind.FUNCTIONAL_BRANCH)
    two = make_organisation(parent=tree.east, kind=OrganisationKind.FUNCTIONAL_BRANCH)
    member, both = make_member(tree.branch), make_member(tree.branch)
    for each, unit in ((member, one), (both, one), (both, two)):
        Participation.objects.create(member=each, organisation=unit, since=LONG_AGO)
    merge(one, two)
    opened = Participation.objects.filter(until=None)
    assert sorted(opened.values_list("member", "organisation")) == sorted([(member.pk, two.pk), (both.pk, two.pk)])
    with pytest.raises(NotReorganised):
        merge(two, tree.branch)  # people belong to one of the two and only take part in the other


def test_units_that_cannot_stand_there_are_named_and_nothing_is_written(tree):
    small = make_organisation(parent=tree.east, kind=OrganisationKind.COMMITTEE)
    general = make_organisation(parent=tree.west, kind=OrganisationKind.GENERAL_BRANCH)
    with pytest.raises(NotReorganised, match=small.code):
        merge(tree.east, general)
    assert not UnitChange.objects.exists()
    assert fresh(tree.east).closed_on is None
    for into in (tree.branch, tree.group, tree.west):
        with pytest.raises(NotReorganised):
            merge(tree.branch, into)


def test_a_chain_of_mergers_leads_to_what_stands_now_and_told_twice_is_one(tree):
    merge(tree.branch, tree.sibling)
    merge(tree.branch, tree.sibling, now=LATER)
    merge(tree.sibling, tree.far, now=LATER)
    assert fresh(tree.branch).successor == fresh(tree.sibling).successor == tree.far
    assert UnitChange.objects.filter(organisation=tree.branch).count() == 1


def test_an_end_that_is_taken_back_after_a_merger_leads_to_the_successor(tree):
    member, gone = make_member(tree.branch), make_member(tree.far)
    for each in (member, gone):
        end_membership(member=each, kind=EndKind.OTHER, ended_on=NOW.date(), actor=None, now=NOW)
    merge(tree.branch, tree.sibling, now=LATER)
    close(tree.far, now=LATER)
    reverse_end(member=member, actor=None, now=LATER + timedelta(days=1))
    assert member.organisation_now() == tree.sibling
    assert Affiliation.objects.filter(member=member, organisation=tree.branch, until=NOW).exists()
    with pytest.raises(NotEnded):
        reverse_end(member=gone, actor=None, now=LATER)


# --- grants ------------------------------------------------------------------------------
def test_a_role_for_a_merged_unit_ends_and_opens_nothing_in_its_place(tree):
    leader = make_leader(tree.branch)
    merge(tree.branch, tree.sibling)
    assert RoleGrant.objects.get(user=leader).until == NOW
    leader.__dict__.pop("granted", None)
    assert led_paths(leader) == []
    assert signed_in(leader).get(f"/organise/{tree.branch.code}/").status_code == 404
    assert signed_in(leader).get(f"/organise/{tree.sibling.code}/").status_code == 404
    assert AuditEvent.objects.filter(action="role.ended").exists()


def test_a_role_that_is_given_for_a_closed_unit_opens_neither_it_nor_what_stood_under_it(tree):
    close(tree.far)
    user = make_person(tree.branch)
    grant(user, Role.ORGANISER, fresh(tree.far))
    assert led_paths(user) == []


# --- divide ------------------------------------------------------------------------------
def test_a_divided_unit_keeps_who_is_not_chosen(tree):
    stays, goes = make_member(tree.branch), make_member(tree.branch)
    Post.objects.create(member=goes, organisation=tree.branch, kind="secretary", since=LONG_AGO.date())
    out = propose_transfer(member=goes, receiving=tree.far, actor=None, now=NOW)
    last = plan_of(tree.branch, LAST_YEAR, now=LAST_MAY)
    plan = plan_of(tree.east)
    before = figures(last)
    chosen = {"member_ids": [goes.pk], "unit_codes": [tree.group.code]}
    new = split_unit(unit=tree.branch, code="N1", name="新支部", actor=None, now=LATER, **chosen)
    assert (stays.organisation_now(), goes.organisation_now()) == (tree.branch, new)
    assert new.get_parent() == tree.east
    assert fresh(tree.group).get_parent() == new
    assert Transfer.objects.get(pk=out.pk).giving == new
    assert Enrolment.objects.get(plan=plan, member=goes).organisation == new
    assert not Post.objects.filter(until=None).exists()
    assert figures(last) == before
    assert figures(plan)


def test_a_division_needs_somebody_who_goes_and_somebody_who_stays(tree):
    member, stranger = make_member(tree.branch), make_member(tree.sibling)
    for people, units in (([], []), ([member.pk], [tree.group.code]), ([stranger.pk], [])):
        with pytest.raises(NotReorganised):
            split_unit(unit=tree.branch, code="N1", name="新", member_ids=people, unit_codes=units, actor=None, now=NOW)
    assert not Organisation.objects.filter(code="N1").exists()


# --- close -------------------------------------------------------------------------------
def test_closing_is_refused_while_anything_is_open_and_names_it(tree):
    make_member(tree.branch)
    make_activity(tree.branch)
    make_spell(make_member(tree.far), host=tree.branch)
    with pytest.raises(NotReorganised) as refusal:
        close(tree.branch)
    said = str(refusal.value)
    assert len(re.findall(r"\b1\b", said)) == 4  # one member, one unit, one activity, one who reported in
    assert fresh(tree.branch).closed_on is None


def test_what_was_put_to_a_closed_unit_is_answered_above_it(tree):
    said = About(path="/study/", title="学习", organisation_id=tree.far.pk, nonce="a")
    word = send_feedback(author=make_person(tree.branch), text="字太小", about=said, now=NOW)
    leader = make_leader(tree.west, Role.ORGANISER)
    close(tree.far)
    word.refresh_from_db()
    assert (word.organisation, word.owner) == (tree.west, leader)


def test_a_closed_unit_takes_in_nobody_and_nothing(tree):
    close(tree.far)
    with pytest.raises(NotReorganised):
        move(tree.sibling, tree.far)
    with pytest.raises(NotReorganised):
        merge(tree.sibling, tree.far)
    with pytest.raises(NotReorganised):
        open_unit(parent=tree.far, code="N1", name="新", kind="group", actor=None, now=NOW)
    with pytest.raises(NotReorganised):
        move(tree.far, tree.east)


# --- addresses ---------------------------------------------------------------------------
def make_unit_page(unit, slug: str) -> UnitPage:
    page = make_portal().add_child(
        instance=UnitPage(title=unit.name, slug=slug, organisation=unit, audience=Audience.SUBTREE)
    )
    page.save_revision().publish()
    return page


def test_the_addresses_of_a_merged_unit_lead_to_its_successor(tree):
    old, new = make_unit_page(tree.branch, "old"), make_unit_page(tree.sibling, "new")
    reader, leader = make_person(tree.branch), make_leader(tree.east, Role.ORGANISER)
    last = plan_of(tree.branch, LAST_YEAR, now=LAST_MAY)
    merge(tree.branch, tree.sibling)
    answer = signed_in(reader).get(old.get_url())
    assert (answer.status_code, answer["Location"]) == (302, new.get_url())
    client = signed_in(leader)
    answer = client.get(f"/organise/{tree.branch.code}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/organise/{tree.sibling.code}/")
    assert client.get(f"/organise/{tree.branch.code}/?plan={last.pk}").status_code == 200


def test_without_a_page_of_the_successor_the_old_one_stays_for_its_people(tree):
    old = make_unit_page(tree.branch, "old")
    reader, stranger = make_person(tree.branch), make_person(tree.far)
    merge(tree.branch, tree.sibling)
    assert signed_in(reader).get(old.get_url()).status_code == 200
    assert signed_in(stranger).get(old.get_url()).status_code == 404


# --- the pages of the organiser ------------------------------------------------------------
@pytest.fixture
def client(tree) -> Client:
    return signed_in(make_leader(tree.east, Role.ORGANISER))


def page(client: Client, unit, step: str, **sent) -> str:
    address = f"/branch/units/{unit.code}/{step}/"
    answer = client.post(address, sent) if sent else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_step_is_shown_before_it_is_written(client, tree):
    member = make_member(tree.branch, name="顾文竹")
    steps = (
        (tree.east, "open", {"code": "N1", "name": "新支部", "kind": "branch"}),
        (tree.branch, "change", {"name": "柳荫党支部"}),
        (tree.branch, "split", {"code": "N2", "name": "第三党支部", "people": [member.pk]}),
        (tree.group, "move", {"to": tree.sibling.code}),
        (tree.branch, "merge", {"to": tree.sibling.code}),
    )
    for unit, step, sent in steps:
        page(client, unit, step)
        shown = page(client, unit, step, **sent)
        assert 'name="sure"' in shown, step
        assert not UnitChange.objects.filter(organisation=unit, kind__startswith=step[:4]).exists()
        assert 'name="sure"' not in page(client, unit, step, **sent, back="1")
        answer = client.post(f"/branch/units/{unit.code}/{step}/", sent | {"sure": "1"})
        assert answer.status_code == 302, step
        assert client.get(answer["Location"]).status_code == 200
    assert fresh(tree.branch).successor == tree.sibling
    assert Organisation.objects.get(code="N2").affiliations.get(until=None).member == member


def test_a_unit_that_is_in_use_cannot_be_closed_and_the_page_says_why(client, tree):
    make_member(tree.sibling)
    assert "note-act" in page(client, tree.sibling, "close")
    answer = client.post(f"/branch/units/{tree.sibling.code}/close/")
    assert answer["Location"].endswith("/close/")
    merge(tree.sibling, tree.branch)
    assert client.get(f"/branch/units/{tree.sibling.code}/close/").status_code == 404


def test_the_history_tells_how_a_unit_stood_on_a_day(client, tree):
    move(tree.group, tree.sibling, now=LATER)
    shown = client.get(f"/branch/units/{tree.group.code}/history/", {"on": NOW.date().isoformat()}).content.decode()
    assert tree.branch.name in shown
    for nonsense in ("gestern", "2026-13-45", "0001-01-01"):
        assert client.get(f"/branch/units/{tree.group.code}/history/", {"on": nonsense}).status_code == 200


def test_nobody_changes_the_top_of_their_own_part_or_what_lies_outside(client, tree):
    for step in ("move", "merge", "split", "close"):
        assert client.get(f"/branch/units/{tree.east.code}/{step}/").status_code == 404
    for step in ("open", "change", "move", "merge", "split", "close", "history"):
        assert client.get(f"/branch/units/{tree.far.code}/{step}/").status_code == 404
    assert 'name="sure"' not in page(client, tree.branch, "merge", to=tree.far.code)
    assert 'name="sure"' not in page(client, tree.branch, "move", to=tree.west.code)
    secretary = signed_in(make_leader(tree.branch))
    assert secretary.get(f"/branch/units/{tree.branch.code}/change/").status_code == 404
    assert secretary.get(f"/branch/units/{tree.branch.code}/history/").status_code == 200


def test_the_pages_cost_the_same_for_many(client, tree, django_assert_max_num_queries):
    for _each in range(20):
        make_member(tree.branch)
        make_organisation(parent=tree.east)
    for step in ("move", "merge", "split", "close", "history"):
        page(client, tree.branch, step)
        with django_assert_max_num_queries(22):
            page(client, tree.branch, step)
