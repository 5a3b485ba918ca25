"""Where the words that were asked for stand in a text, for marking and for the piece that is shown."""

import re
from collections.abc import Iterable, Iterator

from content.search.tokens import RUN, asked, is_han, normalise

PIECE = 90  # characters of the piece around the first word found
LEAD = 30  # of them before it

Segment = tuple[str, bool]  # a stretch of the text, and whether it was asked for


def marked(text: str, query: str) -> list[Segment]:
    """The whole text in stretches, those found marked."""
    segments, shown = [], 0
    for start, end in _joined(_spans(text, query)):
        segments += [(text[shown:start], False), (text[start:end], True)]
        shown = end
    return [segment for segment in [*segments, (text[shown:], False)] if segment[0]]


def piece(texts: Iterable[str], query: str) -> str:
    """A piece of the first text in which a word stands, around that word; else the beginning of the first text."""
    texts = [" ".join(text.split()) for text in texts if text.strip()]
    for text in texts:
        first = next(iter(sorted(_spans(text, query))), None)
        if first:
            return _cut(text, first[0] - LEAD if len(text) > PIECE else 0)
    return _cut(texts[0], 0) if texts else ""


def _cut(text: str, start: int) -> str:
    start = max(0, start)
    end = start + PIECE
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _spans(text: str, query: str) -> Iterator[tuple[int, int]]:
    """Beginning and end of each run that was asked for: words whole, Han characters anywhere."""
    wanted = {run for term in asked(query) for run in term}
    folded, origin = _folded(text)
    for run in RUN.finditer(folded):
        if is_han(run[0]):
            found = [match for word in wanted if is_han(word) for match in re.finditer(re.escape(word), run[0])]
            spans = [(run.start() + match.start(), run.start() + match.end()) for match in found]
        else:
            spans = [run.span()] if run[0] in wanted else []
        for start, end in spans:
            yield origin[start], origin[end - 1] + 1


def _folded(text: str) -> tuple[str, range | list[int]]:
    """The text as it is searched, and for each character of it the place in the text as written."""
    folded = normalise(text)
    if len(folded) == len(text):
        return folded, range(len(text))
    places = [(char, place) for place, written in enumerate(text) for char in normalise(written)]
    return "".join(char for char, _ in places), [place for _, place in places]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places without overlaps, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
