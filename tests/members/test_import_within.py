"""An organiser imports what lies under their own part of the tree; every other row is said with its reason."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.accounts import member_rows
from members.accounts.actions import import_members
from members.accounts.models import Member
from members.organisation import unit_rows
from members.organisation.actions import import_organisations
from members.organisation.models import Affiliation, Organisation
from tests.factories import make_member, make_tree
from tests.members.register import exported_units
from tests.members.workbooks import sheet_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def tree():
    return make_tree()


def person(number: str, unit, name: str = "周新") -> tuple:
    return (number, name, "", unit.code, "正式党员", "2001-07-01", "")


def bring_people(tree, *rows) -> list[tuple[int, str, str]]:
    report = import_members(sheet=sheet_of(*rows), actor=None, now=NOW, within=[tree.east.path])
    return [(problem.row, problem.column, problem.reason) for problem in report.problems]


def bring_units(tree, *rows) -> list[tuple[int, str, str]]:
    report = import_organisations(sheet=sheet_of(*rows), actor=None, now=NOW, within=[tree.east.path])
    return [(problem.row, problem.column, problem.reason) for problem in report.problems]


def test_people_come_into_units_under_ones_own(tree):
    assert bring_people(tree, person("800001", tree.branch), person("800002", tree.group)) == []
    assert Member.objects.count() == 2


def test_nobody_is_put_into_a_unit_elsewhere_and_then_no_row_is_taken(tree):
    found = bring_people(tree, person("800001", tree.branch), person("800002", tree.far), person("800003", tree.root))
    assert found == [(3, member_rows.UNIT, member_rows.OUTSIDE), (4, member_rows.UNIT, member_rows.OUTSIDE)]
    assert not Member.objects.exists()


def test_nobody_is_fetched_from_elsewhere_by_naming_their_number(tree):
    far = make_member(tree.far, number="800009", name="远方")
    assert bring_people(tree, person("800009", tree.branch, "远方")) == [(2, member_rows.NUMBER, member_rows.ELSEWHERE)]
    far.refresh_from_db()
    assert far.organisation_now() == tree.far


def test_who_belongs_nowhere_just_now_is_not_fetched_either(tree):
    make_member(number="800009")
    assert bring_people(tree, person("800009", tree.branch)) == [(2, member_rows.NUMBER, member_rows.ELSEWHERE)]


def test_the_command_line_reaches_the_whole_house(tree):
    make_member(tree.far, number="800009", name="远方")
    report = import_members(sheet=sheet_of(person("800009", tree.branch, "远方")), actor=None, now=NOW)
    assert report.is_written


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (lambda t: ("N1", "新支部", "党支部", t.west.code, ""), unit_rows.PARENT, unit_rows.NOT_BELOW_YOURS),
        (lambda t: ("N1", "新党工委", "党工委", "", ""), unit_rows.PARENT, unit_rows.NOT_BELOW_YOURS),
        (lambda t: (t.far.code, "改名", "党支部", t.west.code, ""), unit_rows.CODE, unit_rows.OUTSIDE),
        (lambda t: (t.far.code, "移来", "党支部", t.east.code, ""), unit_rows.CODE, unit_rows.OUTSIDE),
        (lambda t: (t.branch.code, "移走", "党支部", t.west.code, ""), unit_rows.PARENT, unit_rows.NOT_BELOW_YOURS),
        (lambda t: (t.east.code, "东", "党委", "", ""), unit_rows.PARENT, unit_rows.NOT_BELOW_YOURS),
        (lambda t: (t.root.code, "改名", "党工委", "", ""), unit_rows.CODE, unit_rows.OUTSIDE),
    ],
)
def test_a_unit_elsewhere_is_neither_changed_nor_moved_nor_grown(tree, row, column, reason):
    before = exported_units()
    assert (2, column, reason) in bring_units(tree, row(tree))
    assert exported_units() == before


def test_units_grow_and_change_under_ones_own(tree):
    rows = [
        ("N1", "新支部", "党支部", tree.east.code, ""),
        ("N11", "新小组", "党小组", "N1", ""),
        (tree.east.code, "东社区党委（改名）", "党委", tree.root.code, ""),
        (tree.group.code, "第一党小组", "党小组", "N1", ""),
    ]
    assert bring_units(tree, *rows) == []
    assert Organisation.objects.get(code=tree.group.code).get_parent().code == "N1"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6))
def test_whatever_is_sent_nothing_outside_is_other_than_before(tree, moves):
    """Rows at random over the whole tree: a list is refused, or what it changed lay under the organiser's part."""
    units = [tree.root, tree.east, tree.branch, tree.group, tree.sibling, tree.west, tree.far]
    kinds = {unit.code: row for row in exported_units() for unit in units if row[0] == unit.code}
    outside = {row for row in exported_units() if row[0] in (tree.root.code, tree.west.code, tree.far.code)}
    rows = [(units[a].code, "另一个名称", kinds[units[a].code][2], units[b].code, "") for a, b in moves]
    bring_units(tree, *rows)
    assert outside <= exported_units()
    people = [person(f"81{place:04d}", units[a]) for place, (a, _) in enumerate(moves)]
    bring_people(tree, *people)
    far = Affiliation.objects.exclude(organisation__path__startswith=tree.east.path)
    assert not far.exists()
