"""The table of roles is true: every line of it is asked for, by those who may and by all who may not."""

import logging

import pytest
from django.test import Client

from members.roles.duties import DUTIES, EVERYBODY
from members.roles.models import Role
from tests.authorization import NOT_ASKED, Row, ask, rows
from tests.authorization_world import make_world
from tests.factories import grant, make_organisation, make_person

pytestmark = pytest.mark.django_db
OPENS = {"200", "422"}
# Who of the matrix stands for a role; correspondents and lecturers are asked below.
STANDS_FOR = {
    "secretary": Role.SECRETARY,
    "organiser": Role.ORGANISER,
    "editor": Role.EDITOR,
    "system_admin": Role.SYSTEM_ADMIN,
    "security_admin": Role.SECURITY_ADMIN,
    "audit_admin": Role.AUDIT_ADMIN,
}


@pytest.fixture
def world(caplog):
    caplog.set_level(logging.CRITICAL, "django.request")
    world = make_world()
    for role in (Role.CORRESPONDENT, Role.LECTURER):
        user = make_person(world.tree.branch)
        grant(user, role, world.tree.branch)
        world.people[role] = user
        world.cookies[role] = session_of(user)
    return world


def session_of(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies.output(header="", sep=";")


def roles_at(door: str) -> set[Role]:
    """All who may enter by this door, by any line of the table."""
    return {role for duty in DUTIES if duty.door == door for role in duty.roles}


def test_every_door_opens_to_the_roles_of_its_line_and_to_no_other(world):
    known = {(row.pattern, row.method): row for row in rows()}
    wrong = []
    for door in dict.fromkeys(duty.door for duty in DUTIES):
        for role in Role:
            status = ask(world, role, "GET", world.fill(known[door, "GET"].path)).status
            if (str(status) in OPENS) != (role in roles_at(door)):
                wrong.append(f"/{door} answers {status} to {role}")
    assert not wrong


def test_the_matrix_says_the_same_as_the_table():
    wrong = []
    for row in rows():
        if row.method != "GET" or row.pattern not in {duty.door for duty in DUTIES}:
            continue
        for column, role in STANDS_FOR.items():
            if row.expected[column] != NOT_ASKED and (row.expected[column] in OPENS) != (role in roles_at(row.pattern)):
                wrong.append(f"{row.path} for {column}: {row.expected[column]}")
    assert not wrong


def test_whatever_opens_to_a_role_alone_lies_in_an_area_of_its_duties():
    """A page that a member does not see and a role does: the table says why."""
    unsaid = []
    for row in rows():
        if row.method != "GET" or row.expected["member"] in OPENS:
            continue
        said = roles_of_area(row)
        for column, role in STANDS_FOR.items():
            if row.expected[column] in OPENS and role not in said:
                unsaid.append(f"{row.path} opens to {role}")
    assert not unsaid


def roles_of_area(row: Row) -> set[Role]:
    """The roles of the nearest area around an address."""
    around = [duty for duty in DUTIES if row.pattern.startswith(duty.area)]
    nearest = max((len(duty.area) for duty in around), default=0)
    return {role for duty in around if len(duty.area) == nearest for role in duty.roles}


def test_a_correspondent_and_a_lecturer_see_no_more_than_the_table_says(world):
    """Every address that answers a member otherwise than these two lies in an area of a line that names them."""
    unsaid = []
    for row in rows():
        if row.method != "GET" or row.expected["member"] in {NOT_ASKED, *OPENS}:
            continue
        for role in (Role.CORRESPONDENT, Role.LECTURER):
            status = ask(world, role, "GET", world.fill(row.path)).status
            if str(status) in OPENS and role not in roles_of_area(row):
                unsaid.append(f"{row.path} opens to {role}")
    assert not unsaid


def test_the_page_shows_every_line_to_everybody_who_is_signed_in(client):
    client.force_login(make_person(make_organisation()))
    page = client.get("/accounts/roles/table/").content.decode().replace("&#x27;", "'")
    for duty in DUTIES:
        assert str(duty.says) in page
    for role in Role:
        assert str(role.label) in page


def test_what_everybody_may_is_said_once(client):
    shared = [duty for duty in DUTIES if duty.roles == EVERYBODY]
    assert len(shared) < len(DUTIES)
    assert all(set(duty.roles) == set(Role) or len(duty.roles) <= 2 for duty in DUTIES)
