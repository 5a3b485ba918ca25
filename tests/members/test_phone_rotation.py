"""A new key for telephone numbers: cut off anywhere it goes on, and every number stays readable and findable."""

import json
import stat
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.accounts import rotating
from members.accounts.backend import account_named
from members.accounts.models import Member
from members.accounts.phone_keys import read_keys
from members.accounts.phones import open_phone, phone_keys, seal_phone
from members.accounts.rotating import drop_unused_keys, rotate_phone_key
from members.audit.models import AuditEvent
from members.organisation.models import ImportBatch
from tests.factories import make_account, make_member, make_organisation

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + timedelta(hours=1)
DIGITS = [f"1380000{number:04d}" for number in range(12)]


@pytest.fixture
def members(settings, tmp_path, monkeypatch):
    settings.PHONE_KEYS_FILE = tmp_path / "keys" / "phones"
    monkeypatch.setattr(rotating, "AT_ONCE", 5)
    unit = make_organisation()
    return [make_member(unit, **vars(seal_phone(digits))) for digits in DIGITS]


def readable() -> list[str]:
    return [open_phone(member.phone_cipher) for member in Member.objects.order_by("pk")]


def test_all_numbers_get_the_new_key_and_the_old_one_goes(members):
    make_account(members[3])
    assert rotate_phone_key(now=NOW)[0] == 12
    assert readable() == DIGITS
    assert {member.phone_cipher[:3] for member in Member.objects.all()} == {"k2:"}
    assert account_named(DIGITS[3]) == members[3].user
    assert set(read_keys()["keys"]) == {"k1", "k2"}  # somebody may be writing with the old one at this moment
    assert drop_unused_keys(now=LATER) == ["k1"]
    assert set(read_keys()["keys"]) == {"k2"}
    assert readable() == DIGITS
    assert AuditEvent.objects.get(action="phone_key.rotated").detail == {"key": "k2", "sealed": 12}


@pytest.mark.parametrize("batches", [1, 2])
def test_cut_off_it_stays_readable_and_goes_on_with_the_same_key(members, batches):
    def stop(sealed: int) -> None:
        if sealed >= 5 * batches:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_phone_key(now=NOW, so_far=stop)
    assert readable() == DIGITS
    for digits, member in zip(DIGITS, Member.objects.order_by("pk"), strict=True):
        assert member.phone_key in phone_keys(digits)
    assert drop_unused_keys(now=LATER) == []
    assert rotate_phone_key(now=LATER) == (12 - 5 * batches, ["k1"])
    assert readable() == DIGITS


def test_what_an_import_noted_in_order_to_be_undone_is_sealed_anew_too(members):
    before = vars(seal_phone("13900000001"))
    changed = [{"pk": members[0].pk, "before": dict(before)}, {"pk": members[1].pk, "before": {"name": "甲"}}]
    ImportBatch.objects.create(kind="members", file_name="x", sha256="0", imported_at=NOW, changed=changed)
    rotate_phone_key(now=NOW)
    drop_unused_keys(now=LATER)
    noted = ImportBatch.objects.get().changed[0]["before"]
    assert noted["phone_cipher"].startswith("k2:")
    assert open_phone(noted["phone_cipher"]) == "13900000001"


def test_a_key_that_is_used_again_is_not_dropped(members):
    old = seal_phone("13700000000")
    rotate_phone_key(now=NOW)
    Member.objects.filter(pk=members[0].pk).update(**vars(old))  # an import that had begun before
    assert drop_unused_keys(now=LATER) == []
    assert rotate_phone_key(now=LATER) == (1, ["k1"])


def test_another_process_sees_the_new_key_at_once_and_the_file_stays_its_owners(members, settings):
    assert read_keys()["current"] == "k1"
    rotate_phone_key(now=NOW)
    assert read_keys()["current"] == "k2"
    assert stat.S_IMODE(settings.PHONE_KEYS_FILE.stat().st_mode) == 0o600
    assert json.loads(settings.PHONE_KEYS_FILE.read_text())["current"] == "k2"
    assert [file.name for file in settings.PHONE_KEYS_FILE.parent.iterdir()] == ["phones"]


def test_the_command_says_what_it_did(members, capsys):
    call_command("rotate_phone_key")
    assert "12" in capsys.readouterr().out
    assert readable() == DIGITS
