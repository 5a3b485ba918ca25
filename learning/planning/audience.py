"""Whom a plan concerns as somebody has ticked it, and who can be found to be named."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from learning.plans.models import TEAM, AudienceKind, StudyPlan
from learning.plans.shape import LineShape, Shape, shape_of
from members.accounts.models import COUNTED_STATUSES, Member, MemberStatus
from members.accounts.people import distinguished, units_of
from members.organisation.kinds import PostKind
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import under

FOUND = 20


@dataclass(frozen=True)
class Tick:
    """One box: its value, what stands beside it, and whether it is ticked."""

    value: str
    label: str
    about: str = ""
    is_on: bool = False


@dataclass(frozen=True)
class AudienceTyped:
    """The boxes about whom a plan concerns; people and units that were named, and those found just now."""

    lines: frozenset[LineShape]
    statuses: list[Tick]
    posts: list[Tick]
    is_mobile: bool
    people: list[Tick]
    not_people: list[Tick]
    not_units: list[Tick]
    found_people: list[Tick]
    found_units: list[Tick]
    asked: str

    @property
    def is_everybody(self) -> bool:
        return all(line.is_exception for line in self.lines)

    @property
    def has_posts(self) -> bool:
        return any(tick.is_on for tick in self.posts)

    @property
    def is_nothing_found(self) -> bool:
        return bool(self.asked) and not (self.found_people or self.found_units)


def audience_typed(typed: QueryDict, plan: StudyPlan, unit: Organisation, *, asked: str) -> AudienceTyped:
    """The boxes as they were ticked, or as the plan has them; only people and units of the unit can be named anew."""
    had = shape_of(plan).audience
    lines = _lines(typed, had, unit) if typed else had
    people = {line.member_id: line for line in lines if line.member_id}
    out = [line.organisation_id for line in lines if line.organisation_id]
    return AudienceTyped(
        lines=lines,
        statuses=_ticks(AudienceKind.STATUS, [(each, MemberStatus(each).label) for each in COUNTED_STATUSES], lines),
        posts=_ticks(AudienceKind.POST, [(TEAM, _("Everybody in a leading body")), *PostKind.choices], lines),
        is_mobile=LineShape(AudienceKind.MOBILE) in lines,
        people=_named((pk for pk, line in people.items() if not line.is_exception), unit),
        not_people=_named((pk for pk, line in people.items() if line.is_exception), unit),
        not_units=_units(Organisation.objects.filter(pk__in=out)),
        found_people=_found_people(unit, asked, people),
        found_units=_found_units(unit, asked, out),
        asked=asked,
    )


def say_audience(shape: Shape) -> str:
    """«正式党员，书记，点名 3 人，例外 2 人»: whom a plan concerns, in one line without a name."""
    lines = sorted(shape.audience)
    labels = {
        **{(AudienceKind.STATUS, key): str(label) for key, label in MemberStatus.choices},
        **{(AudienceKind.POST, key): str(label) for key, label in PostKind.choices},
        (AudienceKind.POST, TEAM): _("Everybody in a leading body"),
        (AudienceKind.MOBILE, ""): _("Members away on a registered spell"),
    }
    words = [labels[line.kind, line.value] for line in lines if (line.kind, line.value) in labels]
    for said, number in (
        (_("%(number)d people by name"), sum(1 for line in lines if line.member_id and not line.is_exception)),
        (_("without %(number)d people"), sum(1 for line in lines if line.member_id and line.is_exception)),
        (_("without %(number)d units"), sum(1 for line in lines if line.organisation_id)),
    ):
        words += [said % {"number": number}] if number else []
    if all(line.is_exception for line in lines):
        words.insert(0, _("Everybody"))
    return _(", ").join(words)


def _lines(typed: QueryDict, had: Collection[LineShape], unit: Organisation) -> frozenset[LineShape]:
    had_people = {line.member_id for line in had if line.member_id}
    had_units = {line.organisation_id for line in had if line.organisation_id}
    asked = {*_numbers(typed, "with"), *_numbers(typed, "without")}
    there = Member.objects.affiliated_under(unit).filter(pk__in=asked).values_list("pk", flat=True)
    allowed = {*there, *(had_people & asked)}
    without = allowed & set(_numbers(typed, "without"))
    out = set(_numbers(typed, "unit_out"))
    units = {*_below(unit).filter(pk__in=out).values_list("pk", flat=True), *(had_units & out)}
    posts = {TEAM, *PostKind.values} & set(typed.getlist("post"))
    return frozenset(
        {
            *(LineShape(AudienceKind.STATUS, each) for each in {*COUNTED_STATUSES} & set(typed.getlist("status"))),
            *([LineShape(AudienceKind.MOBILE)] if "mobile" in typed else []),
            *(LineShape(AudienceKind.POST, each) for each in posts),
            *(LineShape.person(pk) for pk in allowed & set(_numbers(typed, "with")) - without),
            *(LineShape.person(pk, is_exception=True) for pk in without),
            *(LineShape.without_unit(pk) for pk in units),
        }
    )


def _numbers(typed: QueryDict, name: str) -> list[int]:
    return [int(value) for value in typed.getlist(name) if value.isdecimal() and len(value) < 12]


def _ticks(kind: AudienceKind, choices: Iterable[tuple[str, Any]], lines: Collection[LineShape]) -> list[Tick]:
    return [Tick(str(value), str(label), is_on=LineShape(kind, str(value)) in lines) for value, label in choices]


def _named(ids: Iterable[int], unit: Organisation) -> list[Tick]:
    """Where somebody belongs who has left the unit is not told any more."""
    people = list(Member.objects.filter(pk__in=list(ids)).as_spoken())
    here = Affiliation.objects.open().filter(under("organisation__path", [unit.path]), member__in=people)
    units = dict(here.values_list("member_id", "organisation__name")) if people else {}
    names = distinguished(people, units=units)
    elsewhere = _("does not belong here any more")
    return [Tick(str(each.pk), names[each.pk], units.get(each.pk, elsewhere), is_on=True) for each in people]


def _units(units: Iterable[Organisation], *, is_on: bool = True) -> list[Tick]:
    return [Tick(str(each.pk), each.name, str(each.get_kind_display()), is_on) for each in units]


def _found_people(unit: Organisation, asked: str, named: Collection[int]) -> list[Tick]:
    if not asked:
        return []
    there = Member.objects.present().counted().affiliated_under(unit).called(asked).exclude(pk__in=named)
    people = list(there.as_spoken()[:FOUND])
    units = units_of(people)
    return [
        Tick(
            str(each.pk),
            each.name,
            _("%(unit)s, number ends in %(digits)s") % {"unit": units.get(each.pk, ""), "digits": each.number[-2:]},
        )
        for each in people
    ]


def _found_units(unit: Organisation, asked: str, named: Collection[int]) -> list[Tick]:
    if not asked:
        return []
    found = _below(unit).open().filter(is_functional=False).called(asked).exclude(pk__in=named).in_order()
    return _units(found[:FOUND], is_on=False)


def _below(unit: Organisation) -> Any:
    return Organisation.objects.under(unit).exclude(pk=unit.pk)
