"""The leader's people: cards that show their codes once, a new card for who forgot, what is decided about a member."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.completion.models import Enrolment
from learning.plans.actions import make_plan
from members.accounts.cards import new_turn, qr_code, take_turn
from members.accounts.codes import issue_code
from members.accounts.locks import locked_until
from members.accounts.membership import NotEnded, arrange_study, end_membership, reverse_end
from members.accounts.models import Member, User
from members.audit.models import AuditEvent
from members.organisation.kinds import EndKind
from members.organisation.models import Affiliation, Participation, Post
from members.roles.models import Role
from tests.factories import (
    LONG_AGO,
    PASSWORD,
    grant,
    make_account,
    make_leader,
    make_member,
    make_person,
    make_tree,
)
from tests.learning.makers import make_lesson
from tests.members.test_accounts import with_phone

pytestmark = pytest.mark.django_db
PEOPLE, CARDS = "/branch/people/", "/branch/people/cards/"
CODE = re.compile(r"\b[ACDEFHJKMNPQRTVWXY234679]{4}-[ACDEFHJKMNPQRTVWXY234679]{4}\b")


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def secretary(tree):
    return make_leader(tree.branch)


@pytest.fixture
def client(secretary):
    return signed_in(secretary)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask_cards(client: Client, *members: Member, turn: str = "", **rest):
    data = {"number": [member.number for member in members], "turn": turn or new_turn(), **rest}
    return client.post(CARDS, data)


def page_of(answer) -> str:
    return answer.content.decode()


# --- the list -----------------------------------------------------------------
def test_the_list_says_the_state_of_each_account_by_name(client, tree):
    make_member(tree.branch, name="周秀兰")
    carded = make_member(tree.group, name="卞春和")
    issue_code(member=carded, actor=None, now=timezone.now())
    there = make_person(tree.branch, name="安若谷")
    User.objects.filter(pk=there.pk).update(last_login=timezone.now())
    page = page_of(client.get(PEOPLE))
    assert page.index("安若谷") < page.index("卞春和") < page.index("周秀兰")
    assert "Has signed in" in page or "已登录过" in page
    assert "No account yet" in page or "没有账号" in page


def test_the_people_of_another_organisation_are_not_there(client, tree):
    other = make_member(tree.far, name="裴秋实")
    assert "裴秋实" not in page_of(client.get(PEOPLE))
    assert client.get(f"{PEOPLE}?unit={tree.far.code}").status_code == 404
    assert client.get(f"{PEOPLE}{other.number}/").status_code == 404
    assert signed_in(make_person(tree.branch)).get(PEOPLE).status_code == 404


def test_an_organiser_goes_down_from_unit_to_unit(tree):
    client = signed_in(make_leader(tree.east, Role.ORGANISER))
    member = make_member(tree.branch, name="顾文竹")
    page = page_of(client.get(PEOPLE))
    assert f"?unit={tree.branch.code}" in page
    assert member.name not in page
    assert member.name in page_of(client.get(f"{PEOPLE}?unit={tree.branch.code}"))


def test_the_list_costs_the_same_for_many(client, tree, django_assert_max_num_queries):
    for _each in range(30):
        make_person(tree.branch)
    client.get(PEOPLE)
    with django_assert_max_num_queries(18):
        client.get(PEOPLE)


# --- cards ----------------------------------------------------------------------
def test_a_sheet_of_cards_lets_each_in_and_is_never_stored(client, tree):
    one, two = make_member(tree.branch, name="安若谷"), make_member(tree.branch, name="卞春和")
    answer = ask_cards(client, one, two)
    codes = CODE.findall(page_of(answer))
    assert len(codes) == 2
    assert answer.headers["Cache-Control"] == "no-store"
    assert page_of(answer).count('<svg class="qr"') == 2
    for member, code in zip((one, two), codes, strict=True):
        assert code not in str(User.objects.values()) + str(AuditEvent.objects.values())
        own = Client()
        own.post("/accounts/card/", {"login": member.number, "password": code})
        assert "_auth_user_id" in own.session
    assert AuditEvent.objects.filter(action="account.card_issued", organisation=tree.branch.code).count() == 2


def test_loading_the_cards_again_issues_nothing_and_explains(client, tree):
    member, turn = make_member(tree.branch), new_turn()
    ask_cards(client, member, turn=turn)
    before = User.objects.get(username=member.number).password
    again = ask_cards(client, member, turn=turn)
    assert again.status_code == 409
    assert not CODE.search(page_of(again))
    assert User.objects.get(username=member.number).password == before
    assert ask_cards(client, member, turn="forged").status_code == 409


def test_everybody_who_has_not_signed_in_gets_one_with_one_button(client, tree):
    make_member(tree.branch)
    there = make_person(tree.branch)
    User.objects.filter(pk=there.pk).update(last_login=timezone.now())
    answer = client.post(CARDS, {"turn": new_turn(), "unit": tree.branch.code, "not_yet": "1"})
    assert len(CODE.findall(page_of(answer))) == 1
    assert signed_in(there).get("/me/").status_code == 200


def test_nobody_ticked_is_said_and_uses_up_no_turn(client, tree):
    turn = new_turn()
    assert client.post(CARDS, {"turn": turn, "unit": tree.branch.code}).status_code == 302
    assert take_turn(turn)
    assert not take_turn(turn)


def test_a_card_for_another_organisations_member_is_not_issued(client, tree):
    far = make_member(tree.far)
    ask_cards(client, far)
    assert not User.objects.filter(username=far.number).exists()
    assert signed_in(make_person(tree.branch)).post(CARDS, {"number": far.number}).status_code == 404


def test_who_may_do_more_than_the_giver_gets_no_card_from_them(client, tree, secretary):
    organiser = make_person(tree.branch)
    grant(organiser, Role.ORGANISER, tree.east)
    admin = make_person(tree.branch)
    grant(admin, Role.SECURITY_ADMIN, None)
    for user in (organiser, admin, secretary):
        page = page_of(ask_cards(client, user.member))
        assert not CODE.search(page)
        assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    under = make_leader(tree.branch)
    assert CODE.search(page_of(ask_cards(client, under.member)))


def test_the_code_on_the_paper_leads_to_the_sign_in_with_the_number_and_without_the_secret(client, tree):
    page = page_of(Client().get("/accounts/card/?number=03020019"))
    assert 'value="03020019"' in page
    drawn = qr_code("http://testserver/accounts/card/?number=03020019")
    assert drawn.size > 20
    assert drawn.path.startswith("M")


def test_a_new_card_opens_a_locked_account_and_ends_its_sessions(client, tree):
    user, now = make_person(tree.branch), timezone.now()
    open_session = signed_in(user)
    for _try in range(5):
        Client().post("/accounts/login/", {"login": user.username, "password": "nonsense"})
    until = locked_until(user, now=now)
    assert timedelta(minutes=4) < until - now < timedelta(minutes=6)
    assert timezone.localtime(until).strftime("%H:%M") in page_of(client.get(f"{PEOPLE}{user.username}/"))
    code = CODE.search(page_of(ask_cards(client, user.member))).group()
    assert locked_until(user, now=now) is None
    assert open_session.get("/me/").status_code == 302
    own = Client()
    own.post("/accounts/card/", {"login": user.username, "password": code})
    assert "_auth_user_id" in own.session


def test_who_forgot_the_password_is_told_whom_to_call():
    assert "/accounts/help/" in page_of(Client().get("/accounts/login/"))
    assert Client().get("/accounts/help/").status_code == 200


# --- one person -----------------------------------------------------------------
def test_looking_at_a_person_is_written_down_and_the_telephone_is_masked(client, tree):
    member = make_member(tree.branch)
    with_phone(member, "13812340472")
    page = page_of(client.get(f"{PEOPLE}{member.number}/"))
    assert "138 **** 0472" in page
    assert "13812340472" not in page
    assert AuditEvent.objects.get(action="person.seen").object_id == str(member.pk)


def enrolled(tree, member):
    today = timezone.localdate()
    items = [make_lesson(tree.root)]
    year = {"starts_on": date(today.year, 1, 1), "ends_on": date(today.year, 12, 31)}
    publish_plan(make_plan(title="计划", organisation=tree.root, items=items, **year), now=timezone.now())
    return Enrolment.objects.get(member=member)


def test_a_way_of_study_is_arranged_without_a_reason_and_plans_follow(client, tree):
    member = make_member(tree.branch)
    enrolment = enrolled(tree, member)
    assert enrolment.standing == "todo"
    client.post(f"{PEOPLE}{member.number}/study/", {"study_way": "paper"})
    enrolment.refresh_from_db()
    assert enrolment.standing == "by_branch"
    client.post(f"{PEOPLE}{member.number}/study/", {"study_way": "paper", "flexible_study": "on"})
    enrolment.refresh_from_db()
    assert enrolment.standing == "not_required"
    event = AuditEvent.objects.filter(action="member.study_arranged").last()
    assert (event.detail, event.organisation) == ({}, tree.branch.code)
    fresh = Member.objects.get(pk=member.pk)
    assert not arrange_study(member=fresh, study_way="paper", flexible_study=True, actor=None, now=timezone.now())


def test_an_ended_membership_ends_sign_in_sessions_and_plans_and_can_be_taken_back(client, tree):
    user, today = make_person(tree.branch), timezone.localdate()
    member = user.member
    Participation.objects.create(member=member, organisation=tree.sibling, since=LONG_AGO)
    Post.objects.create(member=member, organisation=tree.branch, kind="secretary", since=date(2024, 1, 1))
    enrolment, session = enrolled(tree, member), signed_in(user)
    answer = client.post(f"{PEOPLE}{member.number}/end/", {"kind": "transferred", "ended_on": today.isoformat()})
    assert answer.status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.left_on == today
    assert session.get("/me/").status_code == 302
    assert not Client().login(username=user.username, password=PASSWORD)
    assert not Affiliation.objects.open().filter(member=member).exists()
    assert not Post.objects.filter(member=member, until=None).exists()
    assert client.get(f"{PEOPLE}{member.number}/").status_code == 200
    assert member.name in page_of(client.get(f"{PEOPLE}ended/?unit={tree.branch.code}"))
    assert signed_in(make_leader(tree.far)).post(f"{PEOPLE}{member.number}/reopen/").status_code == 404
    client.post(f"{PEOPLE}{member.number}/reopen/")
    enrolment.refresh_from_db()
    assert enrolment.left_on is None
    assert Affiliation.objects.open().get(member=member).organisation == tree.branch
    assert Post.objects.filter(member=member, until=None).count() == 1
    assert Participation.objects.filter(member=member, until=None).count() == 1
    assert Client().login(username=user.username, password=PASSWORD)
    actions = AuditEvent.objects.filter(action__startswith="member.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["member.ended", "member.end_reversed"]


def test_an_end_needs_a_kind_and_a_day_that_has_come(client, tree):
    member = make_member(tree.branch)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for data in ({"ended_on": tomorrow, "kind": "other"}, {"kind": "other"}, {"ended_on": "2026-01-01"}):
        answer = client.post(f"{PEOPLE}{member.number}/end/", data)
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert Member.objects.get(pk=member.pk).ended_on is None


def test_ending_twice_and_taking_back_what_never_ended_are_refused(tree):
    member, now = make_member(tree.branch), timezone.now()
    given = {"member": member, "actor": None, "now": now}
    with pytest.raises(NotEnded):
        reverse_end(**given)
    end_membership(kind=EndKind.DECEASED, ended_on=timezone.localdate(now), **given)
    with pytest.raises(NotEnded):
        end_membership(kind=EndKind.OTHER, ended_on=timezone.localdate(now), **given)


def test_a_person_of_a_unit_that_ended_elsewhere_is_not_in_care_here(client, tree):
    gone = make_account(make_member(tree.far)).member
    end_membership(member=gone, kind=EndKind.OTHER, ended_on=timezone.localdate(), actor=None, now=timezone.now())
    assert client.get(f"{PEOPLE}{gone.number}/").status_code == 404


@pytest.fixture(autouse=True)
def no_counter_is_left():
    yield
    cache.clear()
