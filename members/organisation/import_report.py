"""What became of a workbook, as a value. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field

from members.organisation.problems import Problem
from members.organisation.workbook import Sheet

Tell = Callable[[int], None]  # is told how many rows are done


def silence(done: int) -> None:
    """Nobody waits to hear how far it is."""


@dataclass(frozen=True)
class ImportReport:
    """How many rows are new, changed and as they were, or why not one of them was taken."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    is_written: bool = False
    batch_id: int | None = None  # under which what was written can be undone

    @property
    def has_news(self) -> bool:
        """Every row can be taken, and there is something to write."""
        return not self.problems and self.made + self.changed > 0


def all_problems(sheet: Sheet, row_problems: list[Problem]) -> list[Problem]:
    """What is wrong with the file, or else with its cells and rows; one reason for each cell."""
    if any(not problem.row for problem in sheet.problems):
        return sheet.problems
    named = {(problem.row, problem.column) for problem in sheet.problems}
    others = [problem for problem in row_problems if (problem.row, problem.column) not in named]
    return sorted([*sheet.problems, *others], key=lambda problem: problem.row)
