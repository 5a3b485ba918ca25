"""What stands in the yearly record (年度学习记录) of a member: read at one moment, as plain texts that can be kept."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils import timezone

from learning.completion.models import Enrolment
from learning.courses.categories import HoursCategory
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.targets import asked_of
from learning.hours.telling import title_of
from learning.years.figures import counted_categories, homes_of, last_day
from learning.years.models import YearFigure
from learning.years.supplements import closing_of, reason_of
from learning.years.targets import targets_of
from members.accounts.models import Member
from members.organisation.models import Organisation
from members.organisation.rules import Rule

RULES = ("hours.member.year", "hours.team_member.year", "hours.counted_categories")


def record_of(member: Member, year: int) -> dict[str, Any]:
    """The record as it stands now; who may read it is asked before."""
    lines = HoursEntry.objects.filter(member=member).in_year(year)
    rows = list(lines.select_related("item").order_by("earned_on", "pk"))
    home = homes_of([member.pk], year).get(member.pk)
    unit = Organisation.objects.filter(pk=home.organisation_id).first() if home else None
    counted = counted_categories(unit, year)
    sums = {category: _sum(row.hours for row in rows if row.category == category) for category in HoursCategory.values}
    closing = closing_of(member, year)
    figure = YearFigure.objects.filter(member=member, year=year).first()
    held = set(figure.lines) if figure else set()
    return {
        "name": member.name,
        "number": member.number,
        "unit": unit.name if unit else "",
        "year": year,
        "target": _target(member, unit, figure, year),
        "rules": _rules(unit, year),
        "why": asked_of(member, on=last_day(year), unit=unit).why,
        "counted_categories": counted,
        "counted": str(_sum(sums[each] for each in counted)),
        "categories": {category: str(hours) for category, hours in sums.items() if category in counted or hours},
        "sources": _by_source(rows),
        "closed_on": timezone.localdate(closing.closed_at).isoformat() if closing else None,
        "counted_at_closing": str(figure.counted) if figure else None,
        "lines": [_line(row, is_supplement=bool(closing) and row.pk not in held) for row in rows],
        "plans": _plans(member, year),
    }


def digest_of(figures: Mapping[str, Any]) -> str:
    """Seals what is kept: the same figures have the same seal, others another one."""
    said = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _line(row: HoursEntry, *, is_supplement: bool) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "on": row.earned_on.isoformat(),
        "title": title_of(row),
        "source": row.source,
        "category": row.category,
        "hours": str(row.hours),
        "why": reason_of(row) if row.reverses_id else "",
        "is_late": row.is_late_entry,
        "entered_on": timezone.localdate(row.recorded_at).isoformat(),
        "is_supplement": is_supplement,
    }


def _target(member: Member, unit: Organisation | None, figure: YearFigure | None, year: int) -> str | None:
    """What the year asked: of a closed year as it was closed."""
    if figure is not None:
        return str(figure.target) if figure.target is not None else None
    asked = targets_of({member: unit.path}, year) if unit else {}
    return str(asked[member.pk]) if member.pk in asked else None


def _rules(unit: Organisation | None, year: int) -> list[dict[str, str]]:
    """The rules in force at the end of the year, and since when."""
    found = (Rule.objects.in_force(key, on=last_day(year), organisation=unit) for key in RULES)
    return [{"key": each.key, "source": each.source, "since": each.effective_from.isoformat()} for each in found]


def _by_source(rows: Iterable[HoursEntry]) -> dict[str, str]:
    rows = list(rows)
    there = [source for source in HoursSource.values if any(row.source == source for row in rows)]
    return {source: str(_sum(row.hours for row in rows if row.source == source)) for source in there}


def _plans(member: Member, year: int) -> list[dict[str, Any]]:
    own = Enrolment.objects.filter(member=member, left_on=None, plan__published_at__isnull=False)
    in_year = own.filter(plan__starts_on__lte=last_day(year), plan__ends_on__gte=date(year, 1, 1))
    rows = in_year.select_related("plan").annotate(items=Count("plan__items")).order_by("plan__starts_on", "plan_id")
    return [
        {"title": each.plan.title, "standing": each.standing, "done": each.items_done, "of": each.items}
        for each in rows
    ]


def _sum(hours: Iterable[Decimal]) -> Decimal:
    return sum(hours, Decimal(0))
