"""A form that arrives twice counts once: a double tap, a lost answer, a page that was opened again. Pure.

Each showing of a form carries a word of its own, also in the draft that the device keeps; what the form wrote keeps the
word together with who sent it, so that a second arrival finds it.
"""

from hashlib import sha256
from secrets import token_urlsafe

LONGEST = 100


def new_word() -> str:
    return token_urlsafe(12)


def key_of(user_id: int, word: str) -> str | None:
    """Under which the row is kept; nothing for a form without a word."""
    if not 0 < len(word) <= LONGEST:
        return None
    return sha256(f"{user_id}~{word}".encode()).hexdigest()
