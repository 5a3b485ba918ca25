"""A target of one's own, set by an organiser and told to the member."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from learning.hours.models import HoursTarget
from learning.hours.telling import TOPIC
from learning.hours.wording import say_hours
from members.accounts.models import Member
from members.audit.actions import record_event
from members.messages.actions import enqueue


@transaction.atomic
def set_target(*, member: Member, year: int, hours: Decimal, reason: str, actor: Any, now: datetime) -> bool:
    """So many hours are asked of the member in that year, for that reason; False where it was so already."""
    held = HoursTarget.objects.select_for_update(of=("self",)).filter(member=member, year=year).first()
    if held is not None and (held.hours, held.reason) == (hours, reason):
        return False
    said = {"hours": hours, "reason": reason, "set_at": now, "approved_by": actor}
    HoursTarget.objects.update_or_create(member=member, year=year, defaults=said)
    _note("hours.target_set", member, actor=actor, now=now, detail={"year": year, "hours": str(hours)})
    text = _("%(hours)s study hours are asked of you in %(year)s: %(reason)s.")
    _tell(member, year, text % {"hours": say_hours(hours), "year": year, "reason": reason}, now=now)
    return True


@transaction.atomic
def drop_target(*, member: Member, year: int, actor: Any, now: datetime) -> bool:
    """The rules count again; False where they did."""
    if not HoursTarget.objects.filter(member=member, year=year).delete()[0]:
        return False
    _note("hours.target_dropped", member, actor=actor, now=now, detail={"year": year})
    _tell(member, year, _("In %(year)s the hours that the rules say are asked of you again.") % {"year": year}, now=now)
    return True


def _note(action: str, member: Member, *, actor: Any, now: datetime, detail: dict) -> None:
    unit = member.organisation_now()
    code = unit.code if unit else ""
    record_event(action, now=now, actor=actor, organisation=code, about=member, detail=detail)


def _tell(member: Member, year: int, text: str, *, now: datetime) -> None:
    key = f"{year}-{now.timestamp():.0f}"
    enqueue(
        to=member,
        topic=f"{TOPIC}/target-{key}",
        title=_("Your study hours of %(year)s") % {"year": year},
        text=text,
        why=_("Every change of your ledger of study hours is told to you."),
        dedupe=f"hours-target/{member.pk}/{key}",
        now=now,
        link=reverse("learning:hours"),
    )
