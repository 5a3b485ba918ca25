"""Plans by their state, what can be put into one, and whom it would reach."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length, Substr
from wagtail.models import Page

from learning.completion.models import Enrolment
from learning.courses.audience import Audience, superior_paths
from learning.courses.models import CoursePage, ItemKind, StudyItem
from learning.courses.wording import item_about
from learning.plans.audience import concerned
from learning.plans.models import StudyPlan
from members.accounts.models import StudyWay
from members.organisation.models import Organisation

SHOWN = 60
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class PlanLine:
    plan: StudyPlan
    items: int
    members: int
    is_own: bool  # not from above: this person may change it

    @property
    def is_copy(self) -> bool:
        return self.plan.copied_from_id is not None


@dataclass(frozen=True)
class Shelf:
    """All plans that an organiser sees, by state."""

    drafts: list[PlanLine]
    running: list[PlanLine]
    over: list[PlanLine]
    templates: list[PlanLine]

    @property
    def is_empty(self) -> bool:
        return not (self.drafts or self.running or self.over or self.templates)


@dataclass(frozen=True)
class Choice:
    """Something that can be put into a plan: `value` is what its tick sends."""

    value: str
    title: str
    about: str


@dataclass(frozen=True)
class CourseChoice:
    """A whole course at one tick, or its lessons one by one."""

    value: str
    title: str
    lessons: list[Choice]


@dataclass(frozen=True)
class Choices:
    courses: list[CourseChoice]
    singles: list[Choice]
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        return not (self.courses or self.singles)


@dataclass(frozen=True)
class UnitToCopyTo:
    unit: Organisation
    has_copy: bool


@dataclass(frozen=True)
class Reach:
    """Whom a plan concerns today."""

    members: int
    by_branch: int
    not_required: int


def seen_by(user: Any) -> QuerySet[StudyPlan]:
    """Plans of the units that this organiser serves, drafts too, and published ones from above."""
    own = StudyPlan.objects.organised_by(user)
    return StudyPlan.objects.filter(Q(pk__in=own) | Q(pk__in=StudyPlan.objects.led_by(user).published()))


def shelf_of(user: Any, *, today: date) -> Shelf:
    """Drafts, running plans (those to come among them) and plans whose period is over."""
    own = set(StudyPlan.objects.organised_by(user).values_list("pk", flat=True))
    plans = seen_by(user).select_related("organisation").annotate(items_number=Count("items"))
    led = Enrolment.objects.led_by(user).filter(left_on=None)
    members = dict(led.values_list("plan_id").annotate(Count("pk")).order_by())
    lines = [
        PlanLine(plan, plan.items_number, members.get(plan.pk, 0), plan.pk in own)
        for plan in plans.order_by("-starts_on", "-pk")
    ]
    return Shelf(
        drafts=[line for line in lines if line.plan.published_at is None and not line.plan.is_template],
        running=[line for line in lines if line.plan.published_at and line.plan.ends_on >= today],
        over=[line for line in lines if line.plan.published_at and line.plan.ends_on < today],
        templates=[line for line in lines if line.plan.is_template],
    )


def studyable(unit: Organisation) -> QuerySet[StudyItem]:
    """What can be studied now by everybody in the unit and under it; activities are no matter of choice."""
    everybody = Q(audience__in=[Audience.PUBLIC, Audience.MEMBERS])
    above = Q(audience=Audience.SUBTREE, organisation__path__in=superior_paths(unit.path))
    return StudyItem.objects.live().filter(everybody | above).exclude(kind=ItemKind.ACTIVITY)


def choices_for(unit: Organisation, *, apart_from: Collection[int] = (), asked: str = "") -> Choices:
    """What is not in the plan yet: whole courses and single things, whose title or course has the words asked for."""
    free = studyable(unit).exclude(pk__in=apart_from)
    for word in asked.split():
        free = free.filter(Q(title__icontains=word) | Q(course_title__icontains=word))
    lessons, singles = defaultdict(list), []
    found = list(free.select_related("page").order_by("-published_at", "-pk")[: SHOWN + 1])
    for item in found[:SHOWN]:
        if item.course_title and item.page:
            lessons[item.page.path[: -Page.steplen]].append(item)
        else:
            singles.append(Choice(f"i{item.pk}", item.title, item_about(item)))
    courses = [
        CourseChoice(f"c{course.pk}", course.title, [_lesson(item) for item in _in_order(lessons[course.path])])
        for course in CoursePage.objects.filter(path__in=lessons).order_by("path")
    ]
    return Choices(courses, singles, is_cut=len(found) > SHOWN)


def items_for(unit: Organisation, values: list[str]) -> list[StudyItem]:
    """The items that ticks stand for, in the order of the ticks; a course stands for its lessons."""
    if not values:
        return []
    allowed = studyable(unit).select_related("page")
    singles = {item.pk: item for item in allowed.filter(pk__in=_numbers(values, "i"))}
    paths = dict(CoursePage.objects.filter(pk__in=_numbers(values, "c")).values_list("pk", "path"))
    parent = Substr("page__path", 1, Length("page__path") - Page.steplen)
    lessons = defaultdict(list)
    for item in allowed.annotate(parent=parent).filter(parent__in=paths.values()):
        lessons[item.page.path[: -Page.steplen]].append(item)
    chosen: dict[int, StudyItem] = {}
    for value in values:
        number = next(iter(_numbers([value], value[:1])), 0)
        single = singles.get(number) if value.startswith("i") else None
        for item in [single] if single else _in_order(lessons[paths.get(number, "")]) if value.startswith("c") else []:
            chosen.setdefault(item.pk, item)
    return list(chosen.values())


def reach_of(plan: StudyPlan, *, today: date) -> Reach:
    """How many members the plan would reach today, and how many of them not online; two queries."""
    there = concerned(plan, on=today).values_list("member__flexible_study", "member__study_way")
    rows = list(there.annotate(Count("pk")).order_by())
    return Reach(
        members=sum(number for _, _, number in rows),
        by_branch=sum(number for flexible, way, number in rows if not flexible and way != StudyWay.ONLINE),
        not_required=sum(number for flexible, _, number in rows if flexible),
    )


def units_to_copy_to(plan: StudyPlan, user: Any) -> list[UnitToCopyTo]:
    """The open units under that of the plan which this organiser serves, and whether each has its copy already."""
    under = Organisation.objects.organised_by(user).under(plan.organisation).exclude(pk=plan.organisation_id)
    have = set(plan.copies.values_list("organisation_id", flat=True))
    units = under.open().filter(is_functional=False).in_order()
    return [UnitToCopyTo(unit, unit.pk in have) for unit in units]


def unfit_titles(plan: StudyPlan) -> list[str]:
    """What stands in the plan and cannot be studied by all its members any more."""
    fit = studyable(plan.organisation).values("pk")
    return list(plan.items.exclude(item__in=fit).values_list("item__title", flat=True))


def _lesson(item: StudyItem) -> Choice:
    return Choice(f"i{item.pk}", item.title, item_about(item))


def _in_order(items: list[StudyItem]) -> list[StudyItem]:
    return sorted(items, key=lambda item: (item.course_order or 0, item.pk))


def _numbers(values: list[str], letter: str) -> list[int]:
    numbers = [value[1:] for value in values if value.startswith(letter)]
    return [int(number) for number in numbers if number.isdecimal() and len(number) < LONGEST_NUMBER]
