"""Typed text is never lost: an ended session, a stale token, a fault of ours lead to the same form with everything."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from members.accounts.draft_keeping import MOST_DRAFTS, keep_draft
from members.accounts.drafts import Draft
from members.accounts.models import User
from tests.factories import PASSWORD, make_organisation, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.members.typed_urls")]
PAGE = "/notes/7/"
WRITTEN = "上午九点，<b>桥头</b>集合"
BACK = f"{PAGE}?draft=note%3A7"
OWN = {"origin": "http://testserver"}


@pytest.fixture
def branch():
    return make_organisation("第一党支部")


@pytest.fixture
def user(branch):
    return make_person(branch)


@pytest.fixture
def client(user):
    return signed_in(user)


def signed_in(user, **rest) -> Client:
    client = Client(**rest)
    client.force_login(user)
    return client


def shown(client: Client, address: str = PAGE) -> dict:
    """The hidden fields of the form, as the browser would send them."""
    page = client.get(address).content.decode()
    form = page[page.index("<form method") :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def write(client: Client, text: str = WRITTEN, **rest):
    return client.post(PAGE, {**shown(client), "minutes": text, "kind": ["b"], "password": "s3cret", **rest})


def has_everything(page: str) -> bool:
    said = "上午九点，&lt;b&gt;桥头&lt;/b&gt;集合" in page
    return said and 'value="b" checked' in page and 'value="a" checked' not in page


def test_a_form_that_is_taken_leaves_no_draft_and_the_device_is_told(client):
    answer = write(client)
    assert answer.headers["Location"] == "/me/"
    assert not Draft.objects.exists()
    assert answer.cookies["taken"].value.endswith("note%3A7")


def test_a_refused_form_is_kept_without_its_secrets(client, user):
    write(client, "refuse")
    draft = Draft.objects.get()
    assert (draft.user, draft.form_key) == (user, "note:7")
    assert draft.fields == {"minutes": ["refuse"], "kind": ["b"]}


def test_what_the_script_sends_is_kept_and_offered_on_the_next_visit(client):
    sent = shown(client)
    assert client.post("/me/drafts/", {**sent, "minutes": WRITTEN, "kind": ["b"]}).status_code == 204
    page = client.get(PAGE).content.decode()
    assert "?draft=note%3A7" in page
    assert not has_everything(page)
    assert has_everything(client.get(BACK).content.decode())


def test_looking_at_the_draft_writes_nothing(client, django_assert_num_queries):
    write(client, "refuse")
    saved = Draft.objects.get().saved_at
    client.get(BACK)
    assert Draft.objects.get().saved_at == saved


def test_a_draft_that_is_not_needed_goes(client):
    write(client, "refuse")
    answer = client.post("/me/drafts/drop/", {"key": "note:7", "next": PAGE})
    assert answer.headers["Location"] == PAGE
    assert not Draft.objects.exists()


def test_an_ended_session_leads_through_the_sign_in_to_the_same_form(client, user):
    sent = shown(client)
    client.session.flush()
    answer = client.post(PAGE, {**sent, "minutes": WRITTEN, "kind": ["b"]}, follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    assert answer.status_code == 200
    data = {"login": user.username, "password": PASSWORD, "next": answer.wsgi_request.GET["next"]}
    answer = client.post("/accounts/login/", data, follow=True)
    assert answer.redirect_chain[-1][0] == BACK
    assert has_everything(answer.content.decode())
    token = shown(client, BACK)
    assert client.post(PAGE, {**token, "minutes": WRITTEN}).headers["Location"] == "/me/"
    assert not Draft.objects.exists()


def test_another_person_who_signs_in_never_sees_it(client, branch):
    sent = shown(client)
    client.session.flush()
    client.post(PAGE, {**sent, "minutes": WRITTEN, "kind": ["b"]})
    other = make_person(branch)
    answer = client.post("/accounts/login/", {"login": other.username, "password": PASSWORD, "next": BACK}, follow=True)
    assert answer.redirect_chain[-1][0] == BACK
    assert "桥头" not in answer.content.decode()
    assert Draft.objects.get().user != other


def test_a_page_that_was_opened_by_another_person_sends_nothing_in_the_name_of_this_one(client, user, branch):
    sent = shown(client)
    other = signed_in(make_person(branch))
    answer = other.post(PAGE, {**sent, "minutes": WRITTEN})
    assert answer.headers["Location"] == PAGE
    assert Draft.objects.get().user == user


def test_a_stale_token_leads_to_the_same_form(user):
    client = signed_in(user, enforce_csrf_checks=True)
    sent = shown(client) | {"csrfmiddlewaretoken": "stale"}
    answer = client.post(PAGE, {**sent, "minutes": WRITTEN, "kind": ["b"]}, headers=OWN)
    assert answer.headers["Location"] == BACK
    assert has_everything(client.get(BACK).content.decode())


def test_a_stale_token_after_an_ended_session_leads_to_the_sign_in(user):
    client = signed_in(user, enforce_csrf_checks=True)
    sent = shown(client) | {"csrfmiddlewaretoken": "stale"}
    client.session.flush()
    answer = client.post(PAGE, {**sent, "minutes": WRITTEN}, headers=OWN)
    assert answer.headers["Location"].startswith("/accounts/login/?next=/notes/7/%3Fdraft")
    assert Draft.objects.get().user == user


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_form_from_elsewhere_is_kept_for_nobody(user, origin):
    client = signed_in(user, enforce_csrf_checks=True)
    answer = client.post(PAGE, {"draft": "note:7", "minutes": WRITTEN}, headers={"origin": origin})
    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_after_a_fault_of_ours_the_page_leads_back_to_everything(user):
    client = signed_in(user, raise_request_exception=False)
    answer = write(client, WRITTEN + "break")
    assert answer.status_code == 500
    assert f'href="{BACK}"' in answer.content.decode()
    assert has_everything(client.get(BACK).content.decode())


def test_what_is_too_large_is_answered_with_the_way_back_to_the_form(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post(
        PAGE, {"draft": "note:7", "minutes": "字" * 2000}, headers={"referer": f"http://testserver{PAGE}"}
    )
    assert answer.status_code == 413
    assert f'href="http://testserver{PAGE}"' in answer.content.decode()


def test_a_forged_origin_keeps_nothing(branch):
    make_person(branch)
    answer = Client().post("/me/drafts/", {"draft": "note:7", "draft_of": "WzEsICIvIl0:forged", "minutes": WRITTEN})
    assert answer.status_code == 401
    assert not Draft.objects.exists()


def test_signing_out_tells_the_device_to_forget(client):
    answer = client.post("/accounts/logout/")
    assert answer.cookies["forget"].value
    assert "js/keep.js" in client.get("/accounts/login/").content.decode()


def test_a_page_without_such_a_form_gets_no_script(client):
    assert "keep.js" not in client.get("/accounts/reauthenticate/").content.decode()


def test_drafts_are_few_and_do_not_stay_for_ever(user):
    now = timezone.now()
    for number in range(MOST_DRAFTS + 3):
        keep_draft(
            user_id=user.pk, form_key=f"note:{number}", fields={"a": ["字"]}, now=now + timedelta(minutes=number)
        )
    assert Draft.objects.count() == MOST_DRAFTS
    assert not Draft.objects.filter(form_key="note:0").exists()
    keep_draft(user_id=user.pk, form_key="late", fields={"a": ["字"]}, now=now + timedelta(days=100))
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("key", ["", "k" * 121, "note:\x00"])
def test_what_is_no_key_keeps_nothing(user, key):
    assert not keep_draft(user_id=user.pk, form_key=key, fields={"a": ["字"]}, now=timezone.now())


@pytest.mark.parametrize("fields", [{}, {"a": [" "]}, {"a": ["字" * 400_000]}])
def test_nothing_and_far_too_much_are_no_draft(user, fields):
    assert not keep_draft(user_id=user.pk, form_key="k", fields=fields, now=timezone.now())
    assert User.objects.get(pk=user.pk).drafts.count() == 0
