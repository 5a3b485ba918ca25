"""The tree of units for whoever leads a part of it: one level a page, or what a search finds."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from members.organisation.models import Affiliation, Organisation
from members.roles.policies import HIGHEST, led_paths

A_PAGE = 50


@dataclass(frozen=True)
class UnitLine:
    """One unit in a list, with how many people belong to it and to what is under it."""

    unit: Organisation
    people: int
    superior: str = ""


@dataclass(frozen=True)
class Tree:
    unit: Organisation | None  # whose units are shown; nothing above the topmost, and in a search
    superiors: list[Organisation]
    page: Page
    lines: list[UnitLine]
    typed: str
    is_with_closed: bool


def tree_of(
    user, *, unit: Organisation | None, typed: str = "", is_with_closed: bool = False, number: str | None = None
) -> Tree:
    """One level: the units right under one, or where this person's leading begins; or what is called so."""
    led = Organisation.objects.led_by(user)
    if typed:
        found = led.called(typed)
    elif unit is not None:
        found = unit.get_children()
    else:
        found = led.filter(path__in=led_paths(user))
    shown = found if is_with_closed else found.open()
    page = Paginator(shown.in_order(), A_PAGE).get_page(number)
    superiors = superiors_of(unit, user=user) if unit and not typed else []
    return Tree(unit, superiors, page, unit_lines(page, names_superiors=bool(typed)), typed, is_with_closed)


def beginning(user) -> Organisation | None:
    """The one unit with which the tree of this person begins; nothing where there are several."""
    granted = list(Organisation.objects.led_by(user).filter(path__in=led_paths(user))[:2])
    return granted[0] if len(granted) == 1 else None


def superiors_of(unit: Organisation, *, user) -> list[Organisation]:
    """The units above that this person leads too, the topmost first."""
    above = [unit.path[:end] for end in range(Organisation.steplen, len(unit.path), Organisation.steplen)]
    return list(Organisation.objects.led_by(user).filter(path__in=above).order_by("depth")) if above else []


def unit_lines(units: Iterable[Organisation], *, names_superiors: bool = False) -> list[UnitLine]:
    """These units in their order, each with its people; after a search also with the unit above."""
    shown = list(units)
    people = dict(with_people(Organisation.objects.filter(pk__in=[each.pk for each in shown])))
    names: dict[str, str] = {}
    if names_superiors:
        above = {_above(each) for each in shown}
        names = dict(Organisation.objects.filter(path__in=above).values_list("path", "name"))
    return [UnitLine(each, people.get(each.pk, 0), names.get(_above(each), "")) for each in shown]


def with_people(units: QuerySet[Organisation]) -> QuerySet:
    """(unit, number of people who belong to it or under it); meant for one page of units."""
    last = Concat(OuterRef("path"), Value(HIGHEST))
    within = Affiliation.objects.open().filter(organisation__path__gte=OuterRef("path"), organisation__path__lt=last)
    there = within.order_by().annotate(one=Value(1)).values("one")
    number = Subquery(there.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return units.annotate(people=Coalesce(number, 0)).order_by().values_list("pk", F("people"))


def _above(unit: Organisation) -> str:
    return unit.path[: -Organisation.steplen]
