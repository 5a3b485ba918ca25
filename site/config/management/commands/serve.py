import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from config import machine, preparation
from config.demonstration import sign_in_cards
from config.installation import is_begun, is_demo
from config.serving import House, address, only_one
from config.terminal import say, speak_plainly, step


class Command(BaseCommand):
    help = "Prepares the installation, then serves it until it is stopped: what `make run` does."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        speak_plainly()
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        try:
            machine.check_disk(settings.VAR, machine.RUNNING_MEGABYTES)
            with only_one():
                machine.check_address(host, port)
                prepare(with_demo=os.environ.get("DEMO", "1") != "0")
                say("正在启动 Starting …")
                House(host, port).run(greet=lambda: greet(address(host, port)))
        except machine.NotReadyError as missing:
            sys.exit(str(missing))
        except KeyboardInterrupt:
            say("\n停下了。再运行一次，会接着做完。 Stopped; run it again to go on.")
        else:
            say("停下了。 Stopped.")


def prepare(*, with_demo: bool) -> None:
    say("正在准备 Preparing")
    for name, work in preparation.STEPS:
        step(name, work)
    if with_demo:
        step("演示内容 Demo", preparation.load_demo)
    step("搜索 Search index", preparation.build_index)


def greet(url: str) -> None:
    """The address; at the first start of a demo also the cards of those who show it."""
    say(f"\n请打开 Open:  {url}\n")
    manage = f"{os.path.relpath(sys.executable, settings.ROOT)} manage.py"
    if not is_begun():
        say(f"还没有内容。请这样开始 Nothing in here yet, begin with:\n  {manage} begin 名称 --help-phone 电话\n")
    elif is_demo(timezone.now()):
        greet_guests(manage)
    say(f"停止按 Ctrl-C；日志在 {settings.VAR / 'log'}。 Stop with Ctrl-C; logs are in that folder.")


def greet_guests(manage: str) -> None:
    stamp = settings.VAR / "cards.stamp"
    if not stamp.exists():  # also where an earlier start was stopped before it had shown them
        say("登录卡 Sign-in cards（一次性码 one-time password）")
        for card in sign_in_cards(now=timezone.now()):
            say(f"  {card.who}  编号 {card.number}  一次性码 {card.code}")
        stamp.touch()
    say(f"要新的登录卡 For a new card:  {manage} issue_code 编号\n")
