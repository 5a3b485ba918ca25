"""The changing code in the hall: bound to one activity and one half minute; success is never said without a row."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.activities.actions import NotOpen
from members.activities.models import Activity, Attendance, SignInCode
from members.activities.qr import draw
from members.activities.rotation import STEP_SECONDS, digits, fits, seconds_left, step_at
from members.activities.sign_in import Outcome, activity_of_code, activity_showing, close_code, open_code, sign_in
from tests.factories import make_member, make_tree
from tests.members.gatherings import MORNING, accept, make_activity, tick_all

SECRETS = st.text("0123456789abcdef", min_size=8, max_size=40)


@given(secret=SECRETS, activity=st.integers(1, 10**9), after=st.integers(0, 10**7), age=st.integers(0, 200))
def test_a_code_is_good_for_its_half_minute_and_the_one_after(secret, activity, after, age):
    shown = MORNING + timedelta(seconds=after)
    later = shown + timedelta(seconds=age)
    code = digits(secret, activity, step_at(shown))
    steps = step_at(later) - step_at(shown)
    assert len(code) == 6
    assert code.isdecimal()
    if steps <= 1:
        assert fits(f" {code[:3]} {code[3:]} ", secret, activity, now=later)
    elif code not in {digits(secret, activity, step_at(later) - back) for back in (0, 1)}:
        assert not fits(code, secret, activity, now=later)
    assert 1 <= seconds_left(shown) <= STEP_SECONDS


@given(secret=SECRETS, step=st.integers(0, 10**8))
def test_the_same_half_minute_has_another_code_at_another_activity(secret, step):
    assert len({digits(secret, activity, step) for activity in range(1, 6)}) > 1


@given(typed=st.text(max_size=8))
def test_whatever_is_typed_is_compared_and_breaks_nothing(typed):
    assert fits(typed, "geheim", 1, now=MORNING) in (True, False)


def test_a_drawing_is_one_path_within_a_blank_margin():
    drawn = draw("https://example.org/activities/sign-in/?activity=1&code=123456")
    assert drawn.path.startswith("M4 4h7v1h-7z")
    assert drawn.size > 29


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def hall(tree):
    """An activity this morning with its code shown."""
    activity = make_activity(tree.branch, now=MORNING - timedelta(days=1))
    open_code(activity=activity, actor=None, now=MORNING)
    return activity


def shown(activity, now=MORNING) -> str:
    return digits(SignInCode.objects.get(activity=activity).secret, activity.pk, step_at(now))


@pytest.mark.django_db
def test_signing_in_writes_one_row_and_a_second_time_changes_nothing(tree, hall):
    member = make_member(tree.branch)
    assert sign_in(activity=hall, member=member, now=MORNING) == Outcome.SIGNED_IN
    assert sign_in(activity=hall, member=member, now=MORNING + timedelta(minutes=1)) == Outcome.ALREADY
    row = Attendance.objects.get()
    assert (row.state, row.is_by_code, row.marked_at) == ("present", True, MORNING)
    assert Activity.objects.get().state == "recording"


@pytest.mark.django_db
def test_who_was_on_leave_and_comes_after_all_is_present(tree, hall):
    member = make_member(tree.branch)
    Attendance.objects.create(activity=hall, member=member, state="leave", marked_at=MORNING)
    assert sign_in(activity=hall, member=member, now=MORNING) == Outcome.SIGNED_IN
    assert Attendance.objects.get().state == "present"


@pytest.mark.django_db
def test_who_is_not_on_the_list_gets_no_row(tree, hall):
    assert sign_in(activity=hall, member=make_member(tree.far), now=MORNING) == Outcome.NOT_LISTED
    assert not Attendance.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("after", [timedelta(minutes=-1), timedelta(hours=2)])
def test_nobody_signs_in_before_it_is_opened_or_after_it_is_closed(tree, hall, after):
    assert sign_in(activity=hall, member=make_member(tree.branch), now=MORNING + after) == Outcome.CLOSED
    assert activity_showing(hall.pk, shown(hall, MORNING + after), now=MORNING + after) is None


@pytest.mark.django_db
def test_closing_ends_it_at_once_and_opening_again_makes_other_codes(tree, hall):
    before = SignInCode.objects.get().secret
    open_code(activity=hall, actor=None, now=MORNING)
    assert SignInCode.objects.get().secret == before
    close_code(activity=hall, actor=None, now=MORNING)
    assert sign_in(activity=hall, member=make_member(tree.branch), now=MORNING) == Outcome.CLOSED
    open_code(activity=hall, actor=None, now=MORNING + timedelta(minutes=1))
    assert SignInCode.objects.get().secret != before


@pytest.mark.django_db
def test_the_digits_find_their_activity_among_several(tree, hall):
    other = make_activity(tree.branch, topic="党课", now=MORNING - timedelta(days=1))
    open_code(activity=other, actor=None, now=MORNING)
    among = Activity.objects.all().values("pk")
    assert activity_of_code(shown(other), among, now=MORNING) == other
    assert activity_showing(hall.pk, shown(hall), now=MORNING) == hall
    assert activity_showing(hall.pk, shown(other), now=MORNING) in (None, hall)
    assert activity_of_code(shown(hall), among, now=MORNING + timedelta(minutes=2)) in (None, other)


@pytest.mark.django_db
def test_a_submitted_or_accepted_record_takes_no_more_signing_in(tree, hall):
    make_member(tree.branch)
    tick_all(hall, now=MORNING)
    accept(hall, now=MORNING + timedelta(minutes=5))
    assert SignInCode.objects.get().closes_at == MORNING + timedelta(minutes=5)
    late = make_member(tree.branch)
    assert sign_in(activity=hall, member=late, now=MORNING + timedelta(minutes=6)) == Outcome.CLOSED
    with pytest.raises(NotOpen):
        open_code(activity=hall, actor=None, now=MORNING + timedelta(minutes=6))


@pytest.mark.django_db
def test_the_code_is_not_shown_days_before(tree):
    activity = make_activity(tree.branch, now=MORNING - timedelta(days=3))
    with pytest.raises(NotOpen):
        open_code(activity=activity, actor=None, now=MORNING - timedelta(days=1))
