from django.core.management.base import BaseCommand, CommandParser

from learning.hours.checking import check_hours
from learning.years.checking import faults_of_closings


class Command(BaseCommand):
    help = "Says where ledger, marks and closed years do not agree; the exit is 1 where something was found."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="only this year")

    def handle(self, *args, year: int | None, **options) -> None:
        found = [*check_hours(year=year), *faults_of_closings()]
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise SystemExit(1)
        self.stdout.write("学时明细、学习记录和已结转的年度都对得上。")
