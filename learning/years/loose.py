"""What is still open of a year before it is closed: which things, what becomes of them, and who has to act."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.completion.places import end_of
from learning.plans.models import StudyPlan
from learning.years.figures import last_day
from learning.years.questions import open_things_about_hours
from members.activities.kinds import CHANGEABLE, ActivityState
from members.activities.models import Activity, Holding
from members.organisation.models import Organisation
from members.roles.policies import under
from members.transfers.models import Transfer

SHOWN = 30


@dataclass(frozen=True)
class Loose:
    """One open thing; nobody is named in it."""

    title: str
    about: str
    who: str
    url: str


@dataclass(frozen=True)
class LooseEnds:
    """The open things of one kind: how many, the first of them, and what closing means for them."""

    name: str
    label: Any
    meaning: Any
    number: int
    things: list[Loose]


@dataclass(frozen=True)
class Kind:
    name: str
    label: Any
    meaning: Any
    rows: Callable[[Organisation, int, datetime], QuerySet | list]
    things: Callable[[Iterable], list[Loose]]


def loose_ends(unit: Organisation, year: int, *, now: datetime) -> list[LooseEnds]:
    """What is open under the unit, by kind; a kind of which nothing is open is left out."""
    found = []
    for kind in KINDS:
        rows = kind.rows(unit, year, now)
        number = _number(rows)
        if number:
            things = kind.things(list(rows[:SHOWN]))
            found.append(LooseEnds(kind.name, kind.label, kind.meaning, number, things))
    return found


def loose_numbers(unit: Organisation, year: int, *, now: datetime) -> dict[str, int]:
    """How many things of each kind are open, as the closing keeps them."""
    numbers = {kind.name: _number(kind.rows(unit, year, now)) for kind in KINDS}
    return {name: number for name, number in numbers.items() if number}


def label_of(name: str) -> str:
    """What a kind of open things is called."""
    return next((str(kind.label) for kind in KINDS if kind.name == name), name)


def _number(rows: QuerySet | list) -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def _activities(unit: Organisation, year: int, now: datetime) -> QuerySet[Activity]:
    """Begun in that year and over, with a record that is not accepted yet."""
    leading = Holding.objects.filter(under("organisation__path", [unit.path]), is_lead=True)
    begins = timezone.make_aware(datetime.combine(date(year, 1, 1), time.min))
    found = Activity.objects.filter(pk__in=leading.values("activity_id"), state__in=CHANGEABLE, ends_at__lt=now)
    held = found.filter(starts_at__gte=begins, starts_at__lt=end_of(last_day(year)))
    return held.prefetch_related("holdings__organisation").order_by("starts_at", "pk")


def _say_activities(rows: Iterable[Activity]) -> list[Loose]:
    rows = list(rows)
    above = {each.lead.path[: -Organisation.steplen] for each in rows}
    superiors = dict(Organisation.objects.filter(path__in=above).values_list("path", "name"))
    return [
        Loose(
            each.topic,
            _("%(unit)s, %(day)s, %(state)s")
            % {"unit": each.lead, "day": _day(timezone.localdate(each.starts_at)), "state": each.get_state_display()},
            _who_acts(each, superiors.get(each.lead.path[: -Organisation.steplen], each.lead.name)),
            reverse("activities:record", args=[each.pk]),
        )
        for each in rows
    ]


def _who_acts(activity: Activity, superior: str) -> str:
    if activity.state == ActivityState.SUBMITTED:
        return _("%(unit)s looks through the record") % {"unit": superior}
    return _("%(unit)s completes and submits the record") % {"unit": activity.lead}


def _transfers(unit: Organisation, year: int, now: datetime) -> QuerySet[Transfer]:
    here = under("giving__path", [unit.path]) | under("receiving__path", [unit.path])
    return Transfer.objects.open().filter(here).select_related("giving", "receiving").order_by("proposed_at", "pk")


def _say_transfers(rows: Iterable[Transfer]) -> list[Loose]:
    return [
        Loose(
            _("from %(giving)s to %(receiving)s") % {"giving": each.giving, "receiving": each.receiving},
            _("proposed on %(day)s") % {"day": _day(timezone.localdate(each.proposed_at))},
            _("%(unit)s answers") % {"unit": each.receiving},
            reverse("transfers:transfer", args=[each.pk]),
        )
        for each in rows
    ]


def _plans(unit: Organisation, year: int, now: datetime) -> QuerySet[StudyPlan]:
    """Of that year, and their period is not over."""
    here = StudyPlan.objects.unfinished(timezone.localdate(now)).filter(under("organisation__path", [unit.path]))
    found = here.filter(starts_on__lte=last_day(year), ends_on__gte=date(year, 1, 1))
    return found.select_related("organisation").order_by("organisation__code", "starts_on", "pk")


def _say_plans(rows: Iterable[StudyPlan]) -> list[Loose]:
    return [
        Loose(
            each.title,
            _("%(unit)s, until %(day)s") % {"unit": each.organisation, "day": date_format(each.ends_on, "DATE_FORMAT")},
            _("the organiser of %(unit)s, if the period is to be another") % {"unit": each.organisation},
            reverse("learning:plan", args=[each.pk]),
        )
        for each in rows
    ]


def _questions(unit: Organisation, year: int, now: datetime) -> list:
    return open_things_about_hours(unit, year)


def _say_questions(rows: Iterable) -> list[Loose]:
    return [Loose(each.title, each.about, each.who, each.url) for each in rows]


def _day(day: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


KINDS = (
    Kind(
        "activities",
        gettext_lazy("Activities whose record is not accepted yet"),
        gettext_lazy("Once they are accepted their hours count in that year all the same, as a dated supplement."),
        _activities,
        _say_activities,
    ),
    Kind(
        "questions",
        gettext_lazy("Questions and claims about hours that are not answered yet"),
        gettext_lazy("If the answer puts a line right, that is shown as a dated supplement."),
        _questions,
        _say_questions,
    ),
    Kind(
        "transfers",
        gettext_lazy("Transfer records that wait for an answer"),
        gettext_lazy("Hours go with the member; the sums of units count everybody where they belonged on 31 December."),
        _transfers,
        _say_transfers,
    ),
    Kind(
        "plans",
        gettext_lazy("Study plans that still run"),
        gettext_lazy("Closing ends no plan. What is studied later counts in the year in which it is studied."),
        _plans,
        _say_plans,
    ),
)
