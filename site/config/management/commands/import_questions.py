from argparse import ArgumentParser
from typing import Any

from config.management.workbook_command import WorkbookCommand
from learning.quizzes.actions import import_questions
from learning.quizzes.question_rows import COLUMNS


class Command(WorkbookCommand):
    help = "Takes the questions of a workbook into a question bank, all rows or none."
    columns = COLUMNS
    take = staticmethod(import_questions)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--bank", required=True, help="the name of the question bank; made where there is none")

    def beside(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"bank": options["bank"]}
