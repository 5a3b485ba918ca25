"""Transfer records that wait for the other unit: whoever proposed one answers for it on the giving side."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.handovers.kinds import OpenKind, Thing, register
from members.handovers.own_kinds import under_any
from members.transfers.models import Transfer


class OpenTransfers(OpenKind):
    name, place = "transfers", 25
    label = gettext_lazy("Transfer records waiting for the other unit")
    after = gettext_lazy("The successor sees them with the transfer records, and may withdraw them.")

    def open_rows(self, paths, *, writer_id=None):
        return Transfer.objects.open().filter(under_any("giving__path", paths))

    def rows(self, pks):
        return Transfer.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        return [self._thing(each) for each in rows.select_related("member", "giving", "receiving").order_by("pk")]

    def _thing(self, transfer: Transfer) -> Thing:
        title = _("%(name)s, number ending in %(digits)s") % {
            "name": transfer.member.name,
            "digits": transfer.member.number[-2:],
        }
        about = _("from %(giving)s to %(receiving)s") % {"giving": transfer.giving, "receiving": transfer.receiving}
        address = reverse("transfers:transfer", args=[transfer.pk])
        return Thing(self.name, transfer.pk, title, about, transfer.giving.path, transfer.proposed_by_id, address)


register(OpenTransfers())
