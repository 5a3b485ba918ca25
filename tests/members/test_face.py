"""The frame of every page: elder mode, the size of the text, the telephone, the way about."""

import pytest

from members.accounts.context import general
from members.roles.models import Role
from tests.factories import grant, make_organisation, make_person

pytestmark = pytest.mark.django_db
DOOR = "/accounts/login/"


@pytest.fixture(autouse=True)
def nothing_remembered():
    general.forget()
    yield
    general.forget()


def test_elder_mode_is_kept_by_the_browser_and_by_the_account(client):
    unit = make_organisation(help_phone="6120 0137")
    client.force_login(make_person(unit))
    answer = client.post("/accounts/mode/", {"elder": "1", "next": "/study/"})
    assert answer.url == "/study/"
    assert "data-elder" in client.get("/study/").content.decode()
    client.cookies.clear()
    client.force_login(unit.affiliations.get().member.user)
    said = client.get("/study/").content.decode()
    assert "data-elder" in said
    assert "打电话求助 6120 0137" in said


def test_choosing_a_size_of_text_leaves_elder_mode_as_it_is(client):
    client.post("/accounts/mode/", {"elder": "1"})
    client.post("/accounts/mode/", {"read": "xl"})
    said = client.get(DOOR).content.decode()
    assert "data-elder" in said
    assert 'data-read="xl"' in said


@pytest.mark.parametrize("size", ["huge", '"><script>'])
def test_an_unknown_size_changes_nothing(client, size):
    client.post("/accounts/mode/", {"read": size})
    assert "data-read" not in client.get(DOOR).content.decode()


def test_without_a_telephone_there_is_no_line_for_one(client):
    assert "tel:" not in client.get(DOOR).content.decode()


def test_the_third_way_leads_everybody_to_their_own_work(client):
    unit = make_organisation()
    person = make_person(unit)
    client.force_login(person)
    ways = {"/activities/", "/branch/", "/organise/"}
    for role, way in ((None, "/activities/"), (Role.SECRETARY, "/branch/"), (Role.ORGANISER, "/organise/")):
        if role:
            grant(person, role, unit)
        page = client.get("/study/").content.decode()
        ways_of_all = page[page.index('class="main-nav"') :].partition("</nav>")[0]
        assert {each for each in ways if f'href="{each}"' in ways_of_all} == {way}
