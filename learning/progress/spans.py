"""Stretches of a lesson that were seen: union, gaps, and what the clock allows. Pure.

A span is (from, to) in seconds of the lesson. Spans of a list are sorted and disjoint unless called «claimed».
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import islice
from math import isnan

Span = tuple[float, float]


def merged(spans: Iterable[Sequence[float]]) -> list[Span]:
    """The union of any spans: sorted, disjoint, touching ones joined."""
    union: list[Span] = []
    for start, end in sorted((float(start), float(end)) for start, end in spans):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        elif end > start:
            union.append((start, end))
    return union


def clipped(spans: Iterable[Sequence[float]], length: float) -> list[Span]:
    """What of the spans lies within the lesson, to the tenth of a second; what is no number is no span."""
    numbers = ((start, end) for start, end in spans if not isnan(start) and not isnan(end))
    cut = ((round(max(0.0, float(start)), 1), round(float(min(length, end)), 1)) for start, end in numbers)
    return [(start, end) for start, end in cut if end > start]


def gaps(spans: Sequence[Span], length: float, gap: float) -> list[Span]:
    """The unseen stretches longer than `gap` seconds. Shorter ones are the player's own seams, not something missed.

    Where nothing was seen there is no seam: however short the lesson, all of it is missing.
    """
    if not spans:
        return [(0.0, length)]
    edges = [0.0, *(edge for span in spans for edge in span), length]
    holes = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in holes if end - start > gap]


def unread(spans: Sequence[Span], length: float, gap: float) -> list[Span]:
    """What of a text is still to be read: its gaps, and its end, however short, as long as that was not reached."""
    holes = gaps(spans, length, gap)
    is_named = holes and holes[-1][1] >= length
    return holes if is_named or is_end_seen(spans, length) else [*holes, (spans[-1][1], length)]


def is_end_seen(spans: Sequence[Span], length: float) -> bool:
    """Whether the very end was reached, as far as tenths of a second tell."""
    return bool(spans) and spans[-1][1] >= round(length, 1)


def covered(spans: Sequence[Span], length: float, gap: float) -> float:
    """Seconds of the lesson that are not in a gap; all of it when nothing is missing."""
    return max(0.0, length - sum(end - start for start, end in gaps(spans, length, gap)))


def missing(spans: Sequence[Span], length: float, gap: float, *, spare: float = 0.0) -> float:
    """Seconds still to be seen where `spare` seconds, wherever they lie, may be left out; 0 when it is enough."""
    return max(0.0, round(sum(end - start for start, end in gaps(spans, length, gap)) - spare, 3))


def credited(
    held: Sequence[Span], claimed: Iterable[Sequence[float]], *, length: float, gap: float, allowance: float
) -> tuple[list[Span], float]:
    """The spans held after a claim, and how much coverage was gained: never more than `allowance` seconds.

    Taken in the order claimed; what exceeds the allowance is left out, as it cannot have been seen in that time.
    """
    spans, left = list(held), allowance
    for part in clipped(claimed, length):
        for piece in _unseen(part, spans):
            left -= _put(spans, piece, length=length, gap=gap, most=left)
    return spans, max(0.0, allowance - left)


def _put(spans: list[Span], piece: Span, *, length: float, gap: float, most: float) -> float:
    """Lays a piece, or its beginning, into its hole, so that no more than `most` is covered by it: how much was.

    Only the hole itself is looked at: what a claim costs does not grow with how often somebody has jumped about.
    """
    start, end = piece
    place = bisect(spans, (start, start))
    left = spans[place - 1][1] if place else 0.0
    right = spans[place][0] if place < len(spans) else length
    missing_before = _counted(right - left, gap) if spans else length
    for stop in (end, round(min(end, start + most), 1)):
        gained = missing_before - _counted(start - left, gap) - _counted(right - stop, gap)
        if stop > start and gained <= most + 1e-6:
            joins_left, joins_right = bool(place) and left == start, place < len(spans) and right == stop
            whole = spans[place - 1][0] if joins_left else start, spans[place][1] if joins_right else stop
            spans[place - joins_left : place + joins_right] = [whole]
            return gained
    return 0.0


def _counted(hole: float, gap: float) -> float:
    """What of a hole is missing: a seam is not."""
    return hole if hole > gap else 0.0


def _unseen(part: Span, spans: Sequence[Span]) -> list[Span]:
    """What of `part` is new."""
    new, start = [], part[0]
    for held_start, held_end in islice(spans, max(0, bisect(spans, (start, start)) - 1), None):
        if held_start >= part[1]:
            break
        if held_end > start:
            if held_start > start:
                new.append((start, held_start))
            start = max(start, held_end)
    if start < part[1]:
        new.append((start, part[1]))
    return new
