"""A telephone number is sealed, can be found, and is never shown whole."""

import json
import stat

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from members.accounts import phones
from members.accounts.names import name_key

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii)


@pytest.fixture
def keys_file(settings, tmp_path):
    settings.PHONE_KEYS_FILE = tmp_path / "keys" / "phones"
    return settings.PHONE_KEYS_FILE


@given(MOBILES)
def test_a_sealed_number_opens_again_and_is_found_by_its_hash(digits):
    sealed = phones.seal_phone(digits)
    assert phones.open_phone(sealed.phone_cipher) == digits
    assert sealed.phone_key in phones.phone_keys(digits)
    assert digits not in sealed.phone_cipher + sealed.phone_key
    assert sealed.phone_last4 == digits[-4:]
    assert len(sealed.phone_cipher) <= 200
    assert len(sealed.phone_key) <= 80


def test_one_number_is_sealed_otherwise_each_time_but_hashed_alike():
    first, second = phones.seal_phone("13800000472"), phones.seal_phone("13800000472")
    assert first.phone_cipher != second.phone_cipher
    assert first.phone_key == second.phone_key


def test_no_number_is_stored_as_nothing():
    assert phones.seal_phone("") == phones.SealedPhone("", "", "")
    assert phones.open_phone("") == phones.masked("") == ""


def test_a_number_is_shown_with_its_middle_covered():
    assert phones.masked("13800000472") == "138 **** 0472"


def test_a_sealed_number_that_was_changed_does_not_open():
    cipher = phones.seal_phone("13800000472").phone_cipher
    with pytest.raises(InvalidTag):
        phones.open_phone(cipher[:10] + ("A" if cipher[10] != "A" else "B") + cipher[11:])


def test_the_keys_are_made_once_for_the_owner_alone(keys_file):
    phones.seal_phone("13800000472")
    made = keys_file.read_text()
    phones.seal_phone("13900000472")
    assert keys_file.read_text() == made
    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    assert list(keys_file.parent.iterdir()) == [keys_file]


def test_a_new_key_leaves_the_old_numbers_readable_and_findable(keys_file):
    old = phones.seal_phone("13800000472")
    keys = json.loads(keys_file.read_text())
    keys_file.write_text(json.dumps({"current": "k2", "keys": {**keys["keys"], "k2": "A" * 43 + "="}}))
    new = phones.seal_phone("13800000472")
    assert new.phone_cipher.startswith("k2:")
    assert phones.open_phone(old.phone_cipher) == phones.open_phone(new.phone_cipher) == "13800000472"
    assert {old.phone_key, new.phone_key} == set(phones.phone_keys("13800000472"))


@pytest.mark.parametrize(
    "typed",
    ["138 0000 0472", "138-0000-0472", "+86 13800000472", "008613800000472", "86 138 0000 0472", "１３８００００0472"],
)
def test_a_number_reads_the_same_however_it_was_typed(typed):
    assert phones.normalise_phone(typed) == "13800000472"


@pytest.mark.parametrize(
    "typed", ["", "1380000047", "138000004720", "12800000472", "0471-1234567", "张三", "13800000472x", "١٣٨٠٠٠٠٠٤٧٢"]
)
def test_what_is_no_mobile_number_is_none(typed):
    assert phones.normalise_phone(typed) is None


@pytest.mark.parametrize("typed", ["阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽 . 买买提", "阿依古丽买买提"])
def test_a_name_matches_however_its_dot_was_typed(typed):
    assert name_key(typed) == "阿依古丽买买提"
