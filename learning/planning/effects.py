"""What a change of a plan that is out would do to whom: it is made, looked at, and taken back."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.completion.actions import Aligned
from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from learning.completion.wording import say_standing
from learning.courses.models import StudyItem
from learning.planning.actions import hold_plan, reshape
from learning.planning.wording import say_changes
from learning.plans.models import StudyPlan
from learning.plans.shape import Shape, shape_of
from members.accounts.models import Member
from members.accounts.people import distinguished, units_of

ON_A_PAGE = 50
Stand = tuple[str, int]  # with the plan as a whole, and of how many items it is studied


@dataclass(frozen=True)
class Touched:
    """What a change does, by the ids of members; of an item that goes, who had studied it."""

    before: Shape
    aligned: Aligned
    was: dict[int, Stand]
    becomes: dict[int, Stand]
    studied: dict[int, set[int]]

    @cached_property
    def joined(self) -> set[int]:
        return set(self.aligned.joined)

    @cached_property
    def left(self) -> set[int]:
        return set(self.aligned.left)

    @cached_property
    def otherwise(self) -> dict[int, tuple[Stand, Stand]]:
        """Who stays and stands otherwise, before and after."""
        stay = self.was.keys() & self.becomes.keys()
        return {pk: (self.was[pk], self.becomes[pk]) for pk in stay if self.was[pk] != self.becomes[pk]}

    @property
    def everybody(self) -> set[int]:
        studied = {pk for those in self.studied.values() for pk in those}
        return {*self.joined, *self.left, *self.otherwise, *studied}


@dataclass(frozen=True)
class PersonTouched:
    name: str
    unit: str
    says: list[str]


@dataclass(frozen=True)
class Effect:
    """The page before a change: what it does in sentences, and to whom one by one."""

    seen: str
    is_nothing: bool
    sums: list[str]
    people: list[PersonTouched]
    page: Page


def touched_by(plan: StudyPlan, shape: Shape, *, now: datetime) -> Touched:
    """Makes the change in a transaction, looks, and takes it back; raises PlanIsOver."""
    with transaction.atomic():
        held = hold_plan(plan, shape, now=now)
        before = shape_of(held)
        gone = {each.item_id for each in before.items} - {each.item_id for each in shape.items}
        was, studied = _stands(held), _who_studied(held, gone)
        aligned = reshape(held, before, shape, now=now)
        becomes = _stands(held)
        transaction.set_rollback(True)
    return Touched(before, aligned, was, becomes, studied)


def effect_of(plan: StudyPlan, shape: Shape, *, page: str, now: datetime) -> Effect:
    """What the change does, with the people of one page by name; raises PlanIsOver."""
    touched = touched_by(plan, shape, now=now)
    titles = dict(StudyItem.objects.filter(pk__in=touched.studied).values_list("pk", "title"))
    people = Paginator(Member.objects.filter(pk__in=touched.everybody).as_spoken(), ON_A_PAGE).get_page(page)
    shown = list(people)
    units = units_of(shown)
    names = distinguished(shown, units=units)
    return Effect(
        seen=touched.before.fingerprint,
        is_nothing=touched.before == shape,
        sums=[*say_changes(touched.before, shape), *_sums(touched, titles)],
        people=[
            PersonTouched(names[each.pk], units.get(each.pk, ""), list(_says(each.pk, touched, titles)))
            for each in shown
        ],
        page=people,
    )


def _stands(plan: StudyPlan) -> dict[int, Stand]:
    rows = Enrolment.objects.filter(plan=plan, left_on=None).values_list("member_id", "standing", "items_done")
    return {member: (standing, done) for member, standing, done in rows}


def _who_studied(plan: StudyPlan, items: set[int]) -> dict[int, set[int]]:
    who: dict[int, set[int]] = {item: set() for item in items}
    done = Completion.objects.filter(plan_item__plan=plan, plan_item__item__in=items, standing=Standing.DONE)
    present = done.filter(enrolment__left_on=None)
    for item, member in present.values_list("plan_item__item_id", "enrolment__member_id"):
        who[item].add(member)
    return who


def _sums(touched: Touched, titles: dict[int, str]) -> Iterator[str]:
    joined, left = len(touched.joined), len(touched.left)
    if joined:
        yield ngettext("%(number)d person joins", "%(number)d people join", joined) % {"number": joined}
    if left:
        yield ngettext(
            "%(number)d person is not in the plan any more", "%(number)d people are not in the plan any more", left
        ) % {"number": left}
    turns = Counter((was, becomes) for (was, _done), (becomes, _count) in touched.otherwise.values() if was != becomes)
    for (was, becomes), number in sorted(turns.items()):
        said = {"number": number, "before": say_standing(Standing(was)), "after": say_standing(Standing(becomes))}
        yield (
            ngettext(
                "%(number)d person turns from “%(before)s” to “%(after)s”",
                "%(number)d people turn from “%(before)s” to “%(after)s”",
                number,
            )
            % said
        )
    for item, members in sorted(touched.studied.items()):
        yield ngettext(
            "“%(title)s” is taken out; %(number)d person has studied it, and keeps the record and the study hours",
            "“%(title)s” is taken out; %(number)d people have studied it, and keep the record and the study hours",
            len(members),
        ) % {"title": titles[item], "number": len(members)}


def _says(member: int, touched: Touched, titles: dict[int, str]) -> Iterator[str]:
    if member in touched.joined:
        yield _("Joins the plan")
    if member in touched.left:
        yield _("Is not in the plan any more")
    if member in touched.otherwise:
        (was, done_before), (becomes, done_after) = touched.otherwise[member]
        if was != becomes:
            said = {"before": say_standing(Standing(was)), "after": say_standing(Standing(becomes))}
            yield _("From “%(before)s” to “%(after)s”") % said
        else:
            yield _("%(before)d items studied become %(after)d") % {"before": done_before, "after": done_after}
    for item, members in sorted(touched.studied.items()):
        if member in members:
            yield _("Has studied “%(title)s”") % {"title": titles[item]}
