from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.credentials import reset_second_step
from members.accounts.models import User


class Command(BaseCommand):
    help = "Resets a lost second step where no other security administrator is left to do it; the audit log notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number")

    def handle(self, *args, **options) -> None:
        user = User.objects.filter(username=options["number"]).first()
        if user is None:
            raise CommandError(_("Nobody here has the number %(number)s.") % {"number": options["number"]})
        is_reset = reset_second_step(user=user, actor=None, now=timezone.now())
        done, nothing = _("The second step is reset."), _("No second step was set up. Nothing has changed.")
        self.stdout.write(str(done if is_reset else nothing))
