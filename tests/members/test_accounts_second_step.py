"""The CMS opens to a live editor grant with the second step taken in this session, and to nothing else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.accounts.context import general
from members.organisation.rules import Rule
from members.roles.actions import end_grant, grant_role
from members.roles.models import Role, RoleGrant
from tests.factories import LONG_AGO, PASSWORD, make_editor, make_leader, make_person, make_tree

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def signed_in(user) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    return client


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def editor(tree):
    return make_editor(tree.branch)


def test_nobody_but_an_editor_enters(client, tree):
    assert client.get("/cms/").headers["Location"].startswith("/accounts/login/")
    for user in (make_person(tree.branch), make_leader(tree.branch), make_leader(tree.east, Role.ORGANISER)):
        assert signed_in(user).get("/cms/").status_code == 403


def test_an_editor_without_a_second_step_is_led_to_set_it_up(editor):
    client = signed_in(editor)
    assert client.get("/cms/").headers["Location"] == reverse("mfa_activate_totp")
    answer = client.get("/cms/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    page = client.post(answer.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert "recovery" in answer.redirect_chain[-1][0]
    assert client.get("/cms/").status_code == 200


def test_with_a_second_step_the_password_alone_opens_no_session(editor):
    TOTP.activate(editor, SECRET)
    for door in ("/accounts/login/", "/accounts/card/"):
        client = Client()
        answer = client.post(door, {"login": editor.username, "password": PASSWORD})
        assert answer.headers["Location"] == reverse("mfa_authenticate")
        assert "_auth_user_id" not in client.session
        assert client.get("/cms/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.context["form"].errors
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert client.get("/cms/").status_code == 200


def test_the_second_step_is_locked_after_five_wrong_codes(editor):
    TOTP.activate(editor, SECRET)
    client = signed_in(editor)
    for _try in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert "_auth_user_id" not in client.session


def test_a_session_that_did_not_take_the_second_step_takes_it_at_the_door(editor):
    client = signed_in(editor)
    TOTP.activate(editor, SECRET)
    answer = client.get("/cms/images/")
    assert answer.headers["Location"] == f"{reverse('mfa_reauthenticate')}?next=/cms/images/"
    answer = client.post(answer.headers["Location"], {"code": code_now(), "next": "/cms/images/"})
    assert answer.headers["Location"] == "/cms/images/"
    assert client.get("/cms/images/").status_code == 200


def test_only_a_demonstration_waives_the_second_step(editor):
    client = signed_in(editor)
    rule = {"key": "installation.demo", "source": "test", "effective_from": LONG_AGO.date()}
    Rule.objects.create(value="yes", organisation=RoleGrant.objects.get().organisation, **rule)
    assert client.get("/cms/").status_code == 302
    Rule.objects.create(value=True, **rule)
    general.forget()
    assert client.get("/cms/").status_code == 200


def test_an_ended_grant_closes_the_cms_at_the_next_request(editor, tree):
    TOTP.activate(editor, SECRET)
    client = signed_in(editor)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert client.get("/cms/").status_code == 200
    end_grant(grant=RoleGrant.objects.get(), actor=None, now=timezone.now())
    assert client.get("/cms/").status_code == 403
    assert not editor.groups.exists()
    grant_role(user=editor, role=Role.EDITOR, organisation=tree.branch, actor=None, now=timezone.now())
    RoleGrant.objects.filter(until=None).update(until=timezone.now())
    assert client.get("/cms/").status_code == 403
    assert not editor.groups.exists(), "a grant that ran out by itself leaves no permission behind"


def test_switching_the_second_step_off_needs_the_password_again(editor):
    TOTP.activate(editor, SECRET)
    client = signed_in(editor)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=editor).exists()
