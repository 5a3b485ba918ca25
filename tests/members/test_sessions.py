"""Where somebody is signed in, for how long, and how it ends; on whose telephone."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from django.utils import timezone

from members.accounts.sessions import OwnSession
from members.audit.models import AuditEvent
from members.roles.models import Role
from tests.factories import PASSWORD, make_leader, make_organisation, make_person

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 9; ELE-AL00) AppleWebKit/537.36 Mobile Safari/537.36"


@pytest.fixture
def user():
    return make_person(make_organisation(), name="王秀兰")


def signed_in(user, *, where: str = "", agent: str = "", client: Client | None = None) -> Client:
    client = client or Client(headers={"user-agent": agent} if agent else None)
    said = {"login": user.username, "password": PASSWORD} | ({"where": where} if where else {})
    client.post("/accounts/login/", said)
    assert "_auth_user_id" in client.session
    return client


def lasts(client: Client) -> timedelta:
    return Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()


def test_ones_own_phone_holds_half_a_year_and_a_shared_one_half_an_hour(user):
    assert timedelta(days=179) < lasts(signed_in(user, where="own")) <= timedelta(days=180)
    assert timedelta(minutes=29) < lasts(signed_in(user, where="shared")) <= timedelta(minutes=30)


def test_whoever_does_much_is_asked_again_after_a_month(user):
    organiser = make_leader(make_organisation(), Role.ORGANISER)
    assert lasts(signed_in(organiser, where="own")) <= timedelta(days=30)


def test_a_shared_phone_holds_on_while_somebody_is_there_and_ends_when_nobody_is(user):
    client = signed_in(user, where="shared")
    session = client.session
    session["touched"] -= 20 * 60
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    assert client.get("/me/").status_code == 200
    assert lasts(client) > timedelta(minutes=29)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/me/").status_code == 302


def test_the_first_guess_is_by_the_device_and_then_what_was_chosen(user):
    def offered(client: Client) -> str:
        return client.get("/accounts/login/").context["form"]["where"].initial

    computer, phone = Client(), Client(headers={"user-agent": PHONE})
    assert (offered(computer), offered(phone)) == ("shared", "own")
    signed_in(user, where="shared", client=phone)
    phone.post("/accounts/logout/")
    assert offered(phone) == "shared"


def test_where_two_have_signed_in_it_is_taken_for_shared(user):
    wife, phone = make_person(make_organisation()), Client(headers={"user-agent": PHONE})
    signed_in(user, where="own", client=phone)
    phone.post("/accounts/logout/")
    signed_in(wife, where="own", client=phone)
    phone.post("/accounts/logout/")
    assert phone.get("/accounts/login/").context["form"]["where"].initial == "shared"


def test_on_a_shared_phone_the_account_button_says_who_is_studying(user):
    def button(client: Client) -> str:
        return client.get("/me/").content.decode().split('class="main-nav"')[1].split("</nav>")[0]

    assert "王秀兰" in button(signed_in(user, where="shared"))
    assert "王秀兰" not in button(signed_in(user, where="own"))


# --- the list -----------------------------------------------------------------------
def test_ones_own_page_lists_the_sessions_in_coarse_words(user):
    here, there = signed_in(user, where="shared"), signed_in(user, where="own", agent=PHONE)
    page = here.get("/me/").content.decode()
    assert "手机或平板" in page
    assert page.count("就是这台") == 1
    kept = str(list(OwnSession.objects.values()))
    assert "ELE-AL00" not in kept
    assert "127.0.0.1" not in kept
    assert there.get("/me/").status_code == 200


def test_nothing_of_a_device_can_be_kept_at_all():
    texts = [field.name for field in OwnSession._meta.fields if isinstance(field, models.CharField)]
    assert texts == ["session_key", "device", "where"]


def test_one_session_is_ended_and_the_others_stay(user):
    here, there, third = (signed_in(user) for _device in range(3))
    row = OwnSession.objects.get(session_key=there.session.session_key)
    here.post(f"/me/sessions/{row.pk}/end/")
    assert [client.get("/me/").status_code for client in (here, there, third)] == [200, 302, 200]
    assert AuditEvent.objects.filter(action="account.session_ended").count() == 1
    own = OwnSession.objects.get(session_key=here.session.session_key)
    here.post(f"/me/sessions/{own.pk}/end/")
    assert here.get("/me/").status_code == 200, "the one in hand is left by signing out"


def test_nobody_ends_the_session_of_another(user):
    signed_in(user)
    other = signed_in(make_person(make_organisation()))
    assert other.post(f"/me/sessions/{OwnSession.objects.first().pk}/end/").status_code == 404


def test_all_others_are_signed_out_at_once_and_leave_the_list(user):
    here, there = signed_in(user), signed_in(user)
    here.post("/me/sessions/end/")
    assert there.get("/me/").status_code == 302
    assert [row.session_key for row in here.get("/me/").context["sessions"]] == [here.session.session_key]


def test_the_list_keeps_to_a_session_that_gets_a_new_key(user):
    here, before = signed_in(user), OwnSession.objects.get().session_key
    new = {"oldpassword": PASSWORD, "password1": "白云千载-1960", "password2": "白云千载-1960"}
    here.post("/accounts/password/change/", new)
    assert here.session.session_key != before
    assert OwnSession.objects.get().session_key == here.session.session_key


def test_signing_out_leaves_nothing(user):
    client = signed_in(user)
    client.post("/accounts/logout/")
    assert not OwnSession.objects.exists()


def test_what_ran_out_goes_with_the_next_sign_in(user):
    signed_in(user)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    signed_in(user)
    assert OwnSession.objects.count() == 1
