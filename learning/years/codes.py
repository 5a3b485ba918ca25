"""The code on a printed record: hard to guess, easily typed. Pure.

Sixteen characters out of 32 are 80 random bits. No I, L, O and U, which are taken for others or make words.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A fresh one, without blanks."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def in_groups(code: str) -> str:
    """«7K2M-…»: as it stands on the paper."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, with or without hyphens and blanks, in small letters too; None if it is none."""
    kept = "".join(each for each in typed.upper() if each.isalnum()).translate(MEANT)
    return kept if len(kept) == LENGTH and set(kept) <= set(ALPHABET) else None
