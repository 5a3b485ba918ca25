from django.core.management.base import BaseCommand, CommandParser

from learning.claims.checking import check_claims
from learning.hours.checking import check_hours
from learning.years.checking import faults_of_closings


class Command(BaseCommand):
    help = "Says where ledger, marks, entries by hand and closed years do not agree; then the exit is 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="only this year")

    def handle(self, *args, year: int | None, **options) -> None:
        found = [*check_hours(year=year), *check_claims(year=year), *faults_of_closings()]
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise SystemExit(1)
        self.stdout.write("学时明细、学习记录、人工补录和已结转的年度都对得上。")
