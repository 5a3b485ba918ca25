"""When something goes wrong a person reads what happened and what to do, and keeps what they typed."""

import pytest
from config.errors import server_error, stale_form
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from members.accounts.context import general

OWN = "http://testserver"
WRITTEN = "周三晚上去看望\n<b>两位</b>老同志"


@pytest.fixture
def remembered(monkeypatch):
    def remember(**facts):
        monkeypatch.setattr(general, "facts", facts)

    return remember


def post(path="/accounts/mode/", **extra):
    sent = {"csrfmiddlewaretoken": "stale", "next": WRITTEN, "password": "春江水暖", "new_password": "春江"}
    return RequestFactory().post(path, sent, **extra)


def test_the_page_for_our_own_faults_needs_no_database(remembered):
    remembered(name="柳湾学堂", **{"installation.help_phone": "6120 0137"})
    answer = server_error(RequestFactory().get("/", headers={"cookie": "elder=1"}))
    said = answer.content.decode()
    assert answer.status_code == 500
    assert "data-elder" in said
    assert 'href="tel:61200137"' in said
    assert "打电话求助 6120 0137" in said


def test_no_telephone_is_promised_where_none_is_known(remembered):
    remembered()
    assert "tel:" not in server_error(RequestFactory().get("/")).content.decode()


@pytest.mark.django_db
def test_a_stale_form_hands_back_what_was_typed_but_no_password():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/mode/", {"next": WRITTEN, "password": "春江水暖"}, headers={"origin": OWN})
    said = answer.content.decode()
    assert answer.status_code == 403
    assert "两位" in said
    assert "<b>两位" not in said
    assert "春江水暖" not in said
    assert 'action="/accounts/mode/"' in said


@pytest.mark.django_db
def test_what_was_handed_back_can_be_sent_once_more():
    client = Client(enforce_csrf_checks=True)
    client.post("/accounts/mode/", {"elder": "1"}, headers={"origin": OWN})
    token = client.cookies["csrftoken"].value
    again = client.post("/accounts/mode/", {"elder": "1", "csrfmiddlewaretoken": token}, headers={"origin": OWN})
    assert again.status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_form_from_elsewhere_is_not_offered_again(origin):
    request = post(headers={"origin": origin})
    request.user = AnonymousUser()
    said = stale_form(request).content.decode()
    assert "两位" not in said


@pytest.mark.django_db
def test_an_unknown_address_says_so_and_offers_the_way_in(client):
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "/accounts/login/?next=/nothing-here/" in answer.content.decode()
