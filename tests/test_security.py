"""What holds on every page whoever asks: headers, forms of our own only, addresses of our own only."""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests.authorization import rows
from tests.authorization_world import make_world
from tests.factories import PASSWORD, make_editor, make_organisation, make_person

pytestmark = pytest.mark.django_db
STRICT = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"}
EVIL = "evil.example"
ELSEWHERE = [f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}", f"http:///{EVIL}", "javascript:alert(1)"]


@pytest.fixture
def world():
    return make_world()


def pages(world, role):
    """Every address that answers 200 to a GET by this role."""
    client = Client()
    client.cookies.load(world.cookies.get(role, ""))
    for row in rows():
        if row.method == "GET" and row.expected[role] == "200":
            yield row.path, client.get(world.fill(row.path))


def policy(response) -> set[str]:
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


WITH_A_KEY = ("/records/{record_code}/",)  # the address itself is what lets one in


@pytest.mark.parametrize("role", ["anonymous", "organiser", "editor"])
def test_every_page_tells_the_browser_what_it_may_do(world, role):
    checked = 0
    for path, response in pages(world, role):
        said = response.headers
        assert said["X-Content-Type-Options"] == "nosniff", path
        assert said["Referrer-Policy"] == ("no-referrer" if path in WITH_A_KEY else "same-origin"), path
        assert said["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert said["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert "camera=()" in said["Permissions-Policy"], path
        assert "geolocation=()" in said["Permissions-Policy"], path
        assert said["X-Frame-Options"] in ("DENY", "SAMEORIGIN" if path.startswith("/cms/") else "DENY"), path
        if path.startswith("/cms/"):
            assert "frame-ancestors 'self'" in policy(response), path
        else:
            assert policy(response) >= STRICT, path
            assert "unsafe" not in said["Content-Security-Policy"], path
        checked += 1
    assert checked > 5


@pytest.mark.parametrize("role", ["member", "organiser"])
def test_pages_of_people_who_are_signed_in_are_stored_nowhere(world, role):
    for path, response in pages(world, role):
        if not path.startswith(("/uploads/", "/{play}", "/healthz")):
            assert {"private", "no-store"} <= set(re.split(r",\s*", response.headers["Cache-Control"])), path


def test_no_page_of_ours_needs_an_inline_style_or_script(world):
    for role in ("anonymous", "secretary"):
        for path, response in pages(world, role):
            if path.startswith("/cms/") or not response.headers["Content-Type"].startswith("text/html"):
                continue
            html = response.content.decode()
            assert not re.search(r"<[^>]+\sstyle=|<style|\son\w+=\"|javascript:", html), path
            inline = re.findall(r"<script(?![^>]*\b(?:src|nonce)=)(?![^>]*application/json)[^>]*>", html)
            assert not inline, (path, inline)


def test_no_form_from_elsewhere_is_taken(world):
    """Without the token of our own page every POST is refused; a beat carries a signed visit instead."""
    role, taken = "organiser", []
    for row in rows():
        if row.method != "POST" or row.expected[role] in ("404", "405", "-"):
            continue
        client = Client(enforce_csrf_checks=True)
        client.cookies.load(world.cookies[role])
        if client.post(world.fill(row.path), {"next": "/"}).status_code != 403:
            taken.append(row.path)
    assert taken == ["/study/heartbeat/"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_sent_away_to_another_site(client, address):
    user = make_person(make_organisation())
    answers = [client.post("/accounts/mode/", {"elder": "1", "next": address})]
    for door in ("/accounts/login/", "/accounts/card/"):
        data = {"login": user.username, "password": PASSWORD, "next": address}
        answers.append(client.post(door, data))
        answers.append(client.post("/accounts/logout/", {"next": address}))
    assert [answer.headers["Location"] for answer in answers] == ["/"] * len(answers)


def test_the_mode_is_kept_in_a_cookie_and_in_the_account(client):
    answer = client.post("/accounts/mode/", {"elder": "1", "next": "/accounts/login/?next=/me/"})
    assert answer.headers["Location"] == "/accounts/login/?next=/me/"
    cookie = answer.cookies[settings.ELDER_COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")
    assert "data-elder" in client.get("/accounts/login/").content.decode()
    user = make_person(make_organisation())
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert "data-elder" in client.get("/me/").content.decode()
    client.post("/accounts/mode/", {"elder": "0"})
    other = Client()
    other.cookies[settings.ELDER_COOKIE] = "1"
    other.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert "data-elder" not in other.get("/me/").content.decode(), "the account's choice wins when signed in"
    assert client.get("/accounts/mode/").status_code == 405


@override_settings(ALLOWED_HOSTS=["localhost"])
def test_a_host_that_is_not_ours_is_answered_with_nothing(client):
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


def test_the_frame_of_a_page_costs_few_queries(client, django_assert_max_num_queries):
    unit = make_organisation(help_phone="6120 0137")
    user = make_person(make_organisation(parent=unit))
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    client.get("/accounts/logout/")
    with django_assert_max_num_queries(5):  # session, account, roles, help telephone, draft
        page = client.get("/accounts/logout/").content.decode()
    assert "6120 0137" in page


def test_the_cms_has_its_looser_policy_and_nothing_else_has(client):
    editor = make_editor(make_organisation())
    client.force_login(editor)
    for path, is_loose in [("/cms/", True), ("/cmsx/", False), ("/me/", False), ("/accounts/login/?x=/cms/", False)]:
        said = client.get(path).headers["Content-Security-Policy"]
        assert ("unsafe-inline" in said) is is_loose, path


def test_the_cms_may_frame_its_own_preview(world):
    client = Client()
    client.cookies.load(world.cookies["editor"])
    preview = client.get(world.fill("/cms/pages/{page}/edit/preview/"))
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in policy(preview)
