from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.codes import NoCard, issue_code
from members.accounts.models import Member, User


class Command(BaseCommand):
    help = "Prints a one-time password for a member number or the short name of an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number")

    def handle(self, *args, **options) -> None:
        number = options["number"]
        member = Member.objects.filter(number=number).select_related("user").first()
        user = None if member else User.objects.filter(username=number).first()
        if member is None and user is None:
            raise CommandError(_("Nobody here has the number %(number)s.") % {"number": number})
        try:
            code = issue_code(member=member, user=user, actor=None, now=timezone.now())
        except NoCard as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(code)
