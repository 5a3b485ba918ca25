import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from config.diagnosis import findings
from config.terminal import speak_plainly

MARKS = {"good": "好", "note": "注", "bad": "！"}


class Command(BaseCommand):
    help = "Looks the installation over; the exit is 1 where something has to be done."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args, as_json: bool, **options) -> None:
        speak_plainly()
        found = list(findings())
        if as_json:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
        else:
            for finding in found:
                self.stdout.write(f"{MARKS[finding.state]} {finding.subject}：{finding.sentence}")
        if any(finding.state == "bad" for finding in found):
            raise SystemExit(1)
