"""What the frame of every page asks about the person in front of it."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr

from members.organisation.models import Affiliation, Organisation

DEEPEST = 12


def help_phone_above(user) -> str:
    """The help telephone of the nearest unit at or above the one this person belongs to; blank without one."""
    step = Organisation.steplen
    above = [Substr(OuterRef("organisation__path"), 1, step * depth) for depth in range(1, DEEPEST + 1)]
    nearest = Organisation.objects.filter(path__in=above).exclude(help_phone="").order_by("-path")
    own = Affiliation.objects.open().filter(member__user_id=user.pk)
    return own.annotate(phone=Subquery(nearest.values("help_phone")[:1])).values_list("phone", flat=True).first() or ""
