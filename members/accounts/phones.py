"""Telephone numbers: sealed where they lie, found by a keyed hash, shown with their middle covered.

Sealed values and hashes begin with the id of their key (members.accounts.phone_keys). After a change of keys old values
stay readable and findable until they have been sealed anew.
"""

import re
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from members.accounts.phone_keys import KEY_BYTES, read_keys

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
    keys = read_keys()
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
    secret = _derived(read_keys()["keys"][key], "seal")
    return AESGCM(secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key.encode()).decode()


def phone_keys(digits: str) -> list[str]:
    """The hashes under which this number may be stored, one for each key there is."""
    return [_hashed(key, digits) for key in read_keys()["keys"]]


def masked(digits: str) -> str:
    """138 **** 0472: enough to know one's own number again."""
    return f"{digits[:3]} **** {digits[-4:]}" if digits else ""


def _hashed(key: str, digits: str) -> str:
    code = hmac.HMAC(_derived(read_keys()["keys"][key], "find"), hashes.SHA256())
    code.update(digits.encode())
    return f"{key}:{urlsafe_b64encode(code.finalize()).decode()}"


@cache
def _derived(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    derive = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"members.phones.{purpose}".encode())
    return derive.derive(urlsafe_b64decode(secret))
