"""The rule of a beat against a naive reference: the set of all tenths of a second that somebody claims.

Claims come in any order, twice, overlapping, backwards, beyond the ends, as no number at all; clocks jump both ways.
"""

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learning.progress.credit import Claim, Held, after_beat, after_word, permitted
from learning.progress.pace import Pace
from learning.progress.spans import covered, missing

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
PACE = Pace(rate=2, slack_seconds=5, gap_seconds=3, bank_seconds=7200)
ENDLESS = Pace(rate=2, slack_seconds=1e9, gap_seconds=3, bank_seconds=7200)
ODD = [math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324]
edges = st.one_of(st.floats(-20, 140).map(lambda value: round(value, 1)), st.floats(), st.sampled_from(ODD))
claims = st.lists(st.tuples(edges, edges), max_size=8)
lengths = st.one_of(st.just(120.0), st.floats(4, 130).map(lambda value: round(value, 3)))
pauses = st.one_of(st.floats(0, 60), st.floats(-7200, 7200))  # an honest clock, and one that jumps
visits = st.sampled_from([("a", NOON), ("b", NOON + timedelta(seconds=40)), ("c", NOON - timedelta(hours=3))])
beats = st.lists(st.tuples(visits, st.integers(0, 5), pauses, claims), max_size=10)


# --- the reference -----------------------------------------------------------------------
def tenths(claim, length: float) -> set[int]:
    """Every tenth of a second that is claimed and lies within the lesson."""
    found: set[int] = set()
    for start, end in claim:
        if not (math.isnan(start) or math.isnan(end)):
            whole = round(round(min(max(0.0, start), length), 1) * 10), round(round(max(0.0, min(length, end)), 1) * 10)
            found |= set(range(*whole))
    return found


def reference_covered(seen: set[int], length: float) -> float:
    """The whole but the holes longer than three seconds, tenth by tenth."""
    holes, edge = 0.0, 0.0
    for tenth in [*sorted(seen), None]:
        start = length if tenth is None else tenth / 10
        if start - edge > PACE.gap_seconds + 1e-9:
            holes += start - edge
        edge = start + 0.1
    return length - holes


def walk(said, *, length: float, pace: Pace = PACE):
    """Every step of a row of beats: what was held before, the claim, what is held after."""
    held, now = Held(bank=pace.slack_seconds), NOON
    for (visit, opened_at), seq, pause, spans in said:
        now += timedelta(seconds=pause)
        claim = Claim(visit, opened_at, seq, spans, now)
        after = after_beat(held, claim, length=length, pace=pace)
        yield held, claim, after
        held = after or held


def seconds(held: Held, length: float) -> float:
    return covered(held.spans, length, PACE.gap_seconds)


# --- exactness -----------------------------------------------------------------------------
@given(claims, lengths)
def test_with_time_enough_exactly_what_is_claimed_is_held(claim, length):
    claimed = Claim("a", NOON, 1, claim, NOON)
    after = after_beat(Held(bank=1e9), claimed, length=length, pace=ENDLESS)
    assert tenths(after.spans, length) == tenths(claim, length)
    assert math.isclose(seconds(after, length), reference_covered(tenths(claim, length), length), abs_tol=1e-6)


@given(beats, lengths)
def test_nothing_is_held_that_nobody_claimed_and_nothing_held_is_lost(said, length):
    for before, claim, after in walk(said, length=length):
        if after is not None:
            held = tenths(after.spans, length)
            assert tenths(before.spans, length) <= held
            assert held <= tenths(before.spans, length) | tenths(claim.spans, length)
            assert seconds(after, length) >= seconds(before, length) - 1e-6


@given(beats, lengths)
def test_what_the_clock_allows_is_taken_whole(said, length):
    for before, claim, after in walk(said, length=length):
        if after is None:
            continue
        union = tenths(before.spans, length) | tenths(claim.spans, length)
        # One stretch after the other closes seams for a moment longer than the union has them.
        dearest = len(union) / 10 + PACE.gap_seconds * (len(before.spans) + len(claim.spans) + 1)
        _, usable = permitted(before, opened_at=claim.opened_at, now=claim.now, pace=PACE)
        if dearest <= seconds(before, length) + usable:
            assert tenths(after.spans, length) == union


# --- the clock -----------------------------------------------------------------------------
@given(beats, lengths)
def test_no_row_of_beats_in_any_windows_gains_more_than_one_clock_allows(said, length):
    steps = list(walk(said, length=length))
    moments = [claim.now for _, claim, _ in steps] + [claim.opened_at for _, claim, _ in steps] + [NOON]
    clock = (max(moments) - min(moments)).total_seconds()
    for _, _, after in steps:
        if after is not None:
            assert seconds(after, length) <= PACE.worth(clock) + 0.1


