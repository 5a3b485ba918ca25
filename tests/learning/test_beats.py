"""What a heartbeat does, and what it cannot do (DOMAIN §6.2, 6.3)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from learning.hours.models import HoursEntry
from learning.progress.models import Progress
from learning.study.admission import NotAdmitted
from members.accounts.models import User
from tests.factories import make_person, make_tree
from tests.learning.makers import NOON, Viewing, make_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewing():
    tree = make_tree()
    person = make_person(tree.branch)
    return Viewing(person.member, make_lesson(tree.root, seconds=100))


def test_watching_everything_completes_the_lesson_and_pays_its_hours_once(viewing):
    for start in range(0, 100, 20):
        progress = viewing.watch(start, start + 20)
    assert progress.is_completed
    assert progress.evidence["covered_seconds"] == 100
    viewing.watch(0, 20)
    entry = HoursEntry.objects.get(member=viewing.member)
    assert (entry.hours, entry.category) == (Decimal("0.25"), "self")


@pytest.mark.parametrize("seconds", [8.04, 8.06, 59.949, 100.0])
def test_a_length_that_is_no_round_number_can_be_reached(seconds):
    tree = make_tree()
    viewing = Viewing(make_person(tree.branch).member, make_lesson(tree.root, seconds=seconds))
    assert viewing.watch(0, seconds).is_completed


def test_dragging_to_the_end_does_not_complete(viewing):
    viewing.watch(0, 5)
    progress = viewing.watch(95, 100)
    assert not progress.is_completed
    assert progress.covered_seconds == 10


def test_claiming_everything_at_once_is_cut_to_what_the_clock_allows(viewing):
    progress = viewing.claim((0, 100), after=10)
    assert progress.covered_seconds == 25  # 10 s × rate 2 + 5 s slack
    assert not progress.is_completed


def test_many_quick_beats_gain_no_more_than_one(viewing):
    for start in range(0, 100, 5):
        progress = viewing.claim((start, start + 5), after=0.1)
    assert progress.covered_seconds <= 5 + 2 * 2 + 0.1


def test_two_windows_share_one_clock(viewing):
    other = Viewing(viewing.member, viewing.item)
    viewing.claim((0, 30), after=15)
    progress = other.claim((50, 80), after=15)
    assert progress.covered_seconds <= 15 * 2 + 5


def test_a_repeated_beat_changes_nothing(viewing):
    viewing.claim((0, 100), after=10)
    before = Progress.objects.values().get()
    viewing.claim((0, 100), after=60, seq=1)
    assert Progress.objects.values().get() == before


def test_a_beat_that_arrives_late_still_counts(viewing):
    viewing.claim((0, 10), after=10, seq=1)
    viewing.claim((20, 30), after=20, seq=3)
    progress = viewing.claim((10, 20), after=0, seq=2)
    assert progress.covered_seconds == 30


def test_leaving_and_returning_goes_on_where_it_was(viewing):
    viewing.watch(0, 60)
    later = Viewing(viewing.member, viewing.item, at=NOON + timedelta(days=3))
    assert Progress.objects.get().position_seconds == 60
    assert later.watch(60, 100).is_completed


def test_time_between_visits_is_not_credited(viewing):
    viewing.watch(0, 5)
    later = Viewing(viewing.member, viewing.item, at=NOON + timedelta(days=3))
    progress = later.claim((5, 100), after=1)
    assert progress.covered_seconds < 25


def test_completed_stays_completed_when_the_lesson_grows(viewing):
    viewing.watch(0, 100)
    viewing.item.length_seconds = 500
    viewing.item.save()
    assert viewing.watch(0, 1).is_completed


def test_a_deactivated_member_is_refused_by_the_write_itself(viewing):
    viewing.member.user.is_active = False
    viewing.member.user.save()
    with pytest.raises(NotAdmitted):
        viewing.watch(0, 10)
    assert not Progress.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"has_consented": False}])
def test_who_may_not_study_any_more_is_refused_in_the_middle_of_a_lesson(viewing, change):
    viewing.watch(0, 10)
    User.objects.update(**change)
    with pytest.raises(NotAdmitted):
        viewing.watch(10, 20)
    assert Progress.objects.get().covered_seconds == 10


def test_one_member_cannot_write_for_another(viewing):
    other = make_person(viewing.member.affiliations.get().organisation)
    viewing.watch(0, 10)
    assert list(Progress.objects.values_list("member", flat=True)) == [viewing.member.pk]
    assert not Progress.objects.filter(member=other.member).exists()


def test_hours_without_network_are_made_good_up_to_the_bank(viewing):
    viewing.item.length_seconds = 90_000
    viewing.item.save()
    viewing.claim((0, 5), after=5)
    progress = viewing.claim((5, 90_000), after=10 * 3600)
    assert progress.covered_seconds == 5 + 7200 * 2 + 5
    assert progress.allowance_seconds == 0


def test_two_devices_at_once_do_not_add_up_beyond_one_clock(viewing):
    other = Viewing(viewing.member, viewing.item)
    for start in range(0, 40, 10):
        viewing.claim((start, start + 10), after=5)
        progress = other.claim((start + 50, start + 60), after=5)
    assert progress.covered_seconds <= 20 * 2 + 5
