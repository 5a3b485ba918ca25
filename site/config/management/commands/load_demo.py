"""Fills an empty installation with invented people, pages and study."""

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.demo.people import FEWEST
from config.demonstration import load_demo
from config.installation import is_begun, is_demo
from config.terminal import Parts, speak_plainly


class Command(BaseCommand):
    help = "Loads the demo into an empty installation: invented people, articles, lessons, a plan."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--members", type=int, default=1100)

    def handle(self, *args, members: int, **options) -> None:
        speak_plainly()
        now = timezone.now()
        if is_demo(now):
            self.stdout.write("演示内容已经装好了，没有改动。要新的登录卡：manage.py issue_code 编号")
            return
        if is_begun():
            sys.exit("这里已经正式使用，不能装演示内容。请换一个新的文件夹。")
        if members < FEWEST:
            sys.exit(f"演示至少要 {FEWEST} 人。")
        for card in load_demo(members, now=now, told=Parts(self._write)):
            self.stdout.write(f"  {card.who}  编号 {card.number}  一次性码 {card.code}")

    def _write(self, text: str, end: str) -> None:
        self.stdout.write(text, ending=end)
        self.stdout.flush()
