"""A hall of two hundred signs in through one address; whoever guesses is stopped, and hinders nobody."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from members.accounts.models import Member, User
from members.audit.models import AuditEvent
from tests.factories import PASSWORD, make_organisation, make_person

pytestmark = pytest.mark.django_db
HALL = 200
CODE = "K7M29QPA"


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    cache.clear()


@pytest.fixture
def hall():
    """Two hundred members with a card in their hand; the same code for all, since hashing two hundred takes long."""
    sealed, until = make_password(CODE), timezone.now() + timezone.timedelta(days=30)
    accounts = [
        User(username=f"{70_000_000 + n}", display_name=f"党员{n}", password=sealed, one_time_until=until)
        for n in range(HALL)
    ]
    return User.objects.bulk_create(accounts)


def sign_in(login: str, password: str, door: str = "/accounts/card/") -> bool:
    client = Client()
    client.post(door, {"login": login, "password": password})
    return "_auth_user_id" in client.session


def test_two_hundred_first_sign_ins_from_one_address_all_pass_while_a_guesser_is_stopped(hall):
    guessed = hall[0]
    for number, user in enumerate(hall[1:]):
        assert sign_in(user.username, CODE), f"{number} people came in, and the next one could not"
        if number % 10 == 0:
            sign_in(guessed.username, f"wrong{number}")
    assert not sign_in(guessed.username, CODE), "after five tries even the right code waits"


def test_some_who_mistype_in_the_hall_lock_out_nobody_else(hall):
    for user in hall[:40]:
        assert not sign_in(user.username, "MISTYPED")
    assert all(sign_in(user.username, CODE) for user in hall[:60])


def test_one_address_that_tries_a_password_on_many_accounts_is_slowed_down(hall):
    branch = make_organisation()
    for user in hall[:60]:
        sign_in(user.username, "柳湾2026", "/accounts/login/")
    target = make_person(branch)
    assert not sign_in(target.username, PASSWORD, "/accounts/login/"), "a minute's tries are used up for this address"
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    elsewhere.post("/accounts/login/", {"login": target.username, "password": PASSWORD})
    assert "_auth_user_id" in elsewhere.session
    assert not Member.objects.filter(number__startswith="7000").exists()
    assert not AuditEvent.objects.filter(action="account.closed").exists()
