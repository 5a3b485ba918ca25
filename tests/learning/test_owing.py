"""The one list of what a member's plans ask for: pure."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learning.study.owing import Ask, firsts, owed_of

TODAY = date(2026, 6, 1)
days = st.integers(-40, 40).map(lambda number: TODAY + timedelta(days=number))
asks_of_members = st.builds(
    Ask,
    plan=st.integers(1, 4),
    item=st.integers(1, 6),
    order=st.integers(1, 9),
    opens_on=days,
    due_on=days,
    is_required=st.booleans(),
    is_done=st.booleans(),
)


def ask(item=1, *, plan=1, due=10, opens=-10, **rest) -> Ask:
    window = {"opens_on": TODAY + timedelta(days=opens), "due_on": TODAY + timedelta(days=due)}
    return Ask(plan=plan, item=item, order=item, **window, **rest)


def test_an_item_of_two_plans_stands_once_with_the_nearest_day():
    [owed] = owed_of([ask(due=30), ask(plan=2, due=5, is_required=False)], today=TODAY)
    assert (owed.due_on, owed.is_required, owed.is_done) == (TODAY + timedelta(days=5), True, False)


def test_what_one_plan_counts_and_another_does_not_is_open_as_the_other_says():
    [owed] = owed_of([ask(due=1, is_done=True), ask(plan=2, due=20, is_required=False)], today=TODAY)
    assert (owed.is_done, owed.due_on, owed.is_required) == (False, TODAY + timedelta(days=20), False)


def test_past_its_day_comes_first_then_the_nearest_then_what_opens_later_then_what_is_offered():
    asks = [ask(1, due=1, is_required=False), ask(2, due=9, opens=5), ask(3, due=20), ask(4, due=-3), ask(5, due=8)]
    assert [owed.item for owed in owed_of(asks, today=TODAY)] == [4, 5, 3, 2, 1]


@given(st.lists(asks_of_members, max_size=20))
def test_the_list_holds_everything_once_and_never_calls_less_urgent_what_comes_first(asks):
    owed = owed_of(asks, today=TODAY)
    assert sorted(each.item for each in owed) == sorted({each.item for each in asks})
    for each in owed:
        own = [some for some in asks if some.item == each.item]
        assert each.is_done == all(some.is_done for some in own)
        still = [some for some in own if not some.is_done] or own
        assert each.due_on == min(some.due_on for some in still)
        assert each.is_required == any(some.is_required for some in still)
    ranks = [(not each.is_required, each.opens_on > TODAY, each.due_on) for each in owed]
    assert ranks == sorted(ranks)


def test_in_order_each_waits_for_the_first_required_one_that_is_open():
    plan = [ask(1, is_done=True), ask(2, is_required=False), ask(3), ask(4), ask(5, is_done=True), ask(6)]
    assert firsts(plan) == {4: 3, 6: 3}
    assert firsts([ask(1, is_done=True), ask(2)]) == {}


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8))
def test_nothing_waits_for_itself_for_what_is_done_or_for_what_is_only_offered(marks):
    plan = [ask(place, is_required=required, is_done=done) for place, (required, done) in enumerate(marks, start=1)]
    by_item = {each.item: each for each in plan}
    for item, first in firsts(plan).items():
        assert first < item
        assert by_item[first].is_required
        assert not by_item[first].is_done
        assert not by_item[item].is_done
