"""Opens a real, empty installation."""

import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from config.installation import HELP_PHONE, found_portal, is_begun, is_demo, set_rule
from config.terminal import speak_plainly
from members.accounts.codes import issue_code
from members.accounts.models import User
from members.roles.actions import grant_role
from members.roles.models import Role

ADMINISTRATORS = [
    ("xitong", "系统管理员", Role.SYSTEM_ADMIN),
    ("anquan", "安全管理员", Role.SECURITY_ADMIN),
    ("shenji", "审计管理员", Role.AUDIT_ADMIN),
]
GUIDE = """
接下来：
1. 党组织名册（xlsx，第一行：编码 名称 类型 上级编码 行业）
   先看一遍：manage.py import_organisations 名册.xlsx --dry-run
   再导入：  manage.py import_organisations 名册.xlsx
2. 党员名册（xlsx，第一行：党员编号 姓名 手机号 所在组织编码 类别 入党日期 职务）
   manage.py import_members 名册.xlsx --dry-run，再去掉 --dry-run
3. 登录卡：manage.py issue_code 党员编号
有写得不对的行，会一行一行说明；只要有一行不对，什么都不会写进去。
"""


class Command(BaseCommand):
    help = "Begins a real, empty installation with a name, a help telephone and three administrators."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="the name of the installation, as everybody sees it")
        parser.add_argument("--help-phone", default="", help="the number to call for help, on every page in elder mode")

    def handle(self, *args, name: str, help_phone: str, **options) -> None:
        speak_plainly()
        now = timezone.now()
        if is_demo(now):
            sys.exit(
                "这里装的是演示内容，不能就地变成正式使用。"
                "请换一个新的文件夹安装，先运行 make run DEMO=0，再运行 begin。"
            )
        if is_begun():
            sys.exit("这里已经开始使用了，没有改动。")
        name, phone = name.strip(), help_phone.strip() or self._ask_for_phone()
        if not name or not phone:
            sys.exit("名称和求助电话都要写。例如：manage.py begin 柳湾学堂 --help-phone '6120 0137'")
        with transaction.atomic():
            found_portal(name)
            set_rule(HELP_PHONE, phone, source="manage.py begin", now=now)
            cards = [self._administrator(*each, now=now) for each in ADMINISTRATORS]
        self.stdout.write(f"{name}：可以开始用了。求助电话 {phone}。\n\n三位管理员的登录卡（请分别当面交给本人）：")
        for title, username, code in cards:
            self.stdout.write(f"  {title}  编号 {username}  一次性码 {code}")
        self.stdout.write(GUIDE)

    def _ask_for_phone(self) -> str:
        return input("求助电话：").strip() if sys.stdin.isatty() else ""

    def _administrator(self, username: str, title: str, role: Role, *, now) -> tuple[str, str, str]:
        user = User.objects.create(username=username, display_name=title)
        grant_role(user=user, role=role, organisation=None, actor=None, now=now)
        return title, username, issue_code(actor=None, now=now, user=user)
