"""Telephone numbers: sealed where they lie, found by a keyed hash, shown with their middle covered.

The keys are made once, in one file that only its owner may read: {"current": id, "keys": {id: secret}}. Sealed values
and hashes begin with the id of their key. To change keys, add one and name it the current one: old values stay
readable and findable, and get the new key when they are next written.
"""

import json
import os
import re
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
NONCE_BYTES = 12
MOBILE = re.compile("1[3-9][0-9]{9}")
BETWEEN_DIGITS = re.compile(r"[\s().-]")
COUNTRY_CODE = re.compile(r"^(\+|00)?86(?=1[0-9]{10}$)")


@dataclass(frozen=True)
class SealedPhone:
    """What is stored of a telephone number; the names are those of Member's fields."""

    phone_cipher: str
    phone_key: str
    phone_last4: str


def normalise_phone(text: str) -> str | None:
    """The eleven digits of a mobile number however it was typed; nothing when it is none."""
    digits = COUNTRY_CODE.sub("", BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text)))
    return digits if MOBILE.fullmatch(digits) else None


def seal_phone(digits: str) -> SealedPhone:
    """The number as it is stored, under the current key; no number is stored as three blanks."""
    if not digits:
        return SealedPhone("", "", "")
    keys = _keys()
    current = keys["current"]
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(_derived(keys["keys"][current], "seal")).encrypt(nonce, digits.encode(), current.encode())
    return SealedPhone(f"{current}:{urlsafe_b64encode(sealed).decode()}", _hashed(current, digits), digits[-4:])


def open_phone(cipher: str) -> str:
    """The digits of a sealed number; raises `cryptography.exceptions.InvalidTag` where it was tampered with."""
    if not cipher:
        return ""
    key, _, sealed = cipher.partition(":")
    raw = urlsafe_b64decode(sealed)
    secret = _derived(_keys()["keys"][key], "seal")
    return AESGCM(secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key.encode()).decode()


def phone_keys(digits: str) -> list[str]:
    """The hashes under which this number may be stored, one for each key there is."""
    return [_hashed(key, digits) for key in _keys()["keys"]]


def masked(digits: str) -> str:
    """138 **** 0472: enough to know one's own number again."""
    return f"{digits[:3]} **** {digits[-4:]}" if digits else ""


def _hashed(key: str, digits: str) -> str:
    code = hmac.HMAC(_derived(_keys()["keys"][key], "find"), hashes.SHA256())
    code.update(digits.encode())
    return f"{key}:{urlsafe_b64encode(code.finalize()).decode()}"


@cache
def _derived(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    derive = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"members.phones.{purpose}".encode())
    return derive.derive(urlsafe_b64decode(secret))


def _keys() -> dict:
    return _read_or_make(Path(settings.PHONE_KEYS_FILE))


@cache
def _read_or_make(path: Path) -> dict:
    if not path.exists():
        _make(path)
    return json.loads(path.read_text())


def _make(path: Path) -> None:
    """Writes the file at once or not at all; of several processes that start together the first one's keys stay."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    first = {"current": "k1", "keys": {"k1": urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}}
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        json.dump(first, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
