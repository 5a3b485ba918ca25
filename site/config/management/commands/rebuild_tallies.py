from django.core.management.base import BaseCommand, CommandParser

from learning.completion.recount import wrong_days, wrong_tallies
from learning.completion.tallies import rebuild_tallies


class Command(BaseCommand):
    help = "Counts the organiser's figures anew from the completions; --check only says whether they agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; the exit is 1 where a figure differs")

    def handle(self, *args, check: bool, **options) -> None:
        if not check:
            self.stdout.write(f"重新数了一遍，改正了 {rebuild_tallies()} 个数。")
            return
        wrong = len(wrong_tallies()) + len(wrong_days())
        if wrong:
            self.stderr.write(f"有 {wrong} 个数和明细对不上。请运行：manage.py rebuild_tallies")
            raise SystemExit(1)
        self.stdout.write("都对得上。")
