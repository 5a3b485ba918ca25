"""Where the words that were asked for stand in a text, for marking and for the piece that is shown."""

import re
from collections.abc import Iterable, Iterator

from content.search.tokens import RUN, asked, bigrams, heard, is_han, normalise, spoken

PIECE = 60  # characters of the piece around the first word found
LEAD = 20  # of them before it

Segment = tuple[str, bool]  # a stretch of the text, and whether it was asked for
Span = tuple[int, int]


def marked(text: str, query: str, *, is_near: bool = False) -> list[Segment]:
    """The whole text in stretches, those found marked; `is_near` marks what only sounds or looks alike too."""
    segments, shown = [], 0
    for start, end in _joined(_spans(text, query, is_near)):
        segments += [(text[shown:start], False), (text[start:end], True)]
        shown = end
    return [segment for segment in [*segments, (text[shown:], False)] if segment[0]]


def piece(texts: Iterable[str], query: str, *, is_near: bool = False) -> str:
    """A piece of the first text in which a word stands, around that word; else the beginning of the first text."""
    texts = [" ".join(text.split()) for text in texts if text.strip()]
    for text in texts:
        spans = sorted(_spans(text, query, is_near))
        if spans:
            return _cut(text, spans[0][0] - LEAD if len(text) > PIECE else 0)
    return _cut(texts[0], 0) if texts else ""


def _cut(text: str, start: int) -> str:
    start = max(0, start)
    end = start + PIECE
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _spans(text: str, query: str, is_near: bool) -> list[Span]:
    """Beginning and end of each place in the text as it was written."""
    folded, origin = _folded(text)
    spans = list(_written_so(folded, {run for term in asked(query) for run in term}))
    if is_near and not spans:
        spans = list(_sounding_so(folded, query)) or list(_looking_so(folded, query))
    return [(origin[start], origin[end - 1] + 1) for start, end in spans]


def _written_so(folded: str, wanted: set[str]) -> Iterator[Span]:
    """Words whole, Han characters anywhere."""
    for run in RUN.finditer(folded):
        if not is_han(run[0]):
            if run[0] in wanted:
                yield run.span()
            continue
        for word in filter(is_han, wanted):
            for match in re.finditer(re.escape(word), run[0]):
                yield run.start() + match.start(), run.start() + match.end()


def _sounding_so(folded: str, query: str) -> Iterator[Span]:
    ways = [way for choice in heard(query) for way in choice]
    for run in RUN.finditer(folded) if ways else ():
        sound = spoken(run[0]) if is_han(run[0]) else ()
        for way in ways:
            for place in range(len(sound) - len(way) + 1):
                if sound[place : place + len(way)] == way:
                    yield run.start() + place, run.start() + place + len(way)


def _looking_so(folded: str, query: str) -> Iterator[Span]:
    runs = [run for term in asked(query) for run in term if is_han(run)]
    return _written_so(folded, {pair for run in runs for pair in bigrams(run)})


def _folded(text: str) -> tuple[str, range | list[int]]:
    """The text as it is searched, and for each character of it the place in the text as written."""
    folded = normalise(text)
    if len(folded) == len(text):
        return folded, range(len(text))
    places = [(char, place) for place, written in enumerate(text) for char in normalise(written)]
    return "".join(char for char, _ in places), [place for _, place in places]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same places without overlaps, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
