"""Who needs help says so, or their leader does; it is counted beside the rest, seen by who leads, and cleared."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from learning.board.figures import exact_counts
from learning.completion.actions import align_plan, publish_plan
from learning.completion.helping import ask_for_help, clear_help
from learning.completion.models import HelpNote, HelpReason
from learning.completion.recount import wrong_days, wrong_help, wrong_tallies
from learning.completion.tallies import fold_deltas
from learning.plans.actions import make_plan
from members.accounts.membership import end_membership, reverse_end
from members.audit.models import AuditEvent
from members.messages.actions import deliver_due, mute
from members.messages.models import Message
from members.organisation.kinds import EndKind
from members.organisation.models import Affiliation
from members.privacy.erasing import erase_member
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, make_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def person(tree):
    return make_person(tree.branch, name="方静宜")


@pytest.fixture
def secretary(tree):
    return make_leader(tree.branch, name="安若谷")


@pytest.fixture
def plan(tree, person, secretary):
    plan = make_plan(
        title="年度计划",
        organisation=tree.root,
        starts_on=THIS_YEAR[0],
        ends_on=THIS_YEAR[1],
        items=[make_lesson(tree.root, title="第一课")],
    )
    publish_plan(plan, now=NOON)
    return plan


def in_need(plan, unit) -> int:
    counted = exact_counts(plan, [unit])[unit.pk]
    assert wrong_tallies() == []
    assert wrong_days() == []
    assert wrong_help() == 0
    return counted.needs_help


def asks(person, *, reason=HelpReason.SIGN_IN, now=NOON):
    return ask_for_help(member=person.member, reason=reason, actor=person, now=now)


def test_whoever_asks_is_counted_at_every_node_beside_the_sum(tree, plan, person):
    members = exact_counts(plan, [tree.root])[tree.root.pk].members
    assert asks(person)
    assert [in_need(plan, unit) for unit in (tree.branch, tree.east, tree.root, tree.west)] == [1, 1, 1, 0]
    fold_deltas()
    assert [in_need(plan, unit) for unit in (tree.branch, tree.east, tree.root, tree.west)] == [1, 1, 1, 0]
    assert exact_counts(plan, [tree.root])[tree.root.pk].members == members


def test_asking_twice_is_one_note_and_another_reason_changes_it(plan, person):
    assert asks(person)
    assert not asks(person)
    assert asks(person, reason=HelpReason.CONTACT)
    assert HelpNote.objects.get().reason == HelpReason.CONTACT


def test_who_was_helped_may_ask_again(tree, plan, person, secretary):
    asks(person)
    assert clear_help(member=person.member, actor=secretary, now=NOON)
    assert not clear_help(member=person.member, actor=secretary, now=NOON)
    assert in_need(plan, tree.root) == 0
    asks(person, now=NOON + timedelta(days=1))
    assert in_need(plan, tree.root) == 1
    assert HelpNote.objects.count() == 2


def test_a_note_goes_along_and_stops_with_the_membership_until_that_is_taken_back(tree, plan, person, secretary):
    asks(person)
    end_membership(member=person.member, kind=EndKind.TRANSFERRED, ended_on=NOON.date(), actor=secretary, now=NOON)
    assert in_need(plan, tree.root) == 0
    assert not HelpNote.objects.led_by(secretary).exists()
    reverse_end(member=person.member, actor=secretary, now=NOON)
    assert in_need(plan, tree.branch) == 1


def test_who_joins_a_plan_later_brings_the_note(tree, plan):
    member = make_member(tree.branch)
    ask_for_help(member=member, reason=HelpReason.NO_PHONE, actor=None, now=NOON)
    align_plan(plan, now=NOON)
    assert in_need(plan, tree.branch) == 1


def test_a_member_says_so_with_one_button_and_takes_it_back(client, plan, person):
    client.force_login(person)
    assert "/study/help/" in client.get("/study/").content.decode()
    assert client.post("/study/help/", {}).status_code == 422
    assert client.post("/study/help/", {"reason": "contact"}).url == "/study/"
    said = client.get("/study/").content.decode()
    assert "您需要帮助，正在告诉安若谷" in said
    deliver_due(now=timezone.now())
    for page in ("/study/", "/study/help/"):
        assert "您需要帮助，已经告诉安若谷" in client.get(page).content.decode()
    note = HelpNote.objects.get()
    assert (note.member, note.set_by) == (person.member, person)
    assert client.post("/study/help/", {"clear": "1"}).url == "/study/"
    assert HelpNote.objects.get().cleared_by == person


def test_the_leader_reads_it_first_on_the_list_of_the_branch(client, tree, plan, person, secretary):
    asks(person, reason=HelpReason.PHONE)
    client.force_login(secretary)
    said = client.get(f"/organise/{tree.branch.code}/").content.decode()
    assert "有 1 人需要帮助" in said
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*方静宜(?:(?!</tr>).)*</tr>", said, re.DOTALL)[0]
    assert "需要帮助" in row
    assert "手机号换了，收不到提醒。还差 1 项：第一课" in row
    seen = client.get(f"/organise/{tree.branch.code}/people/{person.member.number}/").content.decode()
    assert "手机号换了，收不到提醒" in seen


def test_the_leader_notes_it_and_that_it_is_done(client, tree, plan, person, secretary):
    client.force_login(secretary)
    path = f"/organise/{tree.branch.code}/people/{person.member.number}/help/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": "gossip"}).status_code == 422
    assert client.post(path, {"reason": "no_phone"}).status_code == 302
    assert in_need(plan, tree.branch) == 1
    assert client.post(path, {"clear": "1"}).status_code == 302
    assert in_need(plan, tree.branch) == 0
    said = set(AuditEvent.objects.filter(organisation=tree.branch.code).values_list("action", flat=True))
    assert {"help.asked", "help.cleared", "board.person_seen"} <= said


def test_nobody_else_reads_or_writes_it(client, tree, plan, person):
    asks(person)
    path = f"/organise/{tree.branch.code}/people/{person.member.number}/help/"
    for other in (make_person(tree.branch), make_leader(tree.sibling), make_leader(tree.west)):
        client.force_login(other)
        assert client.get(path).status_code == 404
        assert client.post(path, {"clear": "1"}).status_code == 404
        assert not HelpNote.objects.led_by(other).exists()
        assert "您需要帮助" not in client.get("/study/").content.decode()
    assert HelpNote.objects.open().count() == 1


def test_where_the_member_belongs_now_it_is_read(tree, plan, person, secretary):
    asks(person)
    Affiliation.objects.filter(member=person.member).update(organisation=tree.far)
    assert not HelpNote.objects.led_by(secretary).exists()
    assert HelpNote.objects.led_by(make_leader(tree.far)).exists()


# --- who is told ----------------------------------------------------------------------
def told(leader) -> list[Message]:
    deliver_due(now=NOON + timedelta(days=30))
    return list(Message.objects.visible_to(leader).filter(topic__startswith="study.help/"))


def test_who_leads_the_branch_is_told_once_for_each_request(client, tree, person, secretary):
    deputy, above = make_leader(tree.branch), make_leader(tree.east, Role.ORGANISER)
    asks(person)
    asks(person, reason=HelpReason.CONTACT)
    [message] = told(secretary)
    assert len(told(deputy)) == 1
    assert not told(above)
    assert person.member.name not in message.title + message.text + message.link
    assert person.member.number not in message.link
    client.force_login(secretary)
    there = client.get(message.link, follow=True)
    assert "方静宜需要帮助" in there.content.decode()
    clear_help(member=person.member, actor=person, now=NOON)
    assert client.get(message.link).url == f"/branch/people/{person.member.number}/"
    asks(person, now=NOON + timedelta(days=1))
    assert len(told(secretary)) == 2


def test_where_nobody_leads_the_branch_the_next_above_is_told(tree, person):
    above = make_leader(tree.east, Role.ORGANISER)
    asks(person)
    assert len(told(above)) == 1


def test_a_secretary_who_asks_is_led_from_above(tree, secretary):
    above = make_leader(tree.east, Role.ORGANISER)
    ask_for_help(member=secretary.member, reason=HelpReason.CONTACT, actor=secretary, now=NOON)
    assert not told(secretary)
    assert len(told(above)) == 1


def test_who_notes_it_is_not_told_what_they_wrote(tree, person, secretary):
    above = make_leader(tree.east, Role.ORGANISER)
    ask_for_help(member=person.member, reason=HelpReason.NO_PHONE, actor=secretary, now=NOON)
    assert not [*told(secretary), *told(above)]
    other = make_person(tree.branch)
    ask_for_help(member=other.member, reason=HelpReason.NO_PHONE, actor=above, now=NOON)
    assert len(told(secretary)) == 1


def test_the_member_reads_that_somebody_was_told_only_where_that_is_true(client, person, secretary):
    mute(member=secretary.member, topic="study.help", now=NOON)
    asks(person)
    assert not told(secretary)
    client.force_login(person)
    for page in ("/study/", "/study/help/"):
        said = client.get(page).content.decode()
        assert "您需要帮助，已经记在支部的名单上" in said
        assert "安若谷" not in said


def test_the_member_is_told_when_help_was_given_and_not_what_they_did_themselves(person, secretary):
    asks(person)
    clear_help(member=person.member, actor=secretary, now=NOON)
    [message] = told(person)
    assert "手机" not in message.text
    assert "登录不了" in message.text
    assert message.link == "/study/help/"
    asks(person, now=NOON + timedelta(days=1))
    clear_help(member=person.member, actor=person, now=NOON + timedelta(days=1))
    assert len(told(person)) == 1


def test_the_way_to_the_request_is_open_to_who_leads_and_ends_with_an_erasure(client, tree, person, secretary):
    asks(person)
    [message] = told(secretary)
    for other in (person, make_leader(tree.sibling), make_leader(tree.west)):
        client.force_login(other)
        assert client.get(message.link).status_code == 404
    client.force_login(secretary)
    assert client.get(message.link).url == f"/organise/{tree.branch.code}/people/{person.member.number}/help/"
    end_membership(member=person.member, kind=EndKind.OTHER, ended_on=NOON.date(), actor=secretary, now=NOON)
    erase_member(member=person.member, actor=secretary, now=NOON)
    assert client.get(message.link).status_code == 404
