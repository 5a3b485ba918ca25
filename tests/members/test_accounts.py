"""Signing in: the number, the telephone, the card, the lock; everything that is refused looks alike."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.accounts.backend import account_named
from members.accounts.codes import ALPHABET, NoCard, issue_code, plain_code
from members.accounts.models import User
from members.accounts.phones import seal_phone
from members.audit.models import AuditEvent
from tests.factories import PASSWORD, make_account, make_member, make_organisation, make_person

pytestmark = pytest.mark.django_db
LOGIN, CARD = "/accounts/login/", "/accounts/card/"


def sign_in(client: Client, login: str, password: str, door: str = LOGIN, **rest):
    return client.post(door, {"login": login, "password": password}, **rest)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def with_phone(member, digits: str):
    sealed = seal_phone(digits)
    member.phone_cipher, member.phone_key, member.phone_last4 = (
        sealed.phone_cipher,
        sealed.phone_key,
        sealed.phone_last4,
    )
    member.save()
    return member


@pytest.fixture
def branch():
    return make_organisation("第一党支部", help_phone="6120 0137")


def test_a_member_signs_in_with_number_and_password(client, branch):
    user = make_person(branch)
    assert sign_in(client, user.username, PASSWORD).headers["Location"] == "/"
    assert is_in(client)


def test_blanks_and_wide_digits_in_the_number_do_not_matter(client, branch):
    user = make_person(branch, number="03020019")
    sign_in(client, " 0302　００１９ ", PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_telephone_signs_in_where_it_names_exactly_one_active_account(branch):
    one = make_person(branch)
    with_phone(one.member, "13812340472")
    assert account_named("+86 138-1234-0472") == one
    couple = make_person(branch)
    with_phone(couple.member, "13812340472")
    assert account_named("13812340472") is None
    couple.is_active = False
    couple.save()
    assert account_named("13812340472") == one


def test_every_refusal_says_the_same(branch):
    wrong, closed, ended, void = (make_person(branch) for _person in range(4))
    User.objects.filter(pk=closed.pk).update(is_active=False)
    ended.member.ended_on, ended.member.ended_kind = timezone.localdate(), "transferred"
    ended.member.save()
    code = issue_code(user=void, actor=None, now=timezone.now() - timedelta(days=31))
    tries = {"nobody": PASSWORD, wrong.username: "nonsense", closed.username: PASSWORD, ended.username: PASSWORD}
    tries[void.username] = code
    said = set()
    for login, password in tries.items():
        client = Client()
        answer = sign_in(client, login, password)
        assert answer.status_code == 200
        assert not is_in(client)
        said.add(tuple(answer.context["form"].non_field_errors()))
    locked = make_person(branch)
    for _try in range(5):
        sign_in(Client(), locked.username, "nonsense")
    answer = sign_in(Client(), locked.username, PASSWORD)
    said.add(tuple(answer.context["form"].non_field_errors()))
    assert len(said) == 1
    assert len(said.pop()) == 1


def test_an_unknown_account_costs_the_work_of_one_hash_too(client, monkeypatch):
    worked = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *args, **rest: worked.append(1) or encode(*args, **rest))
    sign_in(client, "nobody", PASSWORD)
    assert worked == [1]


def test_five_wrong_tries_lock_the_account_for_all_its_names_but_not_the_hall(branch):
    user, neighbour = make_person(branch), make_person(branch)
    with_phone(user.member, "13812340472")
    for login in [user.username, "13812340472", user.username, "138 1234 0472", user.username]:
        sign_in(Client(), login, "nonsense")
    for host in ("localhost", "127.0.0.1"):
        client = Client()
        sign_in(client, user.username, PASSWORD, headers={"host": host})
        assert not is_in(client)
    for _try in range(80):
        sign_in(Client(), user.username, "nonsense")
    client = Client()
    sign_in(client, neighbour.username, PASSWORD)
    assert is_in(client)


def test_the_lock_opens_by_itself_after_five_minutes(branch, monkeypatch):
    user = make_person(branch)
    for _try in range(5):
        sign_in(Client(), user.username, "nonsense")
    later = timezone.now().timestamp() + 301
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)
    client = Client()
    sign_in(client, user.username, PASSWORD)
    assert is_in(client)


def test_many_unknown_names_do_not_push_out_the_counter_of_a_locked_account(branch):
    user = make_person(branch)
    for _try in range(5):
        sign_in(Client(), user.username, "nonsense")
    for number in range(400):
        cache.set(f"name-{number}", number)
    client = Client()
    sign_in(client, user.username, PASSWORD)
    assert not is_in(client)


def test_a_card_makes_the_account_and_leads_to_a_password_before_anything_else(client, branch):
    member = make_member(branch)
    shown = issue_code(member=member, actor=None, now=timezone.now())
    assert shown[4] == "-"
    typed = shown.replace("-", " ").lower()
    answer = sign_in(client, member.number, typed, CARD, QUERY_STRING="next=/me/")
    assert is_in(client)
    choose = reverse("members:choose_password")
    for address in ("/me/", "/", "/cms/", "/accounts/password/change/", "/nowhere/"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith(choose), address
    answer = client.post(choose, {"password1": "白云千载-1960", "password2": "白云千载-1960", "next": "/me/"})
    assert answer.headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    other = Client()
    sign_in(other, member.number, shown, CARD)
    assert not is_in(other)
    sign_in(other, member.number, "白云千载-1960")
    assert is_in(other)


def test_choosing_explains_what_is_not_good_enough(client, branch):
    member = make_member(branch, number="03020019")
    shown = issue_code(member=member, actor=None, now=timezone.now())
    sign_in(client, member.number, shown, CARD)
    choose = reverse("members:choose_password")
    too_simple = [(word, word) for word in ("短", "03020019", "12345678", shown)]
    for first, second in [*too_simple, ("白云千载-1", "b")]:
        answer = client.post(choose, {"password1": first, "password2": second})
        assert answer.status_code == 200, first
        assert answer.context["form"].errors
    assert User.objects.get(username=member.number).must_choose_password


def test_showing_what_is_typed_loses_nothing_and_needs_no_script(client, branch):
    member = make_member(branch)
    sign_in(client, member.number, issue_code(member=member, actor=None, now=timezone.now()), CARD)
    choose = reverse("members:choose_password")
    answer = client.post(choose, {"password1": "白云千载", "password2": "", "show": "1", "next": "/me/"})
    page = answer.content.decode()
    assert 'type="text" name="password1" value="白云千载"' in page
    assert 'name="next" value="/me/"' in page
    assert not answer.context["form"].errors


def test_a_new_card_ends_the_password_and_every_session(client, branch):
    user = make_person(branch)
    sign_in(client, user.username, PASSWORD)
    shown = issue_code(user=user, actor=None, now=timezone.now())
    assert client.get("/me/").status_code == 302
    for password, lets_in in [(PASSWORD, False), (shown, True)]:
        other = Client()
        sign_in(other, user.username, password)
        assert is_in(other) is lets_in


def test_a_card_that_has_expired_ends_the_session_it_opened(client, branch):
    member = make_member(branch)
    sign_in(client, member.number, issue_code(member=member, actor=None, now=timezone.now()), CARD)
    User.objects.update(one_time_until=timezone.now() - timedelta(seconds=1))
    client.get(reverse("members:choose_password"))
    assert not is_in(client)


def test_no_card_for_a_closed_account_or_an_ended_membership(branch):
    user = make_person(branch)
    user.is_active = False
    user.save()
    ended = make_member(branch, ended_on=timezone.localdate(), ended_kind="other")
    for whom in ({"user": user}, {"member": user.member}, {"member": ended}):
        with pytest.raises(NoCard):
            issue_code(actor=None, now=timezone.now(), **whom)


def test_codes_are_read_aloud_without_mistakes():
    assert not set("01OILZSB8G5U") & set(ALPHABET)
    assert plain_code(" k7m2 – 9qpa ") == "K7M29QPA"


@pytest.mark.parametrize("ending", ["closed", "ended"])
def test_an_open_session_ends_at_the_next_request(client, branch, ending):
    user = make_person(branch)
    sign_in(client, user.username, PASSWORD)
    if ending == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        user.member.ended_on, user.member.ended_kind = timezone.localdate(), "deceased"
        user.member.save()
    assert client.get("/me/").status_code == 302
    assert not is_in(client)


def test_signing_in_gives_a_new_session_key(client, branch):
    user = make_person(branch)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in(client, user.username, PASSWORD)
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(branch):
    user = make_person(branch)
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, user.username, PASSWORD)
    new = {"oldpassword": PASSWORD, "password1": "白云千载-1960", "password2": "白云千载-1960"}
    assert here.post(reverse("account_change_password"), new).headers["Location"] == "/me/"
    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302


def test_staff_without_a_member_number_sign_in_by_their_short_name(client):
    make_account(username="weihu")
    sign_in(client, "weihu", PASSWORD)
    assert client.get("/me/").status_code == 200


def test_what_happens_to_a_sign_in_is_in_the_audit_log_without_names(client, branch):
    member = make_member(branch, name="顾文竹")
    sign_in(client, member.number, issue_code(member=member, actor=None, now=timezone.now()), CARD)
    client.post(reverse("members:choose_password"), {"password1": "白云千载-1960", "password2": "白云千载-1960"})
    events = list(AuditEvent.objects.order_by("pk").values_list("action", "organisation"))
    signing_in = [("account.signed_in", ""), ("account.password_chosen", "")]
    assert events == [("account.card_issued", branch.code), *signing_in]
    assert "顾文竹" not in str(AuditEvent.objects.values())
