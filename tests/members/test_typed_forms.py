"""Every form in which somebody may write more than a line keeps what is typed: all pages of the house are walked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.test import Client

from members.roles.models import ADMINISTRATORS
from tests.authorization import ROLES, Row, rows
from tests.authorization_world import World, make_world
from tests.factories import PASSWORD, grant, make_account
from tests.house import templates

pytestmark = pytest.mark.django_db
WRITTEN = "上午九点，在桥头<集合>"


@dataclass
class Form:
    """A form of a page: where it is sent, under which key it is kept, what it would send."""

    action: str
    key: str
    has_text: bool = False
    texts: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.form: Form | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.form = Form(given.get("action") or "", given.get("data-keep", ""))
            self.found.append(self.form)
        name = given.get("name")
        if self.form is None or not name:
            return
        if tag == "textarea":
            self.form.has_text = True
            self.form.texts.append(name)
        elif tag == "input" and given.get("type", "text") == "text":
            self.form.texts.append(name)
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio", "file") or "checked" in given):
            self.form.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def readers(world: World, row: Row, administrators: dict) -> Iterator:
    """Who is shown the page; where no role of the matrix is, the administrators are tried."""
    shown_to = [role for role in ROLES if row.expected[role] == "200" and role != "anonymous"]
    if shown_to:
        yield from (world.people[role] for role in shown_to)
    elif "403" in row.expected.values():
        yield from administrators.values()


def pages() -> Iterator[tuple]:
    """Every page of the house for everybody to whom it is shown: who, address, text."""
    world = make_world()
    administrators = {role: make_account() for role in ADMINISTRATORS}
    for role, user in administrators.items():
        grant(user, role, None)
    for row in rows():
        path = world.fill(row.path)
        if row.method != "GET" or path.startswith("/cms/") or "logout" in path:
            continue
        for user in readers(world, row, administrators):
            client = Client(raise_request_exception=False)
            client.force_login(user)
            answer = client.get(path)
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and is_page and not answer.streaming:
                yield user, path, answer.content.decode()


def test_no_form_of_several_lines_is_without_a_draft_and_each_outlives_its_session():
    loose, kept = [], {}
    for user, path, page in pages():
        for form in Forms(page).found:
            if form.has_text and not form.key:
                loose.append(path)
            if form.key:
                assert form.fields.get("draft") == form.key, f"{path}: the field «draft» of {form.key}"
                kept.setdefault(re.sub(r":.*", "", form.key), (user, path, form))
    assert not loose, f"a form with a textarea and without data-keep: {sorted(set(loose))}"
    assert kept
    for user, path, form in kept.values():
        assert_survives_the_end_of_the_session(user, path, form)


def assert_survives_the_end_of_the_session(user, path: str, form: Form) -> None:
    client = Client()
    client.force_login(user)
    shown = next(each for each in Forms(client.get(path).content.decode()).found if each.key == form.key)
    client.session.flush()
    answer = client.post(shown.action or path, shown.fields | dict.fromkeys(shown.texts, WRITTEN), follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/", path
    signing_in = {"login": user.username, "password": PASSWORD, "next": answer.wsgi_request.GET["next"]}
    page = client.post("/accounts/login/", signing_in, follow=True).content.decode()
    assert page.count("上午九点，在桥头&lt;集合&gt;") >= len(shown.texts), path


def test_no_template_holds_a_form_of_several_lines_without_a_draft():
    found = []
    for name, text in templates():
        for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL):
            if "<textarea" in form and "data-keep=" not in form[: form.index("<textarea")]:
                found.append(name)
    assert not found
