"""What a list of training records would change in the ledger: only reads."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from learning.hours.models import HoursEntry
from learning.training.rows import TrainingRow, check_trainings, title_key
from members.accounts.held_plan import people_by_number
from members.accounts.held_rows import Person
from members.accounts.member_plan import batches
from members.organisation.import_report import ImportReport, Tell, all_problems, silence
from members.organisation.models import Organisation
from members.organisation.workbook import Sheet

KEY_CHARACTERS = 24


@dataclass(frozen=True)
class Known:
    """The line that stands for a training (None where it was taken back), and how many there were."""

    standing: HoursEntry | None = None
    times: int = 0


@dataclass
class TrainingPlan:
    made: list[TrainingRow] = field(default_factory=list)
    changed: list[tuple[TrainingRow, HoursEntry]] = field(default_factory=list)
    known: dict[tuple[int, str], Known] = field(default_factory=dict)
    report: ImportReport = field(default_factory=ImportReport)


def plan_trainings(
    sheet: Sheet, *, today: date, within: Collection[str] | None = None, tell: Tell = silence
) -> TrainingPlan:
    """The new and the corrected lines of a sheet, or its problems; what stands so already is unchanged."""
    rows, row_problems = check_trainings(sheet.rows, _people(sheet, within), today)
    problems = all_problems(sheet, row_problems)
    plan = TrainingPlan(report=ImportReport(problems=problems, ignored_columns=sheet.ignored_columns))
    if problems:
        return plan
    for some in batches(rows):
        plan.known |= known_lines((row.member_id, key_of(row.title, row.since)) for row in some)
        for row in some:
            _sort(plan, row)
        tell(min(some[-1].row, len(rows)))
    made, changed = len(plan.made), len(plan.changed)
    plan.report = ImportReport(made, changed, len(rows) - made - changed, [], sheet.ignored_columns)
    return plan


def key_of(title: str, since: date) -> str:
    """The training, as the ledger knows it: its title and its first day."""
    said = f"{title_key(title)}\n{since.isoformat()}"
    return f"training:{hashlib.sha256(said.encode()).hexdigest()[:KEY_CHARACTERS]}"


def known_lines(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Known]:
    """{(member, key): what the ledger holds of it}."""
    wanted = set(pairs)
    lines = HoursEntry.objects.filter(member__in={member for member, _ in wanted}, reverses=None)
    ours = lines.filter(source_key__startswith="training:").select_related("reversed_by").order_by("pk")
    found: dict[tuple[int, str], list[HoursEntry]] = defaultdict(list)
    for line in ours:
        key = ":".join(line.source_key.split(":")[:2])
        if (line.member_id, key) in wanted:
            found[line.member_id, key].append(line)
    return {pair: Known(_standing(own), len(own)) for pair, own in found.items()}


def _standing(lines: list[HoursEntry]) -> HoursEntry | None:
    return next((line for line in lines if not hasattr(line, "reversed_by")), None)


def _sort(plan: TrainingPlan, row: TrainingRow) -> None:
    line = plan.known.get((row.member_id, key_of(row.title, row.since)), Known()).standing
    if line is None:
        plan.made.append(row)
    elif (line.hours, line.earned_on, line.evidence.get("held_by")) != (row.hours, row.until, row.held_by):
        plan.changed.append((row, line))


def _people(sheet: Sheet, within: Collection[str] | None) -> dict[str, Person]:
    path_of = dict(Organisation.objects.values_list("pk", "path"))
    found: dict[str, Person] = {}
    for some in batches({row.cells[0] for row in sheet.rows}):
        found |= people_by_number(some, path_of, within)
    return found
