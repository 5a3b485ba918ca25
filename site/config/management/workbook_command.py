"""What the commands that take a workbook have in common: one line for each bad row, never a traceback."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.organisation.import_report import ImportReport
from members.organisation.sentences import say
from members.organisation.workbook import Columns, read_rows


class WorkbookCommand(BaseCommand):
    """Ends with 0 only when every row was taken (or could be, on a dry run); else with 1, and nothing is written."""

    columns: Columns
    take: Callable[..., ImportReport]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the list (.xlsx or .csv)")
        parser.add_argument("--dry-run", action="store_true", help="only look whether every row can be taken")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        try:
            sheet = read_rows(file, self.columns)
            beside = self.beside(options)
            report = type(self).take(sheet=sheet, actor=None, now=timezone.now(), dry_run=dry_run, **beside)
        except IntegrityError:
            self._end(_("Somebody else changed the same data at this moment. Nothing was written; please try again."))
        except DatabaseError:
            self._end(_("The database is busy or not ready. Nothing was written; please try again in a minute."))
        if report.ignored_columns:
            names = "、".join(report.ignored_columns)
            self.stderr.write(_("These columns were ignored: {names}.").format(names=names))
        if report.problems:
            self._list(report)
        self._tell(report, dry_run)

    def beside(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the action is told besides the sheet."""
        return {}

    def _list(self, report: ImportReport) -> None:
        for problem in report.problems:
            self.stderr.write(say(problem))
        rows = len({problem.row for problem in report.problems if problem.row})
        nothing = _("Nothing was written.")
        if rows:
            nothing = _("{rows} rows cannot be taken. Nothing was written.").format(rows=rows)
        self._end(nothing)

    def _tell(self, report: ImportReport, dry_run: bool) -> None:
        counts = {"made": report.made, "changed": report.changed, "unchanged": report.unchanged}
        said = _("{made} new, {changed} changed, {unchanged} unchanged.")
        if dry_run:
            said = _(
                "Every row can be taken: {made} new, {changed} changed, {unchanged} unchanged. Nothing was written."
            )
        self.stdout.write(said.format(**counts))

    def _end(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(1)
