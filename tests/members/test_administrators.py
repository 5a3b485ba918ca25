"""Three administrators, each with a job of their own: accounts, roles, the log. None can do another's."""

from io import BytesIO

import openpyxl
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.accounts.models import User
from members.audit.actions import record_event
from members.audit.models import AuditEvent
from members.organisation.rules import Rule
from members.roles.actions import NotGranted, grant_role
from members.roles.models import Role, RoleGrant
from tests.factories import LONG_AGO, PASSWORD, grant, make_account, make_leader, make_member, make_person, make_tree

pytestmark = pytest.mark.django_db
ACCOUNTS, ROLES, LOG = "/accounts/people/", "/accounts/roles/", "/accounts/audit/"
DOORS = {Role.SYSTEM_ADMIN: ACCOUNTS, Role.SECURITY_ADMIN: ROLES, Role.AUDIT_ADMIN: LOG}


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def demo():
    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=LONG_AGO.date())


def administrator(role: Role) -> User:
    user = make_account()
    grant(user, role, None)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def system(demo):
    return signed_in(administrator(Role.SYSTEM_ADMIN))


@pytest.fixture
def security(demo):
    return signed_in(administrator(Role.SECURITY_ADMIN))


@pytest.fixture
def auditor(demo):
    return signed_in(administrator(Role.AUDIT_ADMIN))


# --- the doors --------------------------------------------------------------------
@pytest.mark.parametrize("role", DOORS)
def test_each_door_opens_to_one_administrator(demo, tree, role):
    client = signed_in(administrator(role))
    for other, door in DOORS.items():
        assert client.get(door).status_code == (200 if other == role else 403)
    assert DOORS[role] in client.get("/me/").content.decode()
    assert signed_in(make_leader(tree.root, Role.ORGANISER)).get(DOORS[role]).status_code == 403


@pytest.mark.parametrize("role", DOORS)
def test_without_a_second_step_no_door_opens(role):
    user = administrator(role)
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert client.get(DOORS[role]).headers["Location"] == reverse("mfa_activate_totp")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert client.get(DOORS[role]).headers["Location"].startswith(reverse("mfa_reauthenticate"))


# --- accounts -----------------------------------------------------------------------
def test_an_account_is_found_by_the_beginning_of_its_number(system, tree):
    make_person(tree.branch, number="03020019", name="顾文竹")
    assert "顾文竹" in system.get(f"{ACCOUNTS}?q=0302").content.decode()
    assert "顾文竹" not in system.get(f"{ACCOUNTS}?q=0303").content.decode()


def test_a_staff_account_is_made_gets_a_card_and_can_do_nothing_yet(system):
    answer = system.post(f"{ACCOUNTS}new/", {"username": "luosheng", "display_name": "罗生"})
    user = User.objects.get(username="luosheng")
    assert answer.headers["Location"] == f"{ACCOUNTS}{user.pk}/"
    turn = system.get(f"{ACCOUNTS}{user.pk}/").context["turn"]
    sheet = system.post(f"{ACCOUNTS}{user.pk}/card/", {"turn": turn})
    assert "luosheng" in sheet.content.decode()
    assert User.objects.get(pk=user.pk).must_choose_password
    assert system.post(f"{ACCOUNTS}{user.pk}/card/", {"turn": turn}).status_code == 409
    assert not RoleGrant.objects.filter(user=user).exists()


@pytest.mark.parametrize("username", ["", "03020019", "9ab", "A", "有字", "a" * 30])
def test_a_short_name_can_never_be_taken_for_a_members_number(system, username):
    answer = system.post(f"{ACCOUNTS}new/", {"username": username, "display_name": "罗生"})
    assert answer.status_code == 200
    assert "罗生" in answer.content.decode()


def test_a_name_that_is_taken_is_said_in_the_form(system):
    make_account(username="luosheng")
    answer = system.post(f"{ACCOUNTS}new/", {"username": "luosheng", "display_name": "罗生"})
    assert answer.context["form"].errors["username"]


def test_a_members_card_comes_from_the_secretary_unless_the_member_has_a_role(system, tree):
    member, leader = make_person(tree.branch), make_leader(tree.branch)
    for user, is_given in ((member, False), (leader, True)):
        turn = system.get(f"{ACCOUNTS}{user.pk}/").context["turn"]
        system.post(f"{ACCOUNTS}{user.pk}/card/", {"turn": turn})
        assert User.objects.get(pk=user.pk).must_choose_password is is_given


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(system, tree):
    user = make_person(tree.branch)
    session = signed_in(user)
    system.post(f"{ACCOUNTS}{user.pk}/state/", {"open": "0"})
    assert session.get("/me/").status_code == 302
    system.post(f"{ACCOUNTS}{user.pk}/state/", {"open": "1"})
    assert Client().login(username=user.username, password=PASSWORD)
    events = AuditEvent.objects.filter(action__in=["account.closed", "account.opened"])
    assert list(events.order_by("pk").values_list("action", flat=True)) == ["account.closed", "account.opened"]


def test_nobody_closes_themselves(system):
    own = User.objects.get(pk=system.session["_auth_user_id"])
    system.post(f"{ACCOUNTS}{own.pk}/state/", {"open": "0"})
    assert User.objects.get(pk=own.pk).is_active


