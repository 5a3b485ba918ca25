from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.accounts.models import User
from members.roles.actions import NotGranted, grant_role
from members.roles.models import ADMINISTRATORS, Role, RoleGrant


class Command(BaseCommand):
    help = "Gives one of the three administrators' jobs to an account, only where nobody holds it; the log notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", choices=[role.value for role in ADMINISTRATORS])
        parser.add_argument("number", help="the short name or member number of an account")

    def handle(self, *args, role: str, number: str, **options) -> None:
        now = timezone.now()
        user = User.objects.filter(username=number, is_active=True).first()
        if user is None:
            raise CommandError(f"没有编号或短名是 {number} 的账号，或者它已经关闭。")
        if RoleGrant.objects.live(now).filter(role=role, user__is_active=True).exists():
            raise CommandError("这个岗位有人担任。请由安全管理员在网页上授予。")
        try:
            grant_role(user=user, role=Role(role), organisation=None, actor=None, now=now)
        except NotGranted as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user} 现在是{Role(role).label}。")
