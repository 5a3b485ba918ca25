from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import messages


class Command(BaseCommand):
    help = "Merges and compiles the translations of the interface; --check only says what is missing or stale."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check: bool, **options) -> None:
        merged = messages.merge(messages.PARTS)
        problems = merged.problems + messages.unsaid(merged.catalog)
        for name, content in zip(("django.po", "django.mo"), messages.written(merged.catalog), strict=True):
            path = messages.FOLDER / name
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            elif not path.exists() or path.read_bytes() != content:
                problems.append(f"{name} is not what the parts say: run `make messages`")
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{len(merged.catalog)} texts, all of them in Chinese.")
