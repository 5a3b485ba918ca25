"""What the frame of every page knows: the name, whom to call, the mode; and the command that prints a card."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory, override_settings
from django.utils import timezone

from members.accounts.context import House
from members.accounts.models import User
from members.organisation.rules import Rule
from members.roles.models import Role
from tests.factories import PASSWORD, make_account, make_leader, make_member, make_person, make_tree
from tests.members.test_accounts import with_phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


def house(user=None, **cookies) -> House:
    request = RequestFactory().get("/")
    request.COOKIES = cookies
    if user:
        request.user = User.objects.get(pk=user.pk)
    return House(request)


def phone_of(unit, phone: str) -> None:
    unit.help_phone = phone
    unit.save(update_fields=["help_phone"])


def test_the_nearest_unit_with_a_help_telephone_answers(tree):
    Rule.objects.create(
        key="installation.help_phone", value="6120 0000", source="test", effective_from=date(2020, 1, 1)
    )
    user = make_person(tree.group)
    assert house().help_phone == "6120 0000"
    assert house(user).help_phone == "6120 0000"
    phone_of(tree.root, "6120 0001")
    assert house(user).help_phone == "6120 0001"
    phone_of(tree.branch, "+86 6120-0002")
    phone_of(tree.sibling, "6120 0003")
    assert house(user).help_phone == "+86 6120-0002"
    assert house(user).help_tel == "+8661200002"
    assert house(make_account()).help_phone == "6120 0000"


def test_the_third_entry_of_the_navigation_follows_the_duty(tree):
    assert house(make_leader(tree.east, Role.ORGANISER)).role_entry == "organise"
    assert house(make_leader(tree.branch)).role_entry == "branch"
    assert house(make_person(tree.branch)).role_entry == "activities"
    assert house().role_entry == ""


def test_the_accounts_choice_of_mode_wins_over_the_cookie(tree):
    user = make_person(tree.branch)
    assert house(user, elder="1").elder
    assert house(elder="1").elder
    User.objects.update(elder_mode=False)
    assert not house(user, elder="1").elder


def test_a_cookie_cannot_say_anything_but_the_sizes_there_are():
    assert house(read="xl").read == "xl"
    assert house(read='"><script>').read == ""


def test_my_page_shows_what_is_known_about_me_and_no_whole_telephone(client, tree):
    user = make_person(tree.branch, name="顾文竹")
    with_phone(user.member, "13812340472")
    client.force_login(user)
    page = client.get("/me/").content.decode()
    assert "顾文竹" in page
    assert tree.branch.name in page
    assert "138 **** 0472" in page
    assert "13812340472" not in page
    assert "/cms/" not in page


@override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"})
def test_too_many_at_once_are_asked_to_wait_in_plain_words(client):
    for _try in range(2):
        answer = client.post("/accounts/login/", {"login": "nobody", "password": PASSWORD})
    assert answer.status_code == 429
    assert "<h1>" in answer.content.decode()


def test_issue_code_prints_a_card_that_works(client, tree, capsys):
    member = make_member(tree.branch)
    call_command("issue_code", member.number)
    code = capsys.readouterr().out.strip()
    client.post("/accounts/card/", {"login": member.number, "password": code})
    assert "_auth_user_id" in client.session


def test_issue_code_says_why_there_is_no_card(tree):
    ended = make_member(tree.branch, ended_on=timezone.localdate(), ended_kind="transferred")
    for number in ("00000000", ended.number):
        with pytest.raises(CommandError):
            call_command("issue_code", number)
