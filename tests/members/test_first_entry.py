"""Whoever holds a role that asks for two steps takes both before anything else; a lost second one is reset."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.accounts.credentials import NotReset, reset_second_step
from members.accounts.drafts import Draft
from members.audit.models import AuditEvent
from members.organisation.rules import Rule
from members.roles.actions import end_grant, grant_role
from members.roles.models import ADMINISTRATORS, IN_TWO_STEPS, Role, RoleGrant
from tests.factories import LONG_AGO, PASSWORD, grant, make_account, make_leader, make_person, make_tree
from tests.members.test_accounts_second_step import SECRET, code_now

pytestmark = pytest.mark.django_db
SET_UP, LOST = "/accounts/2fa/totp/activate/", "/accounts/second-step/"


@pytest.fixture
def tree():
    return make_tree()


def holder(role: Role, tree):
    user = make_person(tree.branch)
    grant(user, role, None if role in ADMINISTRATORS else tree.branch)
    return user


def signed_in(user) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    if client.session.get("_auth_user_id") is None:
        client.post(reverse("mfa_authenticate"), {"code": code_now()})
    return client


@pytest.mark.parametrize("role", Role)
def test_nothing_opens_before_the_second_step_to_whoever_needs_one_and_all_to_others(tree, role):
    client = signed_in(holder(role, tree))
    for address in ("/", "/me/", "/study/", "/me/data.json", "/accounts/people/"):
        led = client.get(address).headers.get("Location") == SET_UP
        assert led is (role in IN_TWO_STEPS), address
    for free in ("/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/"):
        assert client.get(free).status_code == 200
    assert client.post("/accounts/mode/", {"elder": "1", "next": "/"}).headers["Location"] == "/"
    assert client.post("/accounts/logout/").headers["Location"] == "/"


def test_with_both_steps_taken_everything_opens(tree):
    user = holder(Role.ORGANISER, tree)
    TOTP.activate(user, SECRET)
    assert signed_in(user).get("/organise/").status_code == 200


def test_a_role_given_meanwhile_asks_at_the_next_request_and_ends_asking_with_it(tree):
    user = make_person(tree.branch)
    client = signed_in(user)
    assert client.get("/me/").status_code == 200
    given = grant_role(user=user, role=Role.ORGANISER, organisation=tree.branch, actor=None, now=timezone.now())
    assert client.get("/me/").headers["Location"] == SET_UP
    end_grant(grant=given, actor=None, now=timezone.now())
    assert client.get("/me/").status_code == 200


def test_what_was_typed_meanwhile_is_kept(tree):
    user = make_person(tree.branch)
    client = signed_in(user)
    grant(user, Role.ORGANISER, tree.branch)
    client.post("/feedback/", {"draft": "feedback:new", "text": "字太小"})
    assert Draft.objects.get(user=user).fields["text"] == ["字太小"]


def test_a_demonstration_waives_it(tree):
    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=LONG_AGO.date())
    assert signed_in(holder(Role.ORGANISER, tree)).get("/me/").status_code == 200


def test_everybody_may_set_one_up(tree):
    client = signed_in(make_person(tree.branch))
    assert reverse("mfa_index") in client.get("/me/").content.decode()
    assert client.get(reverse("mfa_index")).status_code == 200


def test_switching_off_the_last_one_leads_back_to_set_up(tree):
    user = holder(Role.ORGANISER, tree)
    TOTP.activate(user, SECRET)
    client = signed_in(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get("/me/").headers["Location"] == SET_UP


# --- passkeys --------------------------------------------------------------------------
def test_passkeys_are_offered_only_where_the_address_is_trusted(tree):
    client = signed_in(make_person(tree.branch))
    add = reverse("mfa_add_webauthn")
    assert add not in client.get(reverse("mfa_index")).content.decode()
    assert client.get(add).status_code == 404
    assert add in client.get(reverse("mfa_index"), secure=True).content.decode()
    assert client.get(add, secure=True).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD}, secure=True)
    page = client.get(add, secure=True)
    assert page.context["js_data"]["creation_options"]["publicKey"]["rp"]["id"] == "testserver"
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    refused = client.post(add, {"name": "手机", "credential": "{}"}, secure=True)
    assert refused.status_code == 200
    assert not Authenticator.objects.exists()


# --- reset ---------------------------------------------------------------------------------
@pytest.fixture
def security(tree):
    user = holder(Role.SECURITY_ADMIN, tree)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def test_a_lost_second_step_is_reset_by_the_security_administrator(security, tree):
    user = holder(Role.ORGANISER, tree)
    TOTP.activate(user, SECRET)
    open_session = signed_in(user)
    assert user.username in security.get(f"{LOST}?q={user.username}").content.decode()
    assert security.get(f"{LOST}{user.pk}/").status_code == 200
    assert Authenticator.objects.filter(user=user).exists(), "looking changes nothing"
    security.post(f"{LOST}{user.pk}/")
    assert not Authenticator.objects.filter(user=user).exists()
    assert open_session.get("/me/").headers["Location"].startswith("/accounts/login/")
    assert signed_in(user).get("/me/").headers["Location"] == SET_UP
    reset = AuditEvent.objects.get(action="account.second_step_reset")
    assert (reset.actor, reset.object_id) == (security.user.pk, str(user.pk))
    security.post(f"{LOST}{user.pk}/")
    assert AuditEvent.objects.filter(action="account.second_step_reset").count() == 1


def test_nobody_resets_their_own(security):
    TOTP.activate(security.user, SECRET)
    security.post(f"{LOST}{security.user.pk}/")
    assert Authenticator.objects.filter(user=security.user).exists()
    with pytest.raises(NotReset):
        reset_second_step(user=security.user, actor=security.user, now=timezone.now())


def test_on_the_machine_the_last_security_administrator_is_helped(tree, capsys):
    user = holder(Role.SECURITY_ADMIN, tree)
    TOTP.activate(user, SECRET)
    call_command("reset_second_step", user.username)
    assert "已经重置" in capsys.readouterr().out
    assert AuditEvent.objects.get(action="account.second_step_reset").actor is None
    with pytest.raises(CommandError):
        call_command("reset_second_step", "nobody")


# --- a job that nobody holds --------------------------------------------------------------
def test_a_job_without_anybody_is_given_on_the_machine_and_only_then(tree):
    held, other = make_account(), make_leader(tree.branch)
    grant(held, Role.AUDIT_ADMIN, None)
    with pytest.raises(CommandError):
        call_command("appoint_administrator", "audit_admin", other.username)
    with pytest.raises(CommandError):
        call_command("appoint_administrator", "security_admin", held.username)
    call_command("appoint_administrator", "security_admin", other.username)
    assert RoleGrant.objects.filter(user=other, role=Role.SECURITY_ADMIN).exists()
