"""The rule of a beat: what a player's claim adds to what is held, as far as the server's clock allows. Pure.

- Never too much: coverage grows by at most what the clock permits; two windows share one clock; time counts once,
  forward only; a clock that is set back adds nothing.
- Nothing lost: what is held stays held, and what the clock covers is taken whole.
- Idempotent: a beat of the same visit and number gives nothing new. The same stretches under another number cover
  nothing twice.
- Commutative as long as the clock covers all of it: then the union is the same in whatever order beats arrive. Where
  it does not, what comes first is credited first, and no order gives more than the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from learning.progress.pace import Pace
from learning.progress.spans import Span, covered, credited


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one member and item.

    `bank`: seconds of coverage that the clock still permits, counted up to `clock_at`. `beats`: the numbers already
    taken of the visit `visit`, as runs [[1, 5], [7, 7]].
    """

    spans: Sequence[Span] = ()
    bank: float = 0.0
    clock_at: datetime | None = None
    visit: str = ""
    beats: Sequence[Sequence[int]] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said under a visit, when it was opened, and when it is said, by the server's clock."""

    visit: str
    opened_at: datetime
    seq: int
    spans: Sequence[Sequence[float]]
    now: datetime


def after_beat(held: Held, claim: Claim, *, length: float, pace: Pace) -> Held | None:
    """What is held after a beat; None when this beat was taken before."""
    beats = held.beats if held.visit == claim.visit else ()
    if any(first <= claim.seq <= last for first, last in beats):
        return None
    bank, usable = permitted(held, opened_at=claim.opened_at, now=claim.now, pace=pace)
    spans, gained = credited(held.spans, claim.spans, length=length, gap=pace.gap_seconds, allowance=usable)
    return Held(
        spans=spans,
        bank=max(0.0, bank - gained),
        clock_at=max(claim.now, _counted_from(held, claim.opened_at)),
        visit=claim.visit,
        beats=_with_beat(beats, claim.seq),
    )


def after_word(
    held: Held, *, opened_at: datetime, now: datetime, length: float, pace: Pace
) -> tuple[Held | None, float]:
    """What is held once a reader's word is taken that it was all of it, and 0; or nothing, and the seconds to wait."""
    bank, usable = permitted(held, opened_at=opened_at, now=now, pace=pace)
    missing = length - covered(held.spans, length, pace.gap_seconds)
    if missing > usable:
        return None, (missing - usable) / pace.rate
    clock_at = max(now, _counted_from(held, opened_at))
    return replace(held, spans=[(0.0, length)], bank=max(0.0, bank - missing), clock_at=clock_at), 0.0


def permitted(held: Held, *, opened_at: datetime, now: datetime, pace: Pace) -> tuple[float, float]:
    """Seconds of new coverage in the bank at this moment, and how many of them this visit may use.

    The bank is filled by the clock alone, from the last beat of any visit or from the opening of this one, whichever is
    later, and holds at most `pace.bank_seconds` of clock. A visit uses no more than the clock since it was opened.
    """
    elapsed = max(0.0, (now - _counted_from(held, opened_at)).total_seconds())
    bank = min(held.bank + elapsed * pace.rate, pace.worth(pace.bank_seconds))
    return bank, min(bank, pace.worth(max(0.0, (now - opened_at).total_seconds())))


def _counted_from(held: Held, opened_at: datetime) -> datetime:
    return opened_at if held.clock_at is None else max(opened_at, held.clock_at)


def _with_beat(beats: Sequence[Sequence[int]], seq: int) -> list[list[int]]:
    """A beat that comes late joins its neighbours."""
    runs: list[list[int]] = []
    for first, last in sorted([*map(list, beats), [seq, seq]]):
        if runs and first <= runs[-1][1] + 1:
            runs[-1][1] = max(runs[-1][1], last)
        else:
            runs.append([first, last])
    return runs
