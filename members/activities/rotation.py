"""The six digits in the hall, which change every half minute. Pure; RFC 6238 in spirit, bound to one activity."""

import hashlib
import hmac
from datetime import datetime

STEP_SECONDS = 30
DIGITS = 6


def step_at(moment: datetime) -> int:
    """The number of the half minute."""
    return int(moment.timestamp()) // STEP_SECONDS


def seconds_left(moment: datetime) -> int:
    """How long the digits of this moment still stand: 1 to 30."""
    return STEP_SECONDS - int(moment.timestamp()) % STEP_SECONDS


def digits(secret: str, activity_id: int, step: int) -> str:
    """The code of one activity in one half minute."""
    seal = hmac.new(secret.encode(), f"{activity_id}:{step}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(seal[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def fits(typed: str, secret: str, activity_id: int, *, now: datetime) -> bool:
    """True for the code shown now and for the one before it; blanks between the digits do not matter."""
    said = "".join(typed.split()).encode()
    known = [digits(secret, activity_id, step_at(now) - age).encode() for age in (0, 1)]
    return any(hmac.compare_digest(said, code) for code in known)
