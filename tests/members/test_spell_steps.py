"""The rules of a time away without database or web."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.checkins.contact_rhythm import contact_due_on, is_long_away, months_later
from members.checkins.models import CheckInKind, SpellState
from members.checkins.place_words import place_words
from members.checkins.spell_steps import ENDS, OPEN, State, Step, StepRefused, may_follow, on_the_day, stand_after

days = st.dates(date(2000, 1, 1), date(2080, 1, 1))
months = st.integers(1, 60)


@st.composite
def stories(draw) -> list[Step]:
    """Steps of which each may follow the one before."""
    steps: list[Step] = []
    for _ in range(draw(st.integers(0, 12))):
        steps.append(draw(st.sampled_from([step for step in Step if may_follow(stand_after(steps), step)])))
    return steps


def test_the_pure_words_are_those_of_the_models():
    assert set(State) == set(SpellState.values)
    assert set(Step) == set(CheckInKind.values)


@given(stories())
def test_every_allowed_story_stands_somewhere_and_goes_on(steps):
    state = stand_after(steps)
    assert [step for step in Step if may_follow(state, step)]


@given(stories(), st.sampled_from(Step))
def test_a_step_that_may_not_follow_is_refused(steps, step):
    if may_follow(stand_after(steps), step):
        stand_after([*steps, step])
    else:
        with pytest.raises(StepRefused):
            stand_after([*steps, step])


@given(stories(), st.sampled_from(list(ENDS)))
def test_taking_an_end_back_leads_to_where_it_stood(steps, end):
    before = stand_after(steps)
    if before in OPEN:
        assert stand_after([*steps, end]) == ENDS[end]
        assert stand_after([*steps, end, Step.REOPENED]) == before


@given(stories())
def test_a_contact_moves_nothing(steps):
    state = stand_after(steps)
    if state in OPEN:
        assert stand_after([*steps, Step.CONTACT]) == state


@given(stories())
def test_nobody_is_received_without_having_reported_in(steps):
    if stand_after(steps) == State.HOSTED:
        assert Step.ARRIVAL in steps
        assert Step.CONFIRMED in steps[steps.index(Step.ARRIVAL) :]


@given(st.sampled_from(State), days, days)
def test_only_the_calendar_tells_planned_from_away(state, leaves_on, today):
    stands = on_the_day(state, leaves_on=leaves_on, today=today)
    if state in (State.PLANNED, State.AWAY):
        assert (stands == State.PLANNED) == (today < leaves_on)
    else:
        assert stands == state


@given(days, months)
def test_months_later_is_so_many_months_later(day, number):
    later = months_later(day, number)
    assert (later.year - day.year) * 12 + later.month - day.month == number
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(days, st.lists(days, max_size=6), months)
def test_the_next_contact_is_due_after_the_latest_one(begun_on, contacts, number):
    due = contact_due_on(begun_on=begun_on, contacts=contacts, months=number)
    assert all(due > day for day in [begun_on, *contacts])
    assert due in {months_later(day, number) for day in [begun_on, *contacts]}


@given(days, st.lists(days, max_size=6), days, months)
def test_one_more_contact_never_makes_the_next_one_due_earlier(begun_on, contacts, another, number):
    before = contact_due_on(begun_on=begun_on, contacts=contacts, months=number)
    assert contact_due_on(begun_on=begun_on, contacts=[*contacts, another], months=number) >= before


@given(days, months)
def test_long_begins_on_the_day_and_stays(leaves_on, number):
    day = months_later(leaves_on, number)
    assert is_long_away(leaves_on=leaves_on, today=day, months=number)
    assert is_long_away(leaves_on=leaves_on, today=day + timedelta(days=400), months=number)
    assert not is_long_away(leaves_on=leaves_on, today=day - timedelta(days=1), months=number)


def test_a_place_is_looked_for_from_the_narrowest_word():
    assert place_words("云溪市临湖区望桥街道") == ["望桥", "临湖", "云溪"]
    assert place_words("临湖 望桥社区") == ["望桥", "临湖"]
    assert place_words("市") == []


@given(st.text(max_size=50))
def test_every_word_of_a_place_stands_in_it_and_only_once(text):
    words = place_words(text)
    assert all(word in text and len(word) >= 2 for word in words)
    assert len(words) == len(set(words))
