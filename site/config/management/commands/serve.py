import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from config import machine, preparation
from config.serving import House, address, only_one
from config.terminal import say, speak_any_encoding, step


class Command(BaseCommand):
    help = "Prepares the installation, then serves it until it is stopped: what `make run` does."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        speak_any_encoding()
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        try:
            machine.check_disk(settings.VAR, machine.RUNNING_MEGABYTES)
            with only_one():
                machine.check_address(host, port)
                prepare(with_demo=os.environ.get("DEMO", "1") != "0")
                say("正在启动 Starting …")
                House(host, port).run(greet=lambda: greet(host, port))
        except machine.NotReadyError as missing:
            sys.exit(str(missing))
        except KeyboardInterrupt:
            say("停下了。再运行一次，会接着做完。 Stopped; run it again to go on.")
        else:
            say("停下了。 Stopped.")


def prepare(*, with_demo: bool) -> None:
    say("正在准备 Preparing")
    for name, work in preparation.STEPS:
        step(name, work)
    for name, work in preparation.LAST_STEPS:
        step(name, work)


def greet(host: str, port: str) -> None:
    say(f"\n请打开 Open:  {address(host, port)}\n")
    say(f"停止按 Ctrl-C；日志在 {settings.VAR / 'log'}。 Stop with Ctrl-C; logs are in that folder.")
