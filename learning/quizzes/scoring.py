"""What an answer is, whether it is right, and how many points pass. Pure.

Answers and keys have one form: a list of letters (single, multiple), of one truth value (true or false), of texts
(fill in). No answer is None.
"""

import unicodedata
from collections.abc import Sequence

SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN = "single", "multiple", "true_false", "fill_in"
LETTERS = "ABCDEF"
LONGEST_ANSWER = 200
TRUTHS = {"true": True, "false": False}


def normal(text: str) -> str:
    """The text as it is compared: full and half width, case and blanks make no difference. Twice is once."""
    before = None
    while before != text:
        before, text = text, " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return text


def read_given(kind: str, said: Sequence[str], *, options: int) -> list | None:
    """What a browser sent, as an answer to a question with so many options; what cannot be one is no answer."""
    if kind == TRUE_FALSE:
        return [TRUTHS[said[0]]] if said and said[0] in TRUTHS else None
    if kind == FILL_IN:
        text = said[0].replace("\0", "").strip()[:LONGEST_ANSWER] if said else ""
        return [text] if text else None
    letters = sorted(set(said) & set(LETTERS[:options]))
    if kind == SINGLE and len(letters) > 1:
        return None
    return letters or None


def is_right(kind: str, key: Sequence, given: Sequence | None) -> bool:
    """Single and true or false: the one; multiple: all of them and only they; fill in: any of the accepted texts."""
    if not given:
        return False
    if kind == FILL_IN:
        return normal(given[0]) in {normal(text) for text in key}
    return set(given) == set(key)


def is_passed(points: int, possible: int, percent: int) -> bool:
    """At least so many of a hundred parts of the points that were to be had."""
    return points * 100 >= possible * percent


def points_needed(possible: int, percent: int) -> int:
    """The fewest points that pass."""
    return -(-possible * percent // 100)
