"""Hours entered by hand that wait for an organiser: what this corner leaves open when a post changes hands."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.claims.models import HoursClaim
from learning.hours.wording import say_hours
from members.handovers.kinds import OpenKind, Thing, register
from members.organisation.models import Affiliation
from members.roles.policies import under


class WaitingClaims(OpenKind):
    name, place = "hours", 35
    label = gettext_lazy("Hours entered by hand that wait for approval")
    after = gettext_lazy("The organiser goes on deciding under “Hours entered by hand”.")
    is_checked = False  # whoever organises the member decides

    def open_rows(self, paths, *, writer_id=None):
        home = Affiliation.objects.open()
        if paths is not None:
            home = home.filter(under("organisation__path", list(paths)))
        return HoursClaim.objects.waiting().filter(member_id__in=home.values("member_id"))

    def rows(self, pks):
        return HoursClaim.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        home = Affiliation.objects.open().filter(member_id=OuterRef("member_id")).values("organisation__path")
        found = rows.annotate(home_path=Subquery(home[:1])).select_related("member").order_by("proposed_at", "pk")
        return [self._thing(each) for each in found]

    def _thing(self, claim) -> Thing:
        title = _("%(name)s, %(hours)s study hours") % {"name": claim.member.name, "hours": say_hours(claim.hours)}
        address = reverse("learning:claim", args=[claim.pk])
        return Thing(self.name, claim.pk, title, claim.title, claim.home_path or "", claim.proposed_by_id, address)


register(WaitingClaims())
