from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from members.audit.models import AuditEvent
from members.audit.queries import broken_links


class Command(BaseCommand):
    help = "Checks the chain of audit events; exit 1 and the numbers of broken links where it does not hold."

    def handle(self, *args, **options) -> None:
        broken = broken_links()
        if broken:
            raise CommandError(_("The chain is broken at: %(numbers)s") % {"numbers": ", ".join(map(str, broken))})
        self.stdout.write(_("The chain of %(count)s events holds.") % {"count": AuditEvent.objects.count()})
