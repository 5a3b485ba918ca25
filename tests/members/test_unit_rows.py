"""What may be wrong with the rows of a workbook of organisations: each is said with its row, column and reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.organisation import unit_rows
from members.organisation.kinds import FUNCTIONAL_KINDS, OrganisationKind
from members.organisation.problems import Problem
from members.organisation.unit_rows import CODE, KIND, NAME, PARENT, SECTOR, Unit, check_units
from members.organisation.unit_words import KIND_WORDS, NOBODY_BELONGS, OTHER_KIND_WORDS, SUPERIORS
from tests.members.workbooks import sheet_of

ROOT = ("R", "柳湾街道党工委", "党工委", "", "街道")
EAST = ("R1", "东社区党委", "党委", "R", "社区")
BRANCH = ("R11", "第一党支部", "党支部", "R1", "居民区")
GROUP = ("R111", "第一党小组", "党小组", "R11", "居民区")


def problems_of(*rows: tuple, known: dict[str, Unit] | None = None) -> list[tuple[int, str, str]]:
    _, problems = check_units(sheet_of(*rows).rows, known or {})
    return [(problem.row, problem.column, problem.reason) for problem in problems]


def register(*rows: tuple, **facts) -> dict[str, Unit]:
    units, problems = check_units(sheet_of(*rows).rows, {})
    assert problems == []
    return {unit.code: Unit(unit.code, unit.name, unit.kind, unit.parent, unit.sector, **facts) for unit in units}


def test_units_come_back_with_their_superiors_first():
    units, problems = check_units(sheet_of(GROUP, BRANCH, EAST, ROOT).rows, {})
    assert problems == []
    assert [unit.code for unit in units] == ["R", "R1", "R11", "R111"]


def test_a_superior_may_stand_in_the_register_alone():
    assert problems_of(BRANCH, known=register(ROOT, EAST)) == []


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (("", "名称", "党支部", "R1", ""), CODE, unit_rows.MISSING),
        (("R11", "", "党支部", "R1", ""), NAME, unit_rows.MISSING),
        (("R11", "名称", "", "R1", ""), KIND, unit_rows.MISSING),
        (("R 11", "名称", "党支部", "R1", ""), CODE, unit_rows.WRONG_CODE),
        (("编码", "名称", "党支部", "R1", ""), CODE, unit_rows.WRONG_CODE),
        (("R" * 41, "名称", "党支部", "R1", ""), CODE, unit_rows.WRONG_CODE),
        (("R11", "名" * 101, "党支部", "R1", ""), NAME, unit_rows.LONG),
        (("R11", "名称", "党支部", "R1", "业" * 51), SECTOR, unit_rows.LONG),
        (("R11", "名称", "党组", "R1", ""), KIND, unit_rows.UNKNOWN_KIND),
        (("R11", "名称", "党支部", "R9", ""), PARENT, unit_rows.UNKNOWN_PARENT),
        (("R11", "名称", "党支部", "R11", ""), PARENT, unit_rows.OWN_PARENT),
        (("R1", "名称", "党支部", "R", ""), CODE, unit_rows.TWICE),
        (("R11", "名称", "党小组", "R1", ""), PARENT, unit_rows.WRONG_PARENT),
        (("R11", "名称", "楼栋党小组", "R1", ""), PARENT, unit_rows.WRONG_PARENT),
        (("R11", "名称", "党小组", "", ""), PARENT, unit_rows.NEEDS_PARENT),
    ],
)
def test_a_bad_row_is_named_by_row_column_and_reason(row, column, reason):
    assert problems_of(ROOT, EAST, row) == [(4, column, reason)]


def test_every_bad_row_is_named_and_nothing_that_only_follows():
    bad_kind = ("R11", "第一党支部", "支", "R1", "")
    assert problems_of(ROOT, EAST, bad_kind, GROUP, ("R12", "", "党支部", "R1", "")) == [
        (4, KIND, unit_rows.UNKNOWN_KIND),
        (6, NAME, unit_rows.MISSING),
    ]


def test_a_circle_is_named_on_each_of_its_rows():
    circle = [("A", "甲", "党委", "C", ""), ("B", "乙", "党委", "A", ""), ("C", "丙", "党委", "B", "")]
    _, problems = check_units(sheet_of(*circle).rows, {})
    assert problems[0] == Problem(unit_rows.CIRCLE, 2, PARENT, {"codes": "A → C → B → A"})
    assert [problem.row for problem in problems] == [2, 3, 4]


def test_a_circle_through_the_register_is_found():
    known = register(ROOT, EAST, ("R2", "二党委", "党委", "R1", ""))
    assert problems_of(("R1", "东社区党委", "党委", "R2", "社区"), known=known) == [(2, PARENT, unit_rows.CIRCLE)]


def test_too_many_levels_are_refused():
    rows = [("C0", "党委", "党委", "", "")] + [(f"C{n}", "党委", "党委", f"C{n - 1}", "") for n in range(1, 30)]
    found = problems_of(*rows)
    assert {reason for _, _, reason in found} == {unit_rows.TOO_DEEP}
    assert found[0][0] == 2 + unit_rows.LEVELS + 1


def test_a_closed_unit_is_neither_changed_nor_a_superior():
    known = register(ROOT, EAST, is_closed=True)
    assert problems_of(BRANCH, known=known) == [(2, PARENT, unit_rows.CLOSED)]
    assert problems_of(EAST, known=known)[0] == (2, CODE, unit_rows.CLOSED)


def test_a_branch_with_groups_cannot_become_a_group():
    known = register(ROOT, EAST, BRANCH, GROUP, ("R12", "第二党支部", "党支部", "R1", ""))
    changed = ("R11", "第一党支部", "党小组", "R12", "")
    assert problems_of(changed, known=known) == [(2, KIND, unit_rows.CHILD_BELOW)]


def test_a_unit_with_people_cannot_become_one_to_which_nobody_belongs():
    changed = ("R11", "第一党支部", "片区党支部", "R1", "")
    known = register(ROOT, EAST, BRANCH)
    assert problems_of(changed, known=known) == []
    lived_in = register(ROOT, EAST, BRANCH, has_people=True)
    assert problems_of(changed, known=lived_in) == [(2, KIND, unit_rows.PEOPLE_BELONG)]


def test_a_blank_sector_leaves_the_known_one():
    [unit], _ = check_units(sheet_of((*BRANCH[:4], "")).rows, register(ROOT, EAST, BRANCH))
    assert unit.sector == "居民区"


def test_the_words_name_every_kind():
    assert sorted(KIND_WORDS.values()) == sorted(SUPERIORS) == sorted(OrganisationKind.values)
    assert set(OTHER_KIND_WORDS.values()) <= set(OrganisationKind.values)
    assert NOBODY_BELONGS == FUNCTIONAL_KINDS


CELLS = st.text(max_size=6) | st.sampled_from(["R", "R1", "R11", "党支部", "党委", "党小组", ""])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=6))
def test_any_rows_are_either_taken_or_named(rows):
    units, problems = check_units(sheet_of(*rows).rows, register(ROOT, EAST, BRANCH))
    assert bool(units) != bool(problems) or not rows
    assert len(units) in (0, len(rows))
    assert all(2 <= problem.row < 2 + len(rows) for problem in problems)
