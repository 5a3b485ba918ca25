"""Han characters by their sound: toneless pinyin, and Latin letters cut into syllables."""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from pypinyin import lazy_pinyin
from pypinyin.pinyin_dict import pinyin_dict

VOWELS = set("aeiouv")
READINGS_MAX = 4  # «xian» can be xian and xi'an; more ways than these are noise


def toneless(pinyin: str) -> str:
    """«lǜ» as «lv», the way it is typed."""
    bare = unicodedata.normalize("NFD", pinyin.lower()).replace("u\u0308", "v")
    return "".join(char for char in bare if char.isascii() and char.isalpha())


@lru_cache(maxsize=50_000)
def syllables_of(word: str) -> tuple[str, ...]:
    """One syllable for each character; a character without a known sound stands for itself."""
    spoken = tuple(lazy_pinyin(word, errors=list))
    return spoken if len(spoken) == len(word) else tuple(word)


def sound_pairs(syllables: Sequence[str]) -> list[str]:
    """Each syllable with the next one: «dang ke bu» as «dang.ke», «ke.bu»."""
    return [f"{first}.{second}" for first, second in pairwise(syllables)]


@cache
def known_syllables() -> frozenset[str]:
    readings = {toneless(reading) for row in pinyin_dict.values() for reading in row.split(",")}
    return frozenset(reading for reading in readings if VOWELS & set(reading))


def readings(letters: str) -> list[tuple[str, ...]]:
    """The ways to cut typed letters wholly into syllables, fewest syllables first; none for other words."""
    letters = toneless(letters)
    known = known_syllables()
    longest = max(map(len, known))
    ways: list[list[tuple[str, ...]]] = [[] for _ in range(len(letters) + 1)]
    ways[0] = [()]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - longest), end):
            if letters[start:end] in known:
                ways[end] += [(*way, letters[start:end]) for way in ways[start]]
        ways[end] = sorted(ways[end], key=len)[:READINGS_MAX]
    return ways[-1] if letters else []
