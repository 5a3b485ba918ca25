"""What the world of authorization needs for the ledger of study hours."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from learning.claims.actions import Said, propose_hours
from learning.hours.models import HoursEntry, HoursSource


def world_of_hours(people: dict[str, Any]) -> dict[str, str]:
    """A line of the member's ledger; hours that the secretary has entered for them, for the organiser to judge."""
    now, member = timezone.now(), people["member"].member
    day = timezone.localdate(now) - timedelta(days=1)
    line = HoursEntry.objects.create(
        member=member,
        source=HoursSource.TRAINING,
        category="training",
        hours=Decimal("1.5"),
        earned_on=day,
        year=day.year,
        source_key="world",
        evidence={"title": "区里的培训"},
        recorded_at=now,
    )
    said = Said("党校培训", "training", Decimal(4), day)
    claim = propose_hours(member=member, said=said, actor=people["secretary"], may_judge=False, now=now)
    return {"line": str(line.pk), "claim": str(claim.pk)}
