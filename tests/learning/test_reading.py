"""A text is read under the same clock as a lesson is watched, and its end must have been reached."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.completion.actions import publish_plan
from learning.completion.models import Completion
from learning.courses.models import ItemKind
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.progress.actions import take_beat, take_whole
from learning.progress.credit import Claim
from learning.progress.models import Progress
from learning.progress.spans import covered, credited, gaps, unread
from learning.study.actions import declare_read
from learning.study.visits import open_visit, read_visit
from tests.factories import make_person, make_tree
from tests.learning.makers import NOON, TEXT_PACE, THIS_YEAR, Viewing, make_article, make_text

GAP = TEXT_PACE.gap_seconds
lengths = st.floats(0.5, 400, allow_nan=False).map(lambda value: round(value, 1))
claims = st.lists(st.tuples(st.floats(-5, 420), st.floats(-5, 420)), max_size=10)


# --- the rule -------------------------------------------------------------------
@given(lengths, claims)
def test_a_text_without_unread_parts_is_covered_up_to_its_end(length, claim):
    held, _ = credited([], claim, length=length, gap=GAP, allowance=1e9)
    if not unread(held, length, GAP):
        assert covered(held, length, GAP) == length
        assert held[-1][1] == length


@given(lengths, claims)
def test_what_is_unread_is_every_gap_and_at_most_the_end_beside(length, claim):
    held, _ = credited([], claim, length=length, gap=GAP, allowance=1e9)
    missing, holes = unread(held, length, GAP), gaps(held, length, GAP)
    assert missing[: len(holes)] == holes
    assert len(missing) - len(holes) in (0, 1)
    assert all(start < end for start, end in missing)


@given(lengths)
def test_of_a_text_however_short_something_must_have_been_read(length):
    assert unread([], length, GAP)
    assert unread([(0.0, length)], length, GAP) == []


@given(lengths, st.floats(0, 200), st.floats(0, 200))
def test_a_readers_word_is_taken_exactly_when_the_clock_allows_it(length, kept, elapsed):
    progress = Progress(allowance_seconds=kept, clock_at=NOON)
    then = NOON + timedelta(seconds=elapsed)
    how = {"length": length, "pace": TEXT_PACE, "opened_at": NOON}
    wait = take_whole(progress, now=then, **how)
    if wait:
        assert progress.covered_seconds == 0
        assert not take_whole(progress, now=then + timedelta(seconds=wait + 0.001), **how)
    assert progress.covered_seconds == length
    assert progress.allowance_seconds >= 0


@given(st.lists(st.tuples(st.floats(0, 30), claims), max_size=6), lengths)
def test_no_row_of_beats_gains_more_than_the_clock_allows(beats, length):
    progress, now = Progress(allowance_seconds=TEXT_PACE.slack_seconds), NOON
    for seq, (pause, claim) in enumerate(beats):
        now += timedelta(seconds=pause)
        take_beat(progress, Claim("v", NOON, seq, claim, now), length=length, pace=TEXT_PACE, position=0)
        elapsed = (now - NOON).total_seconds()
        # A text shorter than a seam has no gap from the beginning; that is what its end is asked for.
        free = length if length <= GAP else 0
        assert progress.covered_seconds <= TEXT_PACE.slack_seconds + TEXT_PACE.rate * elapsed + free + 0.1


# --- what a beat does -------------------------------------------------------------
@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def member(tree):
    return make_person(tree.branch).member


def reader(member, item, **rest):
    return Viewing(member, item, pace=TEXT_PACE, **rest)


@pytest.mark.parametrize("make", [make_article, make_text])
def test_the_length_of_a_text_is_its_characters_at_the_pace_of_the_rule(tree, make):
    assert make(tree.root, characters=520).length_seconds == 120
    assert make(tree.root, characters=13, title="短").length_seconds == 3


def test_a_page_without_text_asks_nobody_to_read(tree):
    assert make_text(tree.root, characters=0).length_seconds is None


@pytest.mark.parametrize(("make", "kind"), [(make_article, ItemKind.ARTICLE), (make_text, ItemKind.TEXT)])
def test_an_honest_reader_completes_and_the_hours_are_paid_once(tree, member, make, kind):
    item = make(tree.root)
    reading = reader(member, item)
    for start in range(0, 120, 30):
        progress = reading.claim((start, start + 30), after=12)
    assert item.kind == kind
    assert progress.is_completed
    assert progress.evidence["how"] == "covered"
    reading.claim((0, 120), after=60)
    assert HoursEntry.objects.get(member=member).hours == Decimal("0.25")


def test_scrolling_straight_to_the_end_does_not_complete(tree, member):
    reading = reader(member, make_article(tree.root))
    reading.claim((0, 10), after=3)
    progress = reading.claim((100, 120), after=3)
    assert not progress.is_completed
    assert progress.covered_seconds <= 29  # 5 s slack and 6 s at rate 4


def test_claiming_all_of_it_at_once_is_cut_to_what_the_clock_allows(tree, member):
    progress = reader(member, make_article(tree.root)).claim((0, 120), after=2)
    assert progress.covered_seconds == 13


def test_all_but_the_last_words_is_not_all(tree, member):
    reading = reader(member, make_article(tree.root))
    progress = reading.claim((0, 118), after=60)
    assert progress.covered_seconds == 120  # two seconds are no gap…
    assert not progress.is_completed  # …but the end was not on the screen
    assert reading.claim((118, 120), after=1).is_completed


def test_the_shortest_text_is_not_read_by_opening_it(tree, member):
    reading = reader(member, make_article(tree.root, characters=8))
    assert not reading.claim(after=60).is_completed
    assert reading.claim((0, 1.8), after=1).is_completed


def test_completed_stays_completed_when_the_text_grows(tree, member):
    item = make_article(tree.root)
    reading = reader(member, item)
    reading.claim((0, 120), after=60)
    item.length_seconds = 600
    item.save()
    assert reading.claim((0, 1), after=1).is_completed


def test_reading_closes_the_plan_item(tree, member):
    item = make_text(tree.root)
    plan = make_plan(title="计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[item])
    publish_plan(plan, now=NOON)
    reading = reader(member, item)
    reading.claim((0, 30), after=10)
    assert Completion.objects.get(enrolment__member=member).standing == "doing"
    reading.claim((30, 120), after=30)
    assert Completion.objects.get(enrolment__member=member).standing == "done"


# --- without scripts ------------------------------------------------------------------
def opened(member, item, at=NOON):
    return read_visit(open_visit(member_id=member.pk, item_id=item.pk, pace=TEXT_PACE, now=at), now=at)


def test_a_readers_word_too_soon_writes_nothing_and_says_how_long_to_wait(tree, member):
    visit = opened(member, make_article(tree.root))
    assert declare_read(visit, now=NOON + timedelta(seconds=20)) == pytest.approx(8.75)  # (120 − 5 − 80) / 4
    assert not Progress.objects.exists()


def test_a_readers_word_in_time_completes_pays_once_and_says_how(tree, member):
    visit = opened(member, make_article(tree.root))
    for seconds in (29, 30):
        assert declare_read(visit, now=NOON + timedelta(seconds=seconds)) == 0
    progress = Progress.objects.get(member=member)
    assert (progress.state, progress.evidence["how"]) == ("completed", "declared")
    assert HoursEntry.objects.filter(member=member).count() == 1


def test_what_beats_have_recorded_shortens_the_wait(tree, member):
    item = make_article(tree.root)
    reader(member, item).claim((0, 60), after=60)
    later = NOON + timedelta(hours=1)
    progress = Progress.objects.get()
    progress.allowance_seconds = 0
    progress.save()
    assert declare_read(opened(member, item, later), now=later + timedelta(seconds=14)) == pytest.approx(1)
    assert declare_read(opened(member, item, later), now=later + timedelta(seconds=15)) == 0


def test_time_before_the_page_was_opened_does_not_count(tree, member):
    item = make_article(tree.root)
    reader(member, item).claim((0, 5), after=1)
    later = NOON + timedelta(days=1)
    assert declare_read(opened(member, item, later), now=later) > 20
