"""What the world of authorization needs for years: last year with hours, and a record of it on paper."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from learning.hours.models import HoursEntry, HoursSource
from learning.years.actions import close_year
from learning.years.issuing import issue_record
from tests.factories import Tree


def world_of_years(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """The year before the last one is closed for everybody, the last one for nobody; the member has a record of it."""
    now, member = timezone.now(), people["member"].member
    year = timezone.localdate(now).year - 1
    for each in (year - 1, year):
        HoursEntry.objects.create(
            member=member,
            source=HoursSource.TRAINING,
            category="training",
            hours=Decimal(3),
            earned_on=date(each, 11, 5),
            year=each,
            evidence={"title": "秋季集中培训"},
            source_key=f"training:world:{each}",
            recorded_at=now,
        )
    close_year(unit=tree.root, year=year - 1, actor=None, now=now)
    record = issue_record(member=member, year=year, actor=people["member"], now=now)
    return {"year": str(year), "closed_year": str(year - 1), "record_code": record.code}
