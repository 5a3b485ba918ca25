"""A forgotten password by e-mail: the same answer for everybody, a letter that works once, an address of one's own."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from members.accounts.letters import Letter, send_letters
from members.audit.models import AuditEvent
from tests.factories import PASSWORD, make_account, make_organisation, make_person

pytestmark = pytest.mark.django_db
ASK, NEW = "/accounts/help/letter/", "/accounts/password/new/"
CHOSEN = "白云千载-1960"


@pytest.fixture
def with_mail(settings):
    settings.MAIL_IS_SET_UP = True
    settings.WAGTAILADMIN_BASE_URL = "https://study.example"
    cache.clear()


@pytest.fixture
def user(with_mail):
    user = make_person(make_organisation())
    user.member.email = "gu@example.org"
    user.member.save()
    return user


def asked(typed: str) -> str:
    """What a visitor is answered, without what differs from page to page."""
    page = Client().post(ASK, {"number": typed}).content.decode()
    return re.sub(r'value="[^"]*"', "", page)


def address() -> str:
    return re.search(r"https://study\.example(/\S+)", mail.outbox[-1].body)[1]


def opened(path: str) -> Client:
    client = Client()
    client.get(path)
    return client


def choose(client: Client, password: str = CHOSEN):
    return client.post(NEW, {"password1": password, "password2": password})


def test_without_a_mail_server_nothing_is_offered_and_the_page_says_who_helps(client):
    page = client.get("/accounts/help/").content.decode()
    assert "没有开通邮件" in page
    assert ASK not in page
    assert client.post(ASK, {"number": "1"}).status_code == 404
    client.force_login(make_person(make_organisation()))
    assert "/me/email/" not in client.get("/me/").content.decode()
    assert client.get("/me/email/").status_code == 404


def test_every_ask_is_answered_alike_and_costs_one_row(user):
    bare, closed = make_person(make_organisation()), make_account(email="x@example.org")
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    said = {asked(typed) for typed in (user.username, bare.username, closed.username, "nobody")}
    assert len(said) == 1
    assert Letter.objects.count() == 4
    send_letters(now=timezone.now())
    assert [letter.to for letter in mail.outbox] == [["gu@example.org"]]
    assert not Letter.objects.exists()


def test_the_letter_works_once_and_opens_nothing_but_the_password(user):
    before = Client()
    before.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    asked(user.username)
    send_letters(now=timezone.now())
    client = opened(address())
    assert choose(client).headers["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    assert before.get("/me/").status_code == 302, "whoever was signed in before is out"
    assert Client().get(address()).status_code == 410
    assert choose(opened(address()), "另一个密码-2026").status_code == 410
    assert Client().login(username=user.username, password=CHOSEN)
    deeds = list(AuditEvent.objects.filter(object_id=user.pk).order_by("pk").values_list("action", flat=True))
    assert deeds[0] == "account.signed_in"
    assert deeds[1:] == ["account.letter_sent", "account.password_chosen", "account.password_by_letter"]


def test_the_secret_stands_in_no_address_that_a_page_is_shown_under(user):
    asked(user.username)
    send_letters(now=timezone.now())
    answer = Client().get(address())
    assert answer.headers["Location"] == NEW


def test_a_letter_is_void_after_an_hour_and_after_a_sign_in(user, monkeypatch):
    asked(user.username)
    send_letters(now=timezone.now())
    Client().post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert Client().get(address()).status_code == 410
    asked(user.username)
    send_letters(now=timezone.now())
    later = datetime.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda self: later)
    assert Client().get(address()).status_code == 410


@pytest.mark.parametrize("path", ["/accounts/password/letter/MQ/x-y/", "/accounts/password/letter/~~/x/"])
def test_a_made_up_letter_is_void(with_mail, path):
    assert Client().get(path).status_code == 410


def test_one_number_gets_three_letters_an_hour_and_the_hall_goes_on(user):
    for _time in range(6):
        asked(user.username)
    assert Letter.objects.count() == 3
    asked(make_person(make_organisation()).username)
    assert Letter.objects.count() == 4


def test_a_mail_server_that_is_silent_is_tried_again_for_an_hour(user, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    asked(user.username)
    send_letters(now=timezone.now())
    assert Letter.objects.count() == 1
    send_letters(now=timezone.now() + timedelta(hours=2))
    assert not Letter.objects.exists()


# --- an address of one's own ------------------------------------------------------------
def test_an_address_is_set_when_its_letter_was_read(user):
    client = Client()
    client.force_login(user)
    refused = client.post("/me/email/", {"address": "new@example.org", "password": "wrong"})
    assert refused.status_code == 422
    assert "new@example.org" in refused.content.decode()
    client.post("/me/email/", {"address": "new@example.org", "password": PASSWORD})
    user.member.refresh_from_db()
    assert user.member.email == "gu@example.org", "until the letter was read the old one stands"
    code = re.search(r"\d{6}", mail.outbox[-1].subject)[0]
    assert code not in str(dict(client.session))
    assert client.post("/me/email/code/", {"code": "x"}).status_code == 422
    assert client.post("/me/email/code/", {"code": code}).headers["Location"] == "/me/"
    user.member.refresh_from_db()
    assert user.member.email == "new@example.org"
    client.post("/me/email/", {"address": "", "password": PASSWORD})
    user.member.refresh_from_db()
    assert user.member.email == ""


def test_a_code_is_not_guessed(user):
    client = Client()
    client.force_login(user)
    client.post("/me/email/", {"address": "new@example.org", "password": PASSWORD})
    for _try in range(5):
        client.post("/me/email/code/", {"code": "x"})
    code = re.search(r"\d{6}", mail.outbox[-1].subject)[0]
    assert client.post("/me/email/code/", {"code": code}).headers["Location"] == "/me/email/"
    user.member.refresh_from_db()
    assert user.member.email == "gu@example.org"
