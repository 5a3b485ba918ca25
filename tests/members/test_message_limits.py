"""When a message may go out: at most one a week and topic, none of a kind that somebody wants no more."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from members.messages.limits import WEEK, Held, kind_of, why_held

START = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = ["study.plan/1", "study.plan/2", "activity/7"]
hours = st.integers(0, 24 * 60)


@given(st.lists(st.tuples(hours, st.sampled_from(TOPICS)), max_size=40))
def test_of_one_topic_no_two_go_out_within_a_week_however_often_it_is_asked(asked):
    went: dict[str, list[datetime]] = {topic: [] for topic in TOPICS}
    for hour, topic in sorted(asked):
        now = START + timedelta(hours=hour)
        last = went[topic][-1] if went[topic] else None
        if why_held(topic, now=now, last_at=last, muted=()) is None:
            went[topic].append(now)
    for moments in went.values():
        assert all(later - earlier >= WEEK for earlier, later in pairwise(moments))


@given(st.lists(st.tuples(hours, st.sampled_from(TOPICS)), min_size=1, max_size=40))
def test_a_topic_is_not_silenced_by_another_one(asked):
    first = min(asked)
    now = START + timedelta(hours=first[0])
    assert why_held(first[1], now=now, last_at=None, muted=()) is None


@given(st.sampled_from(TOPICS), hours, st.booleans())
def test_what_is_muted_never_goes_out_and_what_else_there_is_does(topic, hour, is_first):
    now = START + timedelta(hours=hour)
    last = None if is_first else now - WEEK
    assert why_held(topic, now=now, last_at=last, muted={kind_of(topic)}) is Held.MUTED
    assert why_held(topic, now=now, last_at=last, muted={"another"}) is None


@given(st.sampled_from(TOPICS), st.booleans(), st.one_of(st.none(), hours))
def test_without_an_account_nothing_is_sent_and_that_is_the_reason_named(topic, is_muted, hour):
    last = None if hour is None else START - timedelta(hours=hour)
    muted = {kind_of(topic)} if is_muted else set()
    assert why_held(topic, now=START, last_at=last, muted=muted, has_account=False) is Held.NO_ACCOUNT


def test_exactly_a_week_later_is_late_enough():
    assert why_held("a", now=START + WEEK, last_at=START, muted=()) is None
    assert why_held("a", now=START + WEEK - timedelta(seconds=1), last_at=START, muted=()) is Held.THIS_WEEK
