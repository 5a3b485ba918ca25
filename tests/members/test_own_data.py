"""Everybody sees, and takes along, what is held about them; about nobody else."""

import json
import re
from io import BytesIO

import openpyxl
import pytest
from django.apps import apps
from django.test import Client

from members.accounts.models import Member, User
from members.audit.models import AuditEvent
from members.organisation.models import Participation, Post
from members.privacy.holdings import exported_models, holdings_of
from members.privacy.queries import BESIDE
from members.privacy.registry import FRAMEWORK, ROOMS, about_people, fate_of, way_to_person
from members.privacy.wording import REASONS, TERMS
from tests.factories import LONG_AGO, PASSWORD, make_account, make_person, make_tree
from tests.members.test_accounts import with_phone
from tests.test_house import leads_to_a_person

pytestmark = pytest.mark.django_db
SECRETS = ("phone_cipher", "phone_key", "password", "argon2")


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def user(tree):
    user = make_person(tree.branch, name="顾文竹")
    with_phone(user.member, "13812340472")
    Participation.objects.create(member=user.member, organisation=tree.sibling, since=LONG_AGO)
    Post.objects.create(member=user.member, organisation=tree.branch, kind="secretary", since=LONG_AGO.date())
    return user


@pytest.fixture
def client(user):
    client = Client()
    client.force_login(user)
    return client


def told(client: Client) -> dict:
    return json.loads(b"".join(client.get("/me/data.json").streaming_content))


def test_every_model_about_a_person_is_handed_out_or_says_why_not(client):
    own = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    telling = {model for model in own if leads_to_a_person(model)} - {User, Member}
    silent = {model for model in telling - set(exported_models()) if not vars(model).get("not_exported")}
    assert not silent, "say `person = …` (whom it is about) or `not_exported = …` (why not)"
    assert {model._meta.label for model in exported_models()} | {"members.User", "members.Member"} == set(told(client))


def test_what_the_framework_holds_about_people_is_known():
    rooms, found = {*ROOMS}, set()
    for model in apps.get_models():
        links = [field for field in model._meta.local_fields if field.is_relation and not field.null]
        if model._meta.app_label not in rooms and {link.related_model for link in links} & {User, Member}:
            found.add(model._meta.label)
    assert found == set(FRAMEWORK)


def test_every_mark_says_what_becomes_of_the_rows_and_in_words():
    for model in [*BESIDE, *(model for model, _way in about_people())]:
        fate = fate_of(model)
        assert fate.deed in ("delete", "blank", "keep"), model
        assert {model._meta.get_field(name).name for name in fate.fields} == set(fate.fields)
        assert fate.deed == "delete" or (fate.reason in REASONS and fate.term in TERMS), model


def test_every_column_has_a_word_that_people_know(client):
    for label, each in told(client).items():
        for name, word in each["columns"].items():
            assert re.search(r"[\u4e00-\u9fff]", word), f"{label}.{name} is called “{word}”"


def test_a_way_leads_by_links_that_are_never_empty_or_that_are_named():
    ways = {model.__name__: way for model, way in exported_models().items()}
    assert ways["Affiliation"] == "member"
    assert ways["Completion"] == "enrolment__member"
    assert ways["CheckIn"] == "spell__member"
    assert ways["Feedback"] == "author"
    assert ways["Message"] == "to"
    assert way_to_person(User) == ""


def test_own_data_are_whole_and_hold_no_secret(client, user, tree):
    data = told(client)
    (member,) = data["members.Member"]["rows"]
    assert member["name"] == "顾文竹"
    assert member["phone"] == "13812340472"
    assert [row["organisation"] for row in data["members.Affiliation"]["rows"]] == [tree.branch.name]
    assert [row["organisation"] for row in data["members.Participation"]["rows"]] == [tree.sibling.name]
    assert not [word for word in SECRETS if word in json.dumps(data)]


def test_nothing_of_anybody_else_is_in_it(client, tree):
    make_person(tree.branch, name="裴秋实", number="77770001")
    said = json.dumps(told(client), ensure_ascii=False)
    assert "裴秋实" not in said
    assert "77770001" not in said


def test_the_workbook_says_the_same(client, user):
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get("/me/data.xlsx").streaming_content)))
    assert len(book.sheetnames) == len(exported_models()) + 2
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"顾文竹", "13812340472"} <= cells


def test_staff_without_a_membership_take_along_their_account(tree):
    client = Client()
    client.force_login(make_account(username="weihu"))
    assert {label for label, each in told(client).items() if each["rows"]} == {"members.User"}
    assert client.get("/me/").status_code == 200


def test_taking_data_along_is_written_down(client):
    told(client)
    assert AuditEvent.objects.get(action="own_data.exported").detail == {"form": "json"}


def test_the_page_says_what_is_held_in_words(client, tree):
    page = client.get("/me/").content.decode()
    for word in ("顾文竹", "138 **** 0472", tree.branch.name, tree.sibling.name, "/me/data.json", "/me/data.xlsx"):
        assert word in page
    assert "13812340472" not in page


def test_the_page_costs_a_steady_number_of_questions(client, django_assert_max_num_queries):
    client.get("/me/")
    with django_assert_max_num_queries(24):
        client.get("/me/")


def test_all_other_sessions_end_and_this_one_stays(client, user):
    other = Client()
    other.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert other.get("/me/").status_code == 200
    client.post("/me/sessions/end/")
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302
    other.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert other.get("/me/").status_code == 200
    assert AuditEvent.objects.filter(action="account.sessions_ended").exists()


def test_a_members_holdings_come_in_the_same_order_each_time(user):
    assert [each.model for each in holdings_of(user)][:2] == [User._meta.label, Member._meta.label]
