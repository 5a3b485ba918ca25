"""结转: a year is closed, what comes later is a dated supplement, and nothing that was closed ever changes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from learning.hours.models import HoursEntry, HoursSource
from learning.years.actions import NotOver, close_due_years, close_year, closing_day
from learning.years.checking import faults_of_closings
from learning.years.models import YearClosing, YearFigure
from learning.years.supplements import closed_year, closing_of, supplements_under
from members.accounts.membership import end_membership
from members.audit.models import AuditEvent
from members.organisation.models import Affiliation
from members.organisation.rules import Rule
from members.roles.models import Role
from tests.factories import LONG_AGO, make_leader, make_member, make_tree

pytestmark = pytest.mark.django_db
JANUARY = datetime(2026, 1, 10, 4, tzinfo=UTC)
CLOSING_DAY = datetime(2026, 1, 31, 4, tzinfo=UTC)
MARCH = datetime(2026, 3, 5, 4, tzinfo=UTC)
DECEMBER = date(2025, 12, 12)
_keys = count(1)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    return make_member(tree.branch, name="周新")


def enter(member, hours="2", *, on=DECEMBER, at=JANUARY, category="training", **rest) -> HoursEntry:
    fields = {"source": HoursSource.TRAINING, "source_key": f"test:{next(_keys)}", "evidence": {"title": "冬训班"}}
    return HoursEntry.objects.create(
        member=member,
        hours=Decimal(hours),
        earned_on=on,
        year=on.year,
        recorded_at=at,
        category=category,
        **fields | rest,
    )


def take_back(line, *, at=MARCH, reason="重复登记") -> HoursEntry:
    return enter(
        line.member, -line.hours, on=line.earned_on, at=at, category=line.category, reverses=line, reason=reason
    )


def close(unit, *, year=2025, now=JANUARY, actor=None):
    return close_year(unit=unit, year=year, actor=actor, now=now)


def since(member, year=2025):
    found = closed_year(member, year, entries=HoursEntry.objects.all())
    return [(each.on.isoformat(), each.reason, str(each.hours)) for each in found.supplements]


# --- closing ----------------------------------------------------------------------
def test_a_closing_keeps_what_each_had_where_they_belonged_and_what_was_asked(tree, member):
    enter(member, "3")
    enter(member, "1.5", category="self")
    close(tree.root)
    figure = YearFigure.objects.get(member=member)
    assert (figure.organisation, figure.hours) == (tree.branch, {"self": "1.50", "training": "3.00"})
    assert (figure.counted, figure.target) == (Decimal(3), Decimal(32))
    assert figure.lines == list(HoursEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_closing_twice_changes_nothing(tree, member):
    first = close(tree.root)
    enter(member, at=MARCH)
    assert close(tree.root, now=MARCH) == first
    assert YearFigure.objects.get(member=member).counted == 0
    assert AuditEvent.objects.filter(action="year.closed").count() == 1


def test_a_year_that_is_not_over_is_not_closed(tree):
    with pytest.raises(NotOver):
        close(tree.root, year=2026)
    assert not YearClosing.objects.exists()


def test_the_year_is_that_of_the_unit_where_one_belonged_when_it_ended(tree, member):
    moved_on = datetime(2026, 1, 5, 4, tzinfo=UTC)
    Affiliation.objects.filter(member=member).update(until=moved_on)
    Affiliation.objects.create(member=member, organisation=tree.far, since=moved_on)
    close(tree.west)
    assert closing_of(member, 2025) is None
    close(tree.east)
    assert YearFigure.objects.get(member=member).organisation == tree.branch


def test_a_unit_above_takes_only_those_whose_year_is_open(tree, member):
    far = make_member(tree.far)
    early = close(tree.east)
    whole = close(tree.root, now=CLOSING_DAY)
    assert (closing_of(member, 2025), closing_of(far, 2025)) == (early, whole)


def test_nothing_is_asked_of_who_studies_as_suits_them_is_no_member_or_came_later(tree):
    at_ease = make_member(tree.branch, flexible_study=True)
    applicant = make_member(tree.branch, status="applicant")
    late = make_member(name="后来")
    Affiliation.objects.create(member=late, organisation=tree.branch, since=JANUARY)
    enter(late)
    close(tree.root)
    targets = dict(YearFigure.objects.values_list("member", "target"))
    assert targets == {at_ease.pk: None, applicant.pk: None, late.pk: None}


def test_who_ended_in_the_year_keeps_the_hours_and_is_not_expected(tree, member):
    enter(member, on=date(2025, 5, 1), at=datetime(2025, 5, 2, tzinfo=UTC))
    ended = datetime(2025, 8, 1, 4, tzinfo=UTC)
    end_membership(member=member, kind="moved_out", ended_on=date(2025, 8, 1), actor=None, now=ended)
    close(tree.root)
    figure = YearFigure.objects.get(member=member)
    assert (figure.counted, figure.target) == (2, None)


# --- by rule ----------------------------------------------------------------------
def test_the_year_is_closed_by_itself_on_its_day_and_not_before(tree, member):
    enter(member)
    assert close_due_years(now=CLOSING_DAY - timedelta(days=1)) == 0
    assert close_due_years(now=CLOSING_DAY) == 1
    assert close_due_years(now=CLOSING_DAY + timedelta(days=1)) == 0
    assert YearClosing.objects.get().closed_by is None


def test_what_an_organiser_closed_earlier_is_not_closed_again(tree, member):
    enter(member)
    close(tree.root, actor=make_leader(tree.root, Role.ORGANISER))
    assert close_due_years(now=CLOSING_DAY) == 0


def test_a_unit_with_a_later_day_of_its_own_is_left_open_until_then(tree, member):
    far = make_member(tree.far)
    Rule.objects.create(
        key="hours.closing_day", value="02-29", source="本地", effective_from=LONG_AGO.date(), organisation=tree.east
    )
    enter(member)
    assert closing_day(tree.branch, 2025) == date(2026, 2, 28)
    assert close_due_years(now=CLOSING_DAY) == 1
    assert closing_of(far, 2025).organisation == tree.root
    assert not YearFigure.objects.filter(member=member).exists()
    assert close_due_years(now=MARCH) == 1
    assert closing_of(member, 2025).organisation == tree.east


def test_a_year_without_hours_is_not_closed_by_itself(tree, member):
    enter(member, on=date(2024, 5, 1))
    assert close_due_years(now=CLOSING_DAY) == 1
    assert YearClosing.objects.get().year == 2024


# --- late entries and supplements --------------------------------------------------
def test_what_is_entered_in_january_for_december_is_a_late_entry_and_no_supplement(tree, member):
    line = enter(member)
    close(tree.root, now=CLOSING_DAY)
    assert (line.is_late_entry, line.year, since(member)) == (True, 2025, [])
    assert not enter(member, on=DECEMBER, at=datetime(2025, 12, 13, tzinfo=UTC)).is_late_entry


def test_what_comes_after_the_closing_is_a_supplement_of_its_day(tree, member):
    line = enter(member)
    close(tree.root, now=CLOSING_DAY)
    take_back(line)
    enter(member, "1", at=MARCH + timedelta(days=2))
    assert since(member) == [("2026-03-05", "冲回：重复登记", "-2.00"), ("2026-03-07", "补录：冬训班", "1.00")]
    assert YearFigure.objects.get(member=member).counted == 2


def test_a_line_whose_request_began_before_the_closing_is_a_supplement_too(tree, member):
    close(tree.root, now=CLOSING_DAY)
    enter(member, at=CLOSING_DAY - timedelta(seconds=3))
    assert len(since(member)) == 1
    assert supplements_under(tree.root, YearClosing.objects.get())[0].people == 1
    assert faults_of_closings() == []


def test_the_units_overview_has_the_supplements_without_a_name(tree, member):
    other = make_member(tree.branch)
    line = enter(member)
    closing = close(tree.root, now=CLOSING_DAY)
    take_back(line)
    for each in (member, other):
        enter(each, "1", at=MARCH, evidence={"title": "补训"})
    found = supplements_under(tree.east, closing)
    assert [(each.unit, each.reason, each.people, each.hours) for each in found] == [
        (tree.branch.name, "冲回：重复登记", 1, -2),
        (tree.branch.name, "补录：补训", 2, 2),
    ]
    assert supplements_under(tree.west, closing) == []


def test_who_came_with_hours_of_a_year_that_is_closed_is_a_supplement_of_their_unit(tree):
    closing = close(tree.root, now=CLOSING_DAY)
    new = make_member(name="新来")
    Affiliation.objects.create(member=new, organisation=tree.branch, since=MARCH)
    enter(new, at=MARCH)
    assert closing_of(new, 2025) == closing
    assert len(since(new)) == len(supplements_under(tree.branch, closing)) == 1


# --- the nightly check ---------------------------------------------------------------
def test_the_check_is_silent_where_all_adds_up_and_names_what_does_not(tree, member):
    line, _other = enter(member), enter(member, "1")
    close(tree.root, now=CLOSING_DAY)
    take_back(line)
    assert faults_of_closings() == []
    figure = YearFigure.objects.get(member=member)
    YearFigure.objects.filter(pk=figure.pk).update(hours={"training": "4.00"})
    assert "结转时 4.00 学时，现在那些条目是 3.00 学时" in faults_of_closings()[0]
    YearFigure.objects.filter(pk=figure.pk).update(lines=[line.pk, 10**6])
    enter(member, at=JANUARY - timedelta(days=9))
    found = faults_of_closings()
    assert "1 条已结转的学时明细不见了" in found[0]
    assert "2 条结转以前的学时明细没有在结转里" in found[1]
