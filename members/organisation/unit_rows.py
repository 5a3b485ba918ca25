"""What the rows of a workbook of organisations mean, and what is wrong with them. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from members.organisation.problems import Problem
from members.organisation.reserved_codes import is_reserved
from members.organisation.unit_words import KIND_WORDS, NO_SUPERIOR, NOBODY_BELONGS, SUPERIORS, WORD_OF_KIND, kind_of
from members.organisation.workbook import Row

COLUMNS = ("编码", "名称", "类型", "上级编码", "行业")
CODE, NAME, KIND, PARENT, SECTOR = COLUMNS

MISSING = "This cell must not be empty."
WRONG_CODE = "A code has at most 40 letters and digits; dots, hyphens and underscores may stand between them."
RESERVED = "This word stands in addresses of the platform; a unit of this code could not be reached."
LONG = "This has more than {limit} characters."
TWICE = "Row {first} has the same code."
UNKNOWN_KIND = "This type is not known. It must be one of: {words}."
UNKNOWN_PARENT = "There is no unit with this code, neither in the file nor in the register."
OWN_PARENT = "A unit cannot be its own superior."
CIRCLE = "Going up from this unit leads back to itself: {codes}."
CLOSED = "The unit {code} has been closed."
WRONG_PARENT = "A {kind} cannot stand directly under a {superior}."
NEEDS_PARENT = "A {kind} must have a superior unit."
CHILD_BELOW = "The {child} {code} stands under it, so it cannot become a {kind}."
PEOPLE_BELONG = "People belong to this unit, so it cannot become a {kind}."
OUTSIDE = "You are not organiser for this unit."
NOT_BELOW_YOURS = "The unit must stand under one for which you are organiser."
TOO_DEEP = "There are more than {limit} levels above this unit."

CODE_FORM = re.compile("[0-9A-Za-z](?:[0-9A-Za-z._-]{0,38}[0-9A-Za-z])?")
NAME_CHARACTERS, SECTOR_CHARACTERS = 100, 50
LEVELS = 20


@dataclass(frozen=True)
class Unit:
    """A unit as a row or the register has it; `parent` is a code, empty for none."""

    code: str
    name: str
    kind: str
    parent: str
    sector: str
    row: int = 0
    is_closed: bool = False
    has_people: bool = False
    is_led: bool = True


def check_units(
    rows: list[Row], known: Mapping[str, Unit], *, is_limited: bool = False
) -> tuple[list[Unit], list[Problem]]:
    """The units of a workbook, superiors first, and every problem of every row, given the units of the register.

    `is_limited`: only units that are led, and new ones under these, may be named.
    """
    found: list[Problem] = []
    units: dict[str, Unit] = {}
    for row in rows:
        unit, problems = _read(row, known)
        if unit.code in units:
            problems.append(Problem(TWICE, row.number, CODE, {"first": units[unit.code].row}))
        elif unit.code:
            units[unit.code] = unit
        found.extend(problems)
    tree = _Tree({**known, **units})
    spoilt = {problem.row for problem in found}
    found.extend(problem for unit in units.values() for problem in tree.problems_of(unit, spoilt))
    found.extend(problem for unit in units.values() for problem in _problems_of_reach(unit, known, is_limited))
    found.extend(_problems_below(units, known, spoilt))
    if found:
        return [], found
    return sorted(units.values(), key=lambda unit: len(tree.above(unit))), []


def _read(row: Row, known: Mapping[str, Unit]) -> tuple[Unit, list[Problem]]:
    code, name, word, parent, sector = row.cells
    needed = zip(COLUMNS[:3], row.cells[:3], strict=True)
    problems = [Problem(MISSING, row.number, column) for column, text in needed if not text]
    if code and not CODE_FORM.fullmatch(code):
        problems.append(Problem(WRONG_CODE, row.number, CODE))
    elif is_reserved(code) and code not in known:
        problems.append(Problem(RESERVED, row.number, CODE))
    for column, text, limit in ((NAME, name, NAME_CHARACTERS), (SECTOR, sector, SECTOR_CHARACTERS)):
        if len(text) > limit:
            problems.append(Problem(LONG, row.number, column, {"limit": limit}))
    kind = kind_of(word)
    if word and not kind:
        problems.append(Problem(UNKNOWN_KIND, row.number, KIND, {"words": "、".join(KIND_WORDS)}))
    before = known.get(code)
    if before and before.is_closed:
        problems.append(Problem(CLOSED, row.number, CODE, {"code": code}))
    if before and before.has_people and kind != before.kind and kind in NOBODY_BELONGS:
        problems.append(Problem(PEOPLE_BELONG, row.number, KIND, {"kind": word}))
    kept_sector = sector or (before.sector if before else "")
    return Unit(code, " ".join(name.split()), kind or "", parent, kept_sector, row.number), problems


def _problems_of_reach(unit: Unit, known: Mapping[str, Unit], is_limited: bool) -> Iterator[Problem]:
    """Nobody changes what lies outside their part of the tree, or moves a unit out of it or into it."""

    def is_led(code: str) -> bool:  # a superior that only the file names is judged in its own row
        return not is_limited if code == NO_SUPERIOR else code not in known or known[code].is_led

    before = known.get(unit.code)
    if before and not before.is_led:
        yield Problem(OUTSIDE, unit.row, CODE)
    elif before and before.parent == unit.parent:
        return
    elif not is_led(unit.parent) or (before and not is_led(before.parent)):
        yield Problem(NOT_BELOW_YOURS, unit.row, PARENT)


class _Tree:
    """The register as it will be."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units

    def above(self, unit: Unit) -> list[str]:
        """The codes of the superiors from the nearest up; ends with the first that comes twice."""
        codes, parent = [unit.code], unit.parent
        while parent in self.units:
            codes.append(parent)
            if parent in codes[:-1]:
                break
            parent = self.units[parent].parent
        return codes[1:]

    def problems_of(self, unit: Unit, spoilt: set[int]) -> Iterator[Problem]:
        """What is wrong with where the unit stands; says nothing that only follows from another row's problem."""
        if unit.parent == unit.code:
            yield Problem(OWN_PARENT, unit.row, PARENT)
            return
        if unit.parent and unit.parent not in self.units:
            yield Problem(UNKNOWN_PARENT, unit.row, PARENT)
            return
        above = self.above(unit)
        if unit.code in above:
            yield Problem(CIRCLE, unit.row, PARENT, {"codes": " → ".join([unit.code, *above])[:200]})
        elif len(above) > LEVELS:
            yield Problem(TOO_DEEP, unit.row, PARENT, {"limit": LEVELS})
        elif unit.row not in spoilt:
            yield from self._problem_of_parent(unit, spoilt)

    def _problem_of_parent(self, unit: Unit, spoilt: set[int]) -> Iterator[Problem]:
        kind = WORD_OF_KIND[unit.kind]
        parent = self.units.get(unit.parent)
        if parent is None:
            if NO_SUPERIOR not in SUPERIORS[unit.kind]:
                yield Problem(NEEDS_PARENT, unit.row, PARENT, {"kind": kind})
        elif parent.is_closed:
            yield Problem(CLOSED, unit.row, PARENT, {"code": parent.code})
        elif not (parent.row and parent.row in spoilt) and parent.kind not in SUPERIORS[unit.kind]:
            values = {"kind": kind, "superior": WORD_OF_KIND[parent.kind]}
            yield Problem(WRONG_PARENT, unit.row, PARENT, values)


def _problems_below(units: Mapping[str, Unit], known: Mapping[str, Unit], spoilt: set[int]) -> Iterator[Problem]:
    """A unit may not become of a kind under which its lower units, which the file does not name, cannot stand."""
    for child in known.values():
        parent = units.get(child.parent)
        if child.code in units or child.is_closed or parent is None or parent.row in spoilt:
            continue
        if parent.kind not in SUPERIORS[child.kind]:
            values = {"child": WORD_OF_KIND[child.kind], "code": child.code, "kind": WORD_OF_KIND[parent.kind]}
            yield Problem(CHILD_BELOW, parent.row, KIND, values)