# --- roles ----------------------------------------------------------------------------
def test_a_role_is_read_once_more_and_then_given(security, tree):
    user = make_person(tree.branch)
    data = {"who": user.username, "role": Role.SECRETARY, "unit": tree.branch.name}
    asked = security.post(f"{ROLES}new/", data)
    assert asked.context["asked"]["organisation"] == tree.branch
    assert not RoleGrant.objects.filter(user=user).exists()
    assert security.post(f"{ROLES}new/", data | {"unit": tree.branch.code, "sure": "1"}).status_code == 302
    given = RoleGrant.objects.get(user=user)
    assert (given.role, given.organisation, given.until) == (Role.SECRETARY, tree.branch, None)
    security.post(f"{ROLES}{given.pk}/end/")
    given.refresh_from_db()
    assert given.until is not None


@pytest.mark.parametrize(
    ("who", "role", "unit", "field"),
    [
        ("nobody", "secretary", "{branch}", "who"),
        ("{user}", "secretary", "", "unit"),
        ("{user}", "secretary", "社区", "unit"),
        ("{user}", "secretary", "没有的", "unit"),
        ("{user}", "audit_admin", "{branch}", "unit"),
        ("{user}", "king", "{branch}", "role"),
    ],
)
def test_what_does_not_fit_is_said_where_it_stands(security, tree, who, role, unit, field):
    user = make_person(tree.branch)
    fill = {"{user}": user.username, "{branch}": tree.branch.code}
    data = {"who": fill.get(who, who), "role": role, "unit": fill.get(unit, unit), "sure": "1"}
    answer = security.post(f"{ROLES}new/", data)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not RoleGrant.objects.filter(user=user).exists()


def test_nobody_gives_or_ends_a_role_of_their_own(security, tree):
    own = User.objects.get(pk=security.session["_auth_user_id"])
    answer = security.post(
        f"{ROLES}new/", {"who": own.username, "role": "secretary", "unit": tree.branch.code, "sure": "1"}
    )
    assert answer.context["form"].errors["who"]
    held = RoleGrant.objects.get(user=own)
    security.post(f"{ROLES}{held.pk}/end/")
    assert RoleGrant.objects.get(user=own).until is None


def test_nobody_is_two_administrators(tree):
    user, now = administrator(Role.SYSTEM_ADMIN), timezone.now()
    for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        with pytest.raises(NotGranted):
            grant_role(user=user, role=role, organisation=None, actor=None, now=now)
    again = grant_role(user=user, role=Role.SYSTEM_ADMIN, organisation=None, actor=None, now=now)
    assert again.role == Role.SYSTEM_ADMIN
    assert grant_role(user=user, role=Role.EDITOR, organisation=tree.root, actor=None, now=now)


def test_roles_are_listed_by_unit_and_can_be_narrowed(security, tree, django_assert_max_num_queries):
    near, far = make_leader(tree.branch), make_leader(tree.far)
    page = security.get(f"{ROLES}?unit={tree.branch.code}").content.decode()
    assert near.username in page
    assert far.username not in page
    for _each in range(20):
        make_leader(tree.branch)
    with django_assert_max_num_queries(14):
        security.get(ROLES)


# --- the log ----------------------------------------------------------------------------
def lines(client: Client, query: str = "") -> list:
    return client.get(f"{LOG}?{query}").context["lines"]


def test_the_log_is_narrowed_by_what_day_unit_and_object(auditor, tree):
    member = make_member(tree.branch)
    record_event("member.ended", now=LONG_AGO, about=member, organisation=tree.branch.code)
    record_event("role.granted", now=timezone.now(), organisation=tree.far.code)
    for query in (
        "action=member.ended",
        "since=2020-01-01&until=2020-01-02",
        f"unit={tree.branch.code}",
        f"about=members.Member:{member.pk}",
    ):
        assert [line.organisation for line in lines(auditor, query)] == [tree.branch.code], query
    assert auditor.get(f"{LOG}?since=2026-99-99&until=x&actor=%23&about=:::&before=x").status_code == 200


def test_the_log_is_paged_by_number_and_shows_no_names(auditor, tree, django_assert_max_num_queries):
    user = make_person(tree.branch, name="顾文竹")
    for _each in range(60):
        record_event("people.seen", now=timezone.now(), actor=user)
    answer = auditor.get(f"{LOG}?action=people.seen")
    assert len(answer.context["lines"]) == 50
    assert user.username in answer.content.decode()
    assert "顾文竹" not in answer.content.decode()
    rest = lines(auditor, f"action=people.seen&before={answer.context['next_before']}")
    assert len(rest) == 10
    assert rest[0].number < answer.context["lines"][-1].number
    with django_assert_max_num_queries(16):
        auditor.get(LOG)


def test_reading_and_exporting_the_log_stand_in_the_log(auditor, tree):
    auditor.get(f"{LOG}?unit={tree.branch.code}")
    book = openpyxl.load_workbook(BytesIO(b"".join(auditor.get(f"{LOG}export.xlsx").streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 2
    kept = AuditEvent.objects.order_by("pk").values_list("action", "detail")
    assert list(kept) == [("audit.read", {"unit": tree.branch.code}), ("audit.exported", {})]


def test_the_chain_is_said_to_be_whole_or_broken(auditor):
    event = record_event("role.granted", now=timezone.now())
    said = auditor.post(f"{LOG}verify/", follow=True)
    assert [message.level_tag for message in said.context["messages"]] == ["success"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE members_auditevent DISABLE TRIGGER audit_event_insert_only")
        else:
            cursor.execute("DROP TRIGGER audit_event_no_UPDATE")
    AuditEvent.objects.filter(pk=event.pk).update(action="role.ended")
    said = auditor.post(f"{LOG}verify/", follow=True)
    assert [(message.level_tag, str(event.pk) in message.message) for message in said.context["messages"]] == [
        ("error", True)
    ]
