"""In whatever order hours are entered, taken back, closed and printed, everything that was said stays true."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.hours.models import HoursEntry
from learning.years.checking import faults_of_closings
from learning.years.issuing import issue_record, verified
from learning.years.models import YearClosing, YearFigure, YearRecord
from learning.years.supplements import closed_year, supplements_under
from tests.factories import make_person, make_tree
from tests.learning.test_years import JANUARY, close, enter, take_back

YEARS = (2024, 2025)
DEEDS = st.one_of(
    st.tuples(st.just("enter"), st.integers(0, 1), st.sampled_from(YEARS), st.integers(1, 40)),
    st.tuples(st.just("take back"), st.integers(0, 20)),
    st.tuples(st.just("close"), st.sampled_from(("root", "east", "branch")), st.sampled_from(YEARS)),
    st.tuples(st.just("print"), st.integers(0, 1), st.sampled_from(YEARS)),
)


def ledger(member, year) -> Decimal:
    return sum(HoursEntry.objects.filter(member=member, year=year).values_list("hours", flat=True), Decimal(0))


class YearsAddUp(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(DEEDS, max_size=14))
    def test_whatever_happens_in_whatever_order(self, deeds):
        self.tree = make_tree()
        self.people = [make_person(self.tree.branch), make_person(self.tree.sibling)]
        self.now, self.printed, self.closed = JANUARY, {}, {}
        for name, *what in deeds:
            self.now += timedelta(hours=5)
            getattr(self, f"_{name.replace(' ', '_')}")(*what)
        self._everything_is_true()

    def _enter(self, who, year, quarters):
        enter(self.people[who].member, Decimal(quarters) / 4, on=date(year, 12, 1), at=self.now)

    def _take_back(self, which):
        standing = list(HoursEntry.objects.filter(reverses=None, reversed_by=None).order_by("pk"))
        if standing:
            take_back(standing[which % len(standing)], at=self.now)

    def _close(self, where, year):
        close(getattr(self.tree, where), year=year, now=self.now)
        for figure in YearFigure.objects.filter(year=year):
            self.closed.setdefault((figure.member_id, year), ledger(figure.member, year))

    def _print(self, who, year):
        person = self.people[who]
        record = issue_record(member=person.member, year=year, actor=person, now=self.now)
        self.printed.setdefault(record.pk, ledger(person.member, year))

    def _everything_is_true(self):
        for record in YearRecord.objects.select_related("member"):
            found = verified(record)
            assert found.is_intact
            assert found.counted == self.printed[record.pk]
            assert found.counted_today == ledger(record.member, record.year)
            assert found.counted + sum(each.hours for each in found.since) == found.counted_today
        for figure in YearFigure.objects.select_related("member"):
            assert figure.counted == self.closed[figure.member_id, figure.year]
            shown = closed_year(figure.member, figure.year, entries=HoursEntry.objects.all())
            since = sum((each.hours for each in shown.supplements), Decimal(0))
            assert figure.counted + since == ledger(figure.member, figure.year)
        for closing in YearClosing.objects.filter(organisation=self.tree.root):
            since = sum((each.hours for each in supplements_under(self.tree.root, closing)), Decimal(0))
            held = sum(YearFigure.objects.filter(year=closing.year).values_list("counted", flat=True), Decimal(0))
            lines = HoursEntry.objects.filter(year=closing.year).values_list("hours", flat=True)
            assert held + since == sum(lines, Decimal(0))
        assert faults_of_closings() == []
