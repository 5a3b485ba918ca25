from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.hours.models import HoursEntry
from learning.years.figures import figures_of, open_people
from learning.years.loose import loose_numbers
from learning.years.models import YearClosing, YearFigure
from members.audit.actions import record_event
from members.organisation.models import Organisation
from members.organisation.rules import Rule

KEY = "hours.closing_day"


class NotOver(Exception):
    """A year is closed only when it is over."""


@transaction.atomic
def close_year(
    *, unit: Organisation, year: int, actor: Any, now: datetime, apart_from: Collection[str] = ()
) -> YearClosing:
    """Closes a year for everybody under the unit whose year is open. Twice changes nothing; raises NotOver."""
    if year >= timezone.localdate(now).year:
        raise NotOver
    known = {"closed_at": now, "closed_by": actor}
    closing, is_new = YearClosing.objects.get_or_create(organisation=unit, year=year, defaults=known)
    if not is_new:
        return closing
    closing.loose = loose_numbers(unit, year, now=now)
    closing.save(update_fields=["loose"])
    people = 0
    for some in figures_of(open_people(unit, year), year, within=unit.path, apart_from=apart_from):
        for figure in some:
            figure.closing = closing
        YearFigure.objects.bulk_create(some, ignore_conflicts=True)
        people += len(some)
    detail = {"year": year, "people": people, **closing.loose}
    record_event("year.closed", now=now, actor=actor, organisation=unit.code, about=closing, detail=detail)
    return closing


def close_due_years(*, now: datetime) -> int:
    """Closes by rule every year with study hours whose day has come; how many closings there are more."""
    today, closed = timezone.localdate(now), 0
    for year in _years_with_hours(before=today.year):
        units = [(unit, closing_day(unit, year)) for unit in _units_with_a_day()]
        later = [unit.path for unit, day in units if day > today]
        for unit, day in units:
            below = [path for path in later if path.startswith(unit.path)]
            if day <= today and _is_open(unit, year):
                close_year(unit=unit, year=year, actor=None, now=now, apart_from=below)
                closed += 1
    return closed


def closing_day(unit: Organisation | None, year: int) -> date:
    """On which day of the next year the year is closed by itself."""
    written = Rule.objects.value(KEY, on=date(year, 12, 31), organisation=unit)
    month, day = map(int, written.split("-"))
    return date(year + 1, month, min(day, monthrange(year + 1, month)[1]))


def _years_with_hours(*, before: int) -> list[int]:
    found = HoursEntry.objects.filter(year__lt=before).order_by("year")
    return list(found.values_list("year", flat=True).distinct())


def _units_with_a_day() -> list[Organisation]:
    """The topmost units, and those that have a day of their own; superiors first."""
    own = Rule.objects.filter(key=KEY, organisation__isnull=False).values("organisation_id")
    units = Organisation.objects.open()
    return list((units.filter(depth=1) | units.filter(pk__in=own)).order_by("path"))


def _is_open(unit: Organisation, year: int) -> bool:
    """A unit that a closing from above has taken along closes nothing more of its own."""
    closings = YearClosing.objects.filter(year=year).reaching(unit.path)
    return not closings.exists() or (not closings.filter(organisation=unit).exists() and bool(open_people(unit, year)))
