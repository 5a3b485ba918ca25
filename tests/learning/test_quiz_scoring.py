"""What counts as the same answer, and what passes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.quizzes.scoring import (
    FILL_IN,
    LETTERS,
    MULTIPLE,
    SINGLE,
    TRUE_FALSE,
    is_passed,
    is_right,
    normal,
    points_needed,
    read_given,
)

letters = st.sets(st.sampled_from(LETTERS), min_size=1).map(sorted)
words = st.text(min_size=1).filter(normal)


@given(st.text())
def test_comparing_twice_is_comparing_once(text):
    assert normal(normal(text)) == normal(text)


@given(words)
def test_width_case_and_blanks_around_make_no_difference(text):
    for other in (f"　{text} ", text.upper().lower(), unicodedata.normalize("NFKC", text)):
        assert normal(other) == normal(text) or text.upper().lower().casefold() != text.casefold()


@pytest.mark.parametrize(("said", "key"), [("ＡＢＣ１２", "abc12"), (" 两分钟　", "两分钟"), ("2 Min", "２　min")])
def test_full_and_half_width_are_one(said, key):
    assert is_right(FILL_IN, [key], [said])


@given(letters, letters)
def test_several_answers_are_right_when_all_and_only_they_are_chosen(key, chosen):
    assert is_right(MULTIPLE, key, chosen) == (set(key) == set(chosen))
    assert is_right(MULTIPLE, key, list(reversed(chosen))) == (set(key) == set(chosen))


@given(st.sampled_from([SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN]), letters)
def test_no_answer_is_never_right(kind, key):
    assert not is_right(kind, key, None)
    assert not is_right(kind, key, [])


@given(st.lists(words, min_size=1, max_size=4), st.data())
def test_each_accepted_text_is_right(key, data):
    assert is_right(FILL_IN, key, [data.draw(st.sampled_from(key))])


def test_true_and_false_are_told_apart():
    assert is_right(TRUE_FALSE, [True], [True])
    assert not is_right(TRUE_FALSE, [True], [False])


@given(
    st.sampled_from([SINGLE, MULTIPLE, TRUE_FALSE, FILL_IN]),
    st.lists(st.one_of(st.text(), st.sampled_from(LETTERS), st.sampled_from(["true", "false"]))),
    st.integers(0, 6),
)
def test_whatever_a_browser_sends_becomes_an_answer_of_its_kind_or_none(kind, said, options):
    answer = read_given(kind, said, options=options)
    if answer is None:
        return
    assert answer
    if kind in (SINGLE, MULTIPLE):
        assert set(answer) <= set(LETTERS[:options])
        assert answer == sorted(set(answer))
    assert kind == MULTIPLE or len(answer) == 1
    assert kind != TRUE_FALSE or isinstance(answer[0], bool)
    assert kind != FILL_IN or ("\0" not in answer[0] and len(answer[0]) <= 200)


@given(st.integers(0, 1000), st.integers(1, 1000), st.integers(1, 100))
def test_the_fewest_points_that_pass_do_and_one_less_does_not(points, possible, percent):
    needed = points_needed(possible, percent)
    assert is_passed(points, possible, percent) == (points >= needed)
    assert needed <= possible