@given(beats)
def test_the_bank_never_holds_more_than_the_rule_and_a_visit_uses_no_more_than_its_own_time(said):
    empty = [(visit, seq, pause * 60, []) for visit, seq, pause, _ in said]  # idle for hours
    for before, claim, after in walk(empty, length=100_000):
        bank, usable = permitted(before, opened_at=claim.opened_at, now=claim.now, pace=PACE)
        assert 0 <= usable <= bank <= PACE.worth(PACE.bank_seconds)
        assert usable <= PACE.worth(max(0.0, (claim.now - claim.opened_at).total_seconds()))
        assert after is None or 0 <= after.bank <= PACE.worth(PACE.bank_seconds)


@given(beats, lengths)
def test_the_clock_never_runs_backwards(said, length):
    for before, _, after in walk(said, length=length):
        assert after is None or before.clock_at is None or after.clock_at >= before.clock_at


def test_two_hours_without_network_are_made_good_and_ten_are_not():
    opened = Held(bank=5, clock_at=NOON, visit="a")
    for hours, gained in ((2, 2 * 7200 + 5), (10, 2 * 7200 + 5)):
        claim = Claim("a", NOON, 1, [(0, 90_000)], NOON + timedelta(hours=hours))
        after = after_beat(opened, claim, length=90_000, pace=PACE)
        assert seconds(after, 90_000) == gained


def test_a_bank_of_yesterday_opens_nothing_at_once():
    rich = Held(bank=10_000, clock_at=NOON - timedelta(days=1), visit="a")
    claim = Claim("b", NOON, 1, [(0, 3600)], NOON + timedelta(seconds=10))
    assert seconds(after_beat(rich, claim, length=3600, pace=PACE), 3600) == 25


# --- again, and in another order ---------------------------------------------------------------
@given(beats, lengths)
def test_a_beat_that_was_taken_changes_nothing_however_often_it_comes(said, length):
    for _, claim, after in walk(said, length=length):
        if after is not None:
            assert after_beat(after, claim, length=length, pace=PACE) is None


@given(claims, lengths)
def test_the_same_stretches_under_another_number_cover_nothing_twice(claim, length):
    first = after_beat(Held(bank=1e9), Claim("a", NOON, 1, claim, NOON), length=length, pace=ENDLESS)
    again = after_beat(first, Claim("a", NOON, 2, claim, NOON), length=length, pace=ENDLESS)
    assert (again.spans, again.bank) == (first.spans, first.bank)


@given(
    st.lists(st.tuples(visits, st.integers(0, 30), claims), max_size=6, unique_by=lambda each: each[:2]), st.randoms()
)
def test_with_time_enough_beats_of_any_windows_may_arrive_in_any_order(said, random):
    def union(order):
        held = Held(bank=1e9)
        for (visit, opened_at), seq, spans in order:
            held = after_beat(held, Claim(visit, opened_at, seq, spans, NOON), length=120, pace=ENDLESS) or held
        return held.spans

    shuffled = list(said)
    random.shuffle(shuffled)
    assert union(said) == union(shuffled)


# --- a reader's word, and a part that is enough -------------------------------------------------
@given(lengths, st.floats(0, 300), st.floats(0, 200))
def test_a_readers_word_is_taken_at_the_moment_that_it_names(length, bank, elapsed):
    held, now = Held(bank=bank, clock_at=NOON), NOON + timedelta(seconds=elapsed)
    after, wait = after_word(held, opened_at=NOON, now=now, length=length, pace=PACE)
    if after is None:
        later = now + timedelta(seconds=wait + 0.001)
        after, wait = after_word(held, opened_at=NOON, now=later, length=length, pace=PACE)
    assert wait == 0
    assert seconds(after, length) == length
    assert after.bank >= 0


@given(claims, lengths, st.floats(0, 1))
def test_what_is_missing_of_a_part_is_what_is_missing_of_all_less_what_may_be_left_out(claim, length, share):
    held = after_beat(Held(bank=1e9), Claim("a", NOON, 1, claim, NOON), length=length, pace=ENDLESS)
    of_all = length - seconds(held, length)
    of_part = missing(held.spans, length, PACE.gap_seconds, spare=share * length)
    assert math.isclose(missing(held.spans, length, PACE.gap_seconds), of_all, abs_tol=1e-3)
    assert math.isclose(of_part, max(0.0, of_all - share * length), abs_tol=1e-3)
