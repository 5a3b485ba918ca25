"""What a text is found by: one way to cut it, the same for what was written and for what is asked."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby, pairwise

import rjieba
import zhconv_rs

from content.search.syllables import readings, sound_pairs, syllables_of

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
HAN_RUN = re.compile(f"[{HAN}]+")
RUN = re.compile(f"[{HAN}]+|(?:(?![{HAN}])[^\\W_])+")
LONG_WORD = 3  # shorter words are bigrams already
TAIL = 8  # characters of a title that one typed beginning can span
SOUND = "~"  # marks a beginning in pinyin, so that it is never taken for a Latin word
# Characters that the converter keeps apart because both stand in simplified texts; a reader means the same.
SAME = {"著": "着", "锺": "钟", "藉": "借", "峯": "峰", "馀": "余"}

Term = tuple[str, ...]  # runs that were typed without a space between them


class _Simplified(dict[int, str]):
    """Character to simplified character. Each alone, so that a word looks the same in every sentence."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if is_han(char):
            char = zhconv_rs.zhconv(zhconv_rs.zhconv(char, "zh-hans"), "zh-hans")
            char = SAME.get(char, char)
        self[code] = char
        return char


SIMPLIFIED = _Simplified()


def normalise(text: str) -> str:
    """The same for full and half width, capital and small, traditional and simplified."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return folded.translate(SIMPLIFIED)


def is_han(run: str) -> bool:
    return HAN_RUN.match(run) is not None


def bigrams(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def written(text: str) -> list[str]:
    """Tokens for the index: pairs of Han characters, each of them once alone, words, and what stands beside a word."""
    runs = RUN.findall(normalise(text))
    tokens = neighbours(runs)
    alone: set[str] = set()
    for run in runs:
        if is_han(run):
            tokens += bigrams(run)
            alone.update(run)
        else:
            tokens.append(run)
    return [*tokens, *sorted(alone)]


def neighbours(runs: Sequence[str]) -> list[str]:
    """Words with the word or character before and after them: «good parts» is not «parts, good»."""
    return [
        f"{first[-1] if is_han(first) else first} {second[0] if is_han(second) else second}"
        for first, second in pairwise(runs)
        if not (is_han(first) and is_han(second))
    ]


def long_words(text: str) -> list[str]:
    """Dictionary words of three characters and more: they rank, they do not find."""
    runs = HAN_RUN.findall(normalise(text))
    return [word for run in runs for word in rjieba.cut_for_search(run) if len(word) >= LONG_WORD]


def sounds(text: str) -> list[str]:
    """Pairs of syllables of each run of Han characters."""
    return [pair for run in HAN_RUN.findall(normalise(text)) for pair in sound_pairs(spoken(run))]


def spoken(run: str) -> Term:
    """Pinyin of a run of Han characters, word by word."""
    return tuple(syllable for word in rjieba.cut(run) for syllable in syllables_of(word))


def beginnings(title: str) -> list[str]:
    """What one may begin to type to reach a title: from each character on, also in pinyin or by initials."""
    tokens: list[str] = []
    for run in RUN.findall(normalise(title)):
        if not is_han(run):
            tokens.append(run)
            continue
        sound = spoken(run)
        for start in range(len(run)):
            tail = sound[start : start + TAIL]
            initials = "".join(syllable[0] for syllable in tail)
            tokens += [run[start : start + TAIL], SOUND + "".join(tail), SOUND + initials]
    return list(dict.fromkeys(tokens))


@lru_cache(maxsize=512)
def asked(query: str) -> tuple[Term, ...]:
    """A query as terms between spaces: «党课2026 通知» is ((党课, 2026), (通知,))."""
    terms = (tuple(RUN.findall(part)) for part in normalise(query).split())
    return tuple(term for term in terms if term)


def heard(query: str) -> list[list[Term]]:
    """A query by its sound: for each part the ways to read it; empty where a part has no sound of two syllables.

    Han characters count by their pinyin, which forgives a homophone; Latin letters, joined across
    spaces, only where they can be cut into syllables.
    """
    parts: list[list[Term]] = []
    for han, group in groupby((run for term in asked(query) for run in term), key=is_han):
        runs = list(group)
        parts += [[spoken(run)] for run in runs] if han else [readings("".join(runs))]
    parts = [[way for way in ways if len(way) > 1] for ways in parts]
    return parts if all(parts) else []
