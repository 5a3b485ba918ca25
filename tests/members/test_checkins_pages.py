"""The pages of a time away: what the member, the home branch and the host see and may do, and nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.accounts.models import Member, MemberStatus
from members.accounts.names import name_key
from members.accounts.phones import seal_phone
from members.audit.models import AuditEvent
from members.checkins.actions import confirm_host, decline_host, end_spell
from members.checkins.models import MobileSpell
from members.checkins.spell_steps import State, Step
from members.organisation.kinds import EndKind, OrganisationKind, PostKind
from members.organisation.models import Participation, Post
from members.roles.models import Role
from tests.factories import (
    LONG_AGO,
    grant,
    make_account,
    make_leader,
    make_member,
    make_organisation,
    make_person,
    make_tree,
)
from tests.members.spells import make_spell

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()
SAID = {
    "destination": "云溪市临湖区",
    "reason": "work",
    "leaves_on": TODAY.isoformat(),
    "contact": "",
    "contact_name": "",
}


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    return make_person(tree.branch)


@pytest.fixture
def secretary(tree):
    leader = make_leader(tree.branch)
    Post.objects.create(member=leader.member, organisation=tree.branch, kind=PostKind.SECRETARY, since=LONG_AGO.date())
    return leader


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def away_since(days: int, user, **rest) -> MobileSpell:
    moment = NOW - timedelta(days=days)
    return make_spell(user.member, now=moment, leaves_on=timezone.localdate(moment), **rest)


def said(response) -> str:
    return response.content.decode()


# --- the member -----------------------------------------------------------------------------
def test_a_member_registers_reports_in_and_comes_back(tree, member, secretary):
    client = browser(member)
    sent = client.post("/checkins/new/", SAID | {"contact": secretary.member.number}, follow=True)
    assert "还没有报到" in said(sent)
    spell = MobileSpell.objects.get()
    assert (spell.contact_person, spell.registered_by) == (secretary.member, member)
    found = client.get(f"/checkins/{spell.pk}/report-in/", {"q": "西社区第一"})
    assert "西社区第一党支部" in said(found)
    assert "西社区党委" in said(found)
    client.post(f"/checkins/{spell.pk}/report-in/", {"q": "西社区", "host": tree.far.code})
    assert "已报到，等西社区第一党支部确认" in said(client.get("/checkins/"))
    confirm_host(spell=spell, host=tree.far, actor=None, now=NOW)
    assert "您已报到，接待组织：西社区第一党支部" in said(client.get("/checkins/"))
    client.post(f"/checkins/{spell.pk}/contact/", {"way": "phone"})
    assert spell.check_ins.get(kind=Step.CONTACT).recorded_by == member
    client.post(f"/checkins/{spell.pk}/returned/", {"ended_on": TODAY.isoformat()})
    assert "您已回来" in said(client.get("/checkins/"))


def test_what_is_sent_again_changes_nothing(tree, member, secretary):
    client = browser(member)
    for _ in range(2):
        client.post("/checkins/new/", SAID | {"contact": secretary.member.number})
    spell = MobileSpell.objects.get()
    for _ in range(2):
        client.post(f"/checkins/{spell.pk}/report-in/", {"host": tree.far.code})
        client.post(f"/checkins/{spell.pk}/contact/", {"way": "phone"})
    for _ in range(2):
        assert client.post(f"/checkins/{spell.pk}/returned/", {"ended_on": TODAY.isoformat()}).status_code == 302
    assert [step.kind for step in spell.check_ins.all()] == [Step.ARRIVAL, Step.CONTACT, Step.RETURNED]


def test_a_refused_registration_keeps_what_was_typed_and_says_why(tree, member, secretary):
    stranger = make_member(tree.far, name="何处人")
    wrong = SAID | {"returns_on": (TODAY - timedelta(days=3)).isoformat(), "contact_name": stranger.name}
    page = said(browser(member).post("/checkins/new/", wrong))
    assert "还没有保存，您写的都还在" in page
    assert "这一天比外出的日子还早" in page
    assert "这里没有叫这个名字的人" in page
    assert "云溪市临湖区" in page
    assert not MobileSpell.objects.exists()


def test_a_contact_person_is_found_by_name_in_ones_own_branch_only(tree, member):
    steppe = make_member(tree.group, name="乌云·其木格")
    Member.objects.filter(pk=steppe.pk).update(name_key=name_key(steppe.name))
    twins = [make_member(tree.branch, name="同名人") for _ in range(2)]
    client = browser(member)
    assert "请写党员编号" in said(client.post("/checkins/new/", SAID | {"contact_name": "同名人"}))
    client.post("/checkins/new/", SAID | {"contact_name": twins[1].number})
    spell = MobileSpell.objects.get()
    assert spell.contact_person == twins[1]
    client.post(f"/checkins/{spell.pk}/change/", SAID | {"contact_name": "乌云 其木格"})
    spell.refresh_from_db()
    assert spell.contact_person == steppe


def test_an_activist_is_told_that_members_register(tree):
    activist = make_person(tree.branch, status=MemberStatus.ACTIVIST)
    client = browser(activist)
    page = said(client.get("/checkins/"))
    assert "党员外出，在这里登记" in page
    assert "/checkins/new/" not in page
    assert client.post("/checkins/new/", SAID).status_code == 404


def test_staff_without_a_membership_see_the_page_too():
    assert browser(make_account()).get("/checkins/").status_code == 200


def test_an_ended_member_is_nobodys_guest_and_nobodys_task(tree, member, secretary):
    spell = away_since(200, member, host=tree.far)
    host = make_leader(tree.far)
    member.member.ended_on, member.member.ended_kind = TODAY, EndKind.DECEASED
    member.member.save()
    assert member.member.name not in said(browser(secretary).get("/branch/away/"))
    assert member.member.name not in said(browser(host).get("/branch/hosted/"))
    assert browser(secretary).get(f"/branch/away/{spell.pk}/").status_code == 404
    assert browser(host).get(f"/branch/hosted/{spell.pk}/").status_code == 404
    assert browser(member).get("/checkins/").status_code == 302


def test_one_cannot_touch_what_is_anothers(tree, member):
    spell = away_since(5, make_person(tree.branch))
    client = browser(member)
    for path, data in (
        ("change", SAID),
        ("report-in", {"host": tree.far.code}),
        ("contact", {"way": "phone"}),
        ("returned", {"ended_on": TODAY.isoformat()}),
    ):
        assert client.post(f"/checkins/{spell.pk}/{path}/", data).status_code == 404
    assert not spell.check_ins.exists()


# --- finding a host ------------------------------------------------------------------------------
def test_a_place_finds_units_named_after_it_and_shows_no_people(tree, member):
    lake = make_organisation("临湖区望桥社区党委", parent=tree.root, kind=OrganisationKind.COMMITTEE)
    make_organisation("望桥流动党员党支部", parent=lake, kind=OrganisationKind.MOBILE_BRANCH, help_name="不该出现")
    spell = away_since(5, member)
    page = said(browser(member).get(f"/checkins/{spell.pk}/report-in/"))
    assert "临湖区望桥社区党委" in page
    assert "不该出现" not in page
    assert "望桥流动党员党支部" in said(browser(member).get(f"/checkins/{spell.pk}/report-in/?q=流动"))


@pytest.mark.parametrize("kind", [OrganisationKind.FUNCTIONAL_BRANCH, OrganisationKind.HOUSEHOLD_HUB])
def test_who_has_no_duties_is_not_asked_to_receive(tree, member, kind):
    hub = make_organisation("望桥", parent=tree.west, kind=kind, is_functional=True)
    spell = away_since(5, member)
    client = browser(member)
    assert "没有找到" in said(client.get(f"/checkins/{spell.pk}/report-in/?q=望桥"))
    assert "请另选一个" in said(client.post(f"/checkins/{spell.pk}/report-in/", {"q": "社区", "host": hub.code}))


def test_home_closed_units_and_superiors_are_no_hosts(tree, member):
    make_organisation("东社区旧支部", parent=tree.west, closed_on=TODAY)
    spell = away_since(5, member)
    page = said(browser(member).get(f"/checkins/{spell.pk}/report-in/?q=东社区"))
    assert "东社区第二党支部" in page
    for name in ("东社区第一党支部", "东社区旧支部", f'value="{tree.east.code}"'):
        assert name not in page


def test_where_nothing_is_found_the_contact_person_is_named(tree, member, secretary):
    spell = away_since(5, member, contact_person=secretary.member)
    page = said(browser(member).get(f"/checkins/{spell.pk}/report-in/?q=火星"))
    assert f"请换个写法再找；或者给联系人{secretary.member.name}打电话" in page


# --- the host ----------------------------------------------------------------------------------------
def test_a_host_sees_five_facts_and_confirms(tree, member):
    contact = make_member(tree.branch, name="联系人甲", **vars(seal_phone("13812340472")))
    spell = away_since(5, member, host=tree.far, contact_person=contact, destination="机密镇")
    client = browser(make_leader(tree.far))
    for path in ("/branch/hosted/", f"/branch/hosted/{spell.pk}/"):
        page = said(client.get(path))
        for fact in (member.member.name, tree.branch.name, "务工经商", "联系人甲", "138 **** 0472"):
            assert fact in page
        for hidden in ("机密镇", "13812340472", member.member.number):
            assert hidden not in page
    for _ in range(2):
        client.post(f"/branch/hosted/{spell.pk}/", {"host": tree.far.code, "answer": "confirm"})
    spell.refresh_from_db()
    assert spell.state == State.HOSTED
    assert Participation.objects.filter(member=member.member, until=None).count() == 1


def test_the_whole_number_is_shown_on_a_page_of_its_own_and_audited(tree, member, secretary):
    member.member.phone_cipher = seal_phone("15912340000").phone_cipher
    member.member.save()
    contact = make_member(tree.branch, **vars(seal_phone("13812340472")))
    spell = away_since(5, member, host=tree.far, contact_person=contact)
    assert "13812340472" in said(browser(make_leader(tree.far)).post(f"/branch/hosted/{spell.pk}/phone/"))
    assert "15912340000" in said(browser(secretary).post(f"/branch/away/{spell.pk}/phone/"))
    seen = AuditEvent.objects.filter(action="phone.seen").values_list("object_id", flat=True)
    assert sorted(seen) == sorted([str(contact.pk), str(member.member.pk)])


def test_a_host_declines_with_a_sentence_that_the_member_reads(tree, member):
    spell = away_since(5, member, host=tree.far)
    client = browser(make_leader(tree.far))
    refused = client.post(f"/branch/hosted/{spell.pk}/", {"host": tree.far.code, "answer": "decline", "note": " "})
    assert "请写一句原因" in said(refused)
    for _ in range(2):
        sent = {"host": tree.far.code, "answer": "decline", "note": "请到社区党委报到"}
        assert client.post(f"/branch/hosted/{spell.pk}/", sent).status_code == 302
    page = said(browser(member).get("/checkins/"))
    assert "请到社区党委报到" in page
    assert "请另选一个党组织报到" in page


def test_only_the_host_that_is_asked_answers(tree, member, secretary):
    spell = away_since(5, member, host=tree.far)
    elsewhere = make_leader(tree.sibling)
    for user in (elsewhere, secretary, member):
        client = browser(user)
        assert client.get(f"/branch/hosted/{spell.pk}/").status_code == 404
        assert client.post(f"/branch/hosted/{spell.pk}/phone/").status_code == 404
        for code in (tree.far.code, tree.sibling.code):
            sent = {"host": code, "answer": "confirm"}
            assert client.post(f"/branch/hosted/{spell.pk}/", sent).status_code == 404
    spell.refresh_from_db()
    assert spell.state == State.REPORTED


def test_a_host_that_was_left_meanwhile_is_told_so(tree, member):
    spell = away_since(5, member, host=tree.far)
    client = browser(make_leader(tree.far))
    browser(member).post(f"/checkins/{spell.pk}/report-in/", {"host": tree.sibling.code})
    sent = client.post(f"/branch/hosted/{spell.pk}/", {"host": tree.far.code, "answer": "confirm"}, follow=True)
    assert "情况刚刚有了变化" in said(sent)
    assert not Participation.objects.exists()


# --- home ----------------------------------------------------------------------------------------------
def test_home_sees_who_is_away_by_name_in_words(tree, secretary):
    people = [make_person(tree.branch, name=name) for name in ("赵六", "安七", "李八")]
    away_since(200, people[0], host=tree.far)
    confirm_host(spell=MobileSpell.objects.get(), host=tree.far, actor=None, now=NOW)
    away_since(10, people[1], is_abroad=True)
    decline_host(spell=away_since(10, people[2], host=tree.far), host=tree.far, note="不便", actor=None, now=NOW)
    page = said(browser(secretary).get("/branch/away/"))
    assert "3 名党员外出" in page
    assert page.index("安七") < page.index("李八") < page.index("赵六")
    for words in (
        "由西社区第一党支部接待",
        "在国（境）外，与支部保持联系",
        "还没有报到",
        "该联系了",
        "外出已满 6 个月，请与本人商量是否转移组织关系（以全国党员管理信息系统为准）",
    ):
        assert words in page
    assert page.count("外出已满") == 1
    assert AuditEvent.objects.filter(action="away.seen", organisation=tree.branch.code).exists()


def test_a_secretary_registers_keeps_contact_and_notes_the_end(tree, member, secretary):
    client = browser(secretary)
    assert "还没有找到" in said(client.get("/branch/away/new/?who=没有这个人"))
    assert member.member.name in said(client.get(f"/branch/away/new/?who={member.member.number}"))
    sent = SAID | {"who": member.member.number, "contact": secretary.member.number}
    client.post("/branch/away/new/", sent)
    spell = MobileSpell.objects.get()
    assert client.get(f"/branch/away/new/?who={member.member.number}").url == f"/branch/away/{spell.pk}/"
    late = {"way": "phone", "happened_on": (TODAY + timedelta(days=1)).isoformat(), "note": "谈了近况"}
    assert "这一天还没有到" in said(client.post(f"/branch/away/{spell.pk}/", late))
    client.post(f"/branch/away/{spell.pk}/", late | {"happened_on": TODAY.isoformat()})
    assert "谈了近况" in said(client.get(f"/branch/away/{spell.pk}/"))
    assert "谈了近况" in said(browser(member).get("/checkins/"))
    client.post(f"/branch/away/{spell.pk}/end/", {"step": "transferred", "ended_on": TODAY.isoformat()})
    assert "仅作记录，以全国党员管理信息系统为准" in said(browser(member).get("/checkins/"))
    assert member.member.organisation_now() == tree.branch
    for _ in range(2):
        client.post(f"/branch/away/{spell.pk}/reopen/")
    spell.refresh_from_db()
    assert spell.state == State.AWAY


def test_only_people_of_the_led_units_can_be_registered(tree, secretary):
    client = browser(secretary)
    for person in (make_member(tree.far), make_member(tree.branch, status=MemberStatus.ACTIVIST)):
        assert client.post("/branch/away/new/", SAID | {"who": person.number}).status_code == 200
    assert not MobileSpell.objects.exists()


def test_home_far_away_gets_404(tree, member):
    spell = away_since(5, member)
    ended = away_since(5, make_person(tree.branch))
    end_spell(spell=ended, step=Step.RETURNED, ended_on=TODAY, actor=None, now=NOW)
    for user in (make_leader(tree.far), make_leader(tree.west, Role.ORGANISER), make_leader(tree.sibling)):
        client = browser(user)
        for path in ("", "change/", "end/"):
            assert client.get(f"/branch/away/{spell.pk}/{path}").status_code == 404
        assert client.post(f"/branch/away/{spell.pk}/phone/").status_code == 404
        assert client.post(f"/branch/away/{spell.pk}/", {"way": "phone"}).status_code == 404
        assert client.post(f"/branch/away/{ended.pk}/reopen/").status_code == 404
        assert member.member.name not in said(client.get("/branch/away/"))


def test_lists_cost_the_same_however_many_are_away(tree):
    client = browser(make_leader(tree.root, Role.ORGANISER))
    contact = make_member(tree.branch, **vars(seal_phone("13812340472")))
    asked: dict[str, set[int]] = {"/branch/away/": set(), "/branch/hosted/": set()}
    for _ in range(2):
        for days in (0, 100, 200, 300):
            unit = tree.group if days else tree.sibling
            away_since(days, make_person(unit), host=tree.far, contact_person=contact)
        for path, numbers in asked.items():
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            numbers.add(len(queries))
    assert all(len(numbers) == 1 and max(numbers) <= 17 for numbers in asked.values()), asked


def test_a_role_that_has_ended_opens_no_list(tree, member):
    given = grant(member, Role.SECRETARY, tree.branch)
    given.until = NOW - timedelta(days=1)
    given.save()
    assert browser(member).get("/branch/away/").status_code == 404
    assert browser(member).get("/branch/hosted/").status_code == 404
