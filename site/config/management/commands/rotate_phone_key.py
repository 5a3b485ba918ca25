from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.rotating import rotate_phone_key


class Command(BaseCommand):
    help = "A new key for telephone numbers: seals all of them anew. Cut off, it goes on where it was."

    def handle(self, *args, **options) -> None:
        sealed, dropped = rotate_phone_key(now=timezone.now(), so_far=self._say)
        self.stdout.write(_("%(count)s telephone numbers are sealed with the new key.") % {"count": sealed})
        if dropped:
            self.stdout.write(_("Keys that are gone: %(keys)s") % {"keys": ", ".join(dropped)})
        else:
            self.stdout.write(_("The old key goes by itself within the hour, once nobody uses it any more."))

    def _say(self, sealed: int) -> None:
        self.stdout.write(str(sealed))
