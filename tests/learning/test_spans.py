"""The rule behind «watched»: for every claim that a browser could send."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from learning.progress.spans import clipped, covered, credited, gaps, merged

GAP = 3.0
LENGTH = 120.0
moments = st.floats(-10, 140, allow_nan=False).map(lambda value: round(value, 1))
claims = st.lists(st.tuples(moments, moments), max_size=12)
allowances = st.floats(0, 300, allow_nan=False)


def take(claim, allowance=1e9, held=()):
    return credited(list(held), claim, length=LENGTH, gap=GAP, allowance=allowance)


@given(claims)
def test_a_union_is_sorted_and_disjoint(claim):
    union = merged(clipped(claim, LENGTH))
    assert all(start < end for start, end in union)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(union))


@given(claims)
def test_what_is_covered_and_what_is_missing_make_the_whole(claim):
    union = merged(clipped(claim, LENGTH))
    missing = sum(end - start for start, end in gaps(union, LENGTH, GAP))
    assert abs(covered(union, LENGTH, GAP) + missing - LENGTH) < 1e-6


@given(claims, allowances)
def test_nobody_gains_more_than_the_clock_allows(claim, allowance):
    held, gained = take(claim, allowance)
    assert gained <= allowance + 1e-5
    assert covered(held, LENGTH, GAP) <= LENGTH


@given(claims, claims, allowances)
def test_coverage_never_shrinks(first, second, allowance):
    held, _ = take(first)
    more, gained = take(second, allowance, held)
    assert covered(more, LENGTH, GAP) >= covered(held, LENGTH, GAP) - 1e-6
    assert gained >= 0


@given(claims)
def test_the_same_claim_again_gains_nothing(claim):
    held, _ = take(claim)
    again, gained = take(claim, 1e9, held)
    assert again == held
    assert gained == 0


@given(st.lists(st.tuples(moments, moments), max_size=8), st.randoms())
def test_with_time_enough_the_order_of_claims_does_not_matter(claim, random):
    shuffled = list(claim)
    random.shuffle(shuffled)
    assert take(claim)[0] == take(shuffled)[0]


def test_dragging_to_the_end_covers_only_what_was_played():
    held, _ = take([(0, 4), (110, 120)])
    assert gaps(held, LENGTH, GAP) == [(4.0, 110.0)]


def test_watching_one_half_twice_does_not_make_a_whole():
    held, _ = take([(0, 60), (0, 60)])
    assert covered(held, LENGTH, GAP) == 60


def test_seams_of_the_player_are_no_gaps():
    held, _ = take([(0.3, 40), (42, 90), (91.5, 118)])
    assert gaps(held, LENGTH, GAP) == []


def test_skipping_along_in_seams_costs_the_clock_as_much_as_watching():
    stepping = [(start, start + 1) for start in range(0, 120, 4)]
    _, gained = take(stepping, allowance=30)
    assert gained <= 30


def test_an_hour_claimed_after_ten_seconds_is_cut_to_what_ten_seconds_allow():
    held, gained = credited([], [(0, 3600)], length=3600, gap=GAP, allowance=25)
    assert held == [(0.0, 25.0)]
    assert gained <= 25
