"""Members ask to correct or erase, are answered by a day that is named, and see who saw their data."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from members.audit.actions import record_event
from members.audit.models import AuditEvent
from members.organisation.models import Affiliation
from members.privacy.actions import AlreadyAnswered, answer_request, ask_about_data
from members.privacy.models import DataRequest, RequestKind, RequestState
from members.privacy.sightings import sightings_of
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.members.gatherings import make_activity, tick_all
from tests.members.test_accounts import with_phone

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def person(tree):
    return make_person(tree.branch, name="顾文竹")


@pytest.fixture
def leader(tree):
    return make_leader(tree.branch, name="裴秋实")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(response) -> str:
    return response.content.decode()


def test_a_request_goes_to_who_leads_the_member_with_a_day_to_answer_by(tree, person, leader):
    client = browser(person)
    sent = client.post("/me/requests/", {"kind": "correct", "text": "入党日期应当是 1985 年"})
    assert sent.url == "/me/requests/"
    asked = DataRequest.objects.get()
    assert (asked.organisation, asked.owner) == (tree.branch, leader)
    assert asked.due_on == timezone.localdate() + timedelta(days=15)
    assert "入党日期应当是 1985 年" in said(client.get("/me/requests/"))
    assert "顾文竹" in said(browser(leader).get("/branch/requests/"))


def test_sending_twice_asks_once_and_another_one_waits_for_its_answer(person):
    client = browser(person)
    for _ in range(2):
        assert client.post("/me/requests/", {"kind": "correct", "text": "名字"}).status_code == 302
    again = client.post("/me/requests/", {"kind": "correct", "text": "还有别的"})
    assert again.status_code == 422
    assert "还有别的" in said(again)
    assert DataRequest.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"kind": "correct", "text": " "}, {"kind": "erase", "text": "x" * 2001}])
def test_what_is_missing_is_said_and_nothing_is_lost(person, sent):
    assert browser(person).post("/me/requests/", sent).status_code == 422
    assert not DataRequest.objects.exists()


def test_a_leader_answers_and_the_member_reads_it(person, leader):
    asked = ask_about_data(member=person.member, kind=RequestKind.CORRECT, text="名字", now=NOW)
    client = browser(leader)
    assert client.post(f"/branch/requests/{asked.pk}/", {"answer": " "}).status_code == 422
    done = client.post(f"/branch/requests/{asked.pk}/", {"is_done": "0", "answer": "要凭文件更正"})
    assert done.url == "/branch/requests/"
    page = said(browser(person).get("/me/requests/"))
    assert "要凭文件更正" in page
    assert "没有照办，有说明" in page
    with pytest.raises(AlreadyAnswered):
        answer_request(request=asked, is_done=True, answer="x", actor=leader, now=NOW)
    assert DataRequest.objects.get().state == RequestState.REFUSED


def test_an_erasure_names_what_stays_with_reason_and_term(tree, person, leader):
    with_phone(person.member, "13877012345")
    activity = make_activity(tree.branch)
    tick_all(activity)
    asked = ask_about_data(member=person.member, kind=RequestKind.ERASE, text="", now=NOW)
    client = browser(leader)
    assert "属于组织生活的记录" in said(client.get(f"/branch/requests/{asked.pk}/"))
    client.post(f"/branch/requests/{asked.pk}/", {"is_done": "1", "answer": "手机号已删除"})
    page = said(browser(person).get("/me/requests/"))
    for word in ("手机号已删除", "到会情况", "属于组织生活的记录", "保留到该党组织撤销", "保留到组织关系离开这里"):
        assert word in page
    person.member.refresh_from_db()
    assert person.member.phone_cipher == ""


def test_nobody_answers_oneself_and_nobody_elsewhere(tree, leader):
    asked = ask_about_data(member=leader.member, kind=RequestKind.ERASE, text="", now=NOW)
    organiser, far = make_leader(tree.east, Role.ORGANISER), make_leader(tree.far)
    assert browser(leader).get(f"/branch/requests/{asked.pk}/").status_code == 404
    assert browser(far).get(f"/branch/requests/{asked.pk}/").status_code == 404
    assert browser(organiser).get(f"/branch/requests/{asked.pk}/").status_code == 200
    assert browser(make_person(tree.branch)).get("/branch/requests/").status_code == 404


def test_the_queue_costs_a_steady_number_of_questions(tree, leader, django_assert_max_num_queries):
    for number in range(12):
        ask_about_data(member=make_member(tree.branch), kind=RequestKind.ERASE, text=str(number), now=NOW)
    client = browser(leader)
    client.get("/branch/requests/")
    with django_assert_max_num_queries(16):
        client.get("/branch/requests/")


def seen_by(user) -> list[tuple[str, str]]:
    return [(line.who, line.what) for line in sightings_of(user)[0]]


def test_the_member_reads_which_duty_of_which_unit_looked(tree, person, leader):
    client = browser(leader)
    client.get("/branch/people/")
    client.get(f"/branch/people/{person.member.number}/")
    client.post(f"/branch/people/{person.member.number}/phone/")
    who = f"{tree.branch.name}，支部书记"
    assert {(who, "查看了一位同志"), (who, "查看了单位人员")} <= {*seen_by(person)} or len(seen_by(person)) == 3
    page = said(browser(person).get("/me/seen/"))
    assert who in page
    assert "裴秋实" not in page


def test_a_list_counts_for_who_stood_on_it_that_day_and_for_nobody_else(tree, person, leader):
    elsewhere, later = make_person(tree.sibling), make_person(tree.branch)
    Affiliation.objects.filter(member=later.member).update(since=timezone.now() + timedelta(days=1))
    record_event("people.seen", now=NOW, actor=leader, organisation=tree.branch.code)
    record_event("board.exported", now=NOW, actor=leader, organisation=tree.east.code)
    record_event("people.seen", now=NOW, actor=leader, organisation=tree.east.code)  # who belongs to it directly
    assert len(seen_by(person)) == 2
    assert len(seen_by(elsewhere)) == 1
    assert seen_by(later) == []
    assert seen_by(make_person(tree.far)) == []


def test_people_of_a_group_stand_on_the_list_of_their_branch(tree, leader):
    record_event("people.seen", now=NOW, actor=leader, organisation=tree.branch.code)
    assert len(seen_by(make_person(tree.group))) == 1


def test_who_reads_the_people_of_an_activity_is_seen_by_those_on_it(tree, person, leader):
    activity = make_activity(tree.branch)
    tick_all(activity)
    record_event("activity.people_seen", now=NOW, actor=leader, about=activity, organisation=tree.branch.code)
    assert len(seen_by(person)) == 1
    assert seen_by(make_person(tree.branch)) == []


def test_the_same_on_one_day_stands_once_and_what_one_did_oneself_not_at_all(tree, person, leader):
    for _ in range(3):
        record_event("person.seen", now=NOW, actor=leader, about=person.member)
    record_event("person.seen", now=NOW, actor=person, about=person.member)
    assert len(seen_by(person)) == 1


def test_the_page_costs_a_steady_number_of_questions(tree, person, leader, django_assert_max_num_queries):
    for number in range(30):
        record_event("person.seen", now=NOW - timedelta(days=number), actor=leader, about=person.member)
    client = browser(person)
    client.get("/me/seen/")
    with django_assert_max_num_queries(55):  # one for each kind of thing that is about somebody
        client.get("/me/seen/")


def test_a_whole_number_is_shown_by_a_click_that_is_written_down(tree, person, leader):
    with_phone(person.member, "13877012345")
    client, at = browser(leader), f"/branch/people/{person.member.number}/"
    assert "13877012345" not in said(client.get(at))
    assert client.get(f"{at}phone/").status_code == 405
    assert "13877012345" in said(client.post(f"{at}phone/"))
    assert AuditEvent.objects.filter(action="phone.seen", object_id=str(person.member.pk)).count() == 1
    assert browser(make_leader(tree.far)).post(f"{at}phone/").status_code == 404
