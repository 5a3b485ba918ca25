"""What a workbook of questions would change in a bank: only reads."""

from dataclasses import dataclass, field, replace

from learning.quizzes.models import Question, QuestionBank
from learning.quizzes.question_rows import QuestionRow, check_questions
from learning.quizzes.scoring import normal
from members.organisation.import_report import ImportReport, all_problems
from members.organisation.problems import Problem
from members.organisation.workbook import Sheet

NO_BANK_NAME = "The name of the question bank must have 1 to {limit} characters."
LONGEST_NAME = 100


@dataclass
class QuestionPlan:
    made: list[QuestionRow] = field(default_factory=list)
    changed: list[tuple[Question, QuestionRow]] = field(default_factory=list)
    report: ImportReport = field(default_factory=ImportReport)


def plan_questions(sheet: Sheet, *, bank_name: str, bank: QuestionBank | None) -> QuestionPlan:
    """The new and the changed questions of a sheet, or its problems; `bank` is None where it would be made."""
    questions, row_problems = check_questions(sheet.rows)
    problems = all_problems(sheet, row_problems)
    if not 1 <= len(bank_name) <= LONGEST_NAME:
        problems.insert(0, Problem(NO_BANK_NAME, values={"limit": LONGEST_NAME}))
    plan = QuestionPlan(report=ImportReport(problems=problems, ignored_columns=sheet.ignored_columns))
    if problems:
        return plan
    known = questions_of(bank) if bank else {}
    for row in questions:
        question = known.get(row.identity)
        if question is None:
            plan.made.append(row)
        elif question.is_retired or not says(question, row.said):
            plan.changed.append((question, row))
    made, changed = len(plan.made), len(plan.changed)
    plan.report = replace(plan.report, made=made, changed=changed, unchanged=len(questions) - made - changed)
    return plan


def questions_of(bank: QuestionBank) -> dict[tuple[str, str], Question]:
    """The questions of a bank as they read now, by kind and words; one that is asked before one that is not."""
    latest = Question.objects.filter(bank=bank, successor=None).order_by("-is_retired", "pk")
    return {(question.kind, normal(question.text)): question for question in latest}


def says(question: Question, said: dict) -> bool:
    """The question reads exactly so."""
    return all(getattr(question, name) == value for name, value in said.items())
