"""The people of a unit with their state and its reason. No seconds, no visits, no time of day (DOMAIN §3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from learning.completion.wording import say_standing
from learning.courses.models import ItemKind
from learning.courses.wording import item_about
from learning.plans.models import StudyPlan
from learning.progress.marks import Mark, marks_of
from learning.progress.models import Progress
from members.accounts.models import Member
from members.accounts.people import distinguished
from members.organisation.models import Organisation

NAMED_ITEMS = 3
AT_ONCE = 500


@dataclass(frozen=True)
class PersonRow:
    number: str
    name: str
    unit: str
    standing: str
    say: str
    reason: str


@dataclass(frozen=True)
class ItemRow:
    """`mark` where it is completed; `is_confirmable` where the reader may say by hand that it is."""

    item: int
    title: str
    about: str
    standing: str
    say: str
    mark: Mark | None
    is_confirmable: bool


def people_of(unit: Organisation, plan: StudyPlan, *, user, is_all: bool = True) -> QuerySet[Enrolment]:
    """Everybody counted in the unit and under it, or those with something to go, by name as it is spoken."""
    in_plan = enrolled(unit, plan, user=user)
    shown = in_plan if is_all else in_plan.exclude(standing=Standing.DONE)
    return shown.order_by("member__name_sound", "member__number")


def rows_of(
    enrolments: Iterable[Enrolment], plan: StudyPlan, *, among: QuerySet[Enrolment], today: date
) -> list[PersonRow]:
    """One page of these people."""
    shown = list(enrolments)
    everybody = Member.objects.filter(pk__in=among.order_by().values("member_id"))
    return _rows(shown, plan, today=today, names=distinguished([each.member for each in shown], among=everybody))


def iter_people(unit: Organisation, plan: StudyPlan, *, user, today: date) -> Iterator[PersonRow]:
    """The same by unit and number, a few hundred at a time: for an export of any size, which has the whole number."""
    enrolments = enrolled(unit, plan, user=user).order_by("organisation__code", "member__number")
    batch: list[Enrolment] = []
    for enrolment in enrolments.iterator(chunk_size=AT_ONCE):
        batch.append(enrolment)
        if len(batch) == AT_ONCE:
            yield from _rows(batch, plan, today=today)
            batch = []
    yield from _rows(batch, plan, today=today)


def enrolled(unit: Organisation, plan: StudyPlan, *, user) -> QuerySet[Enrolment]:
    in_plan = Enrolment.objects.led_by(user).under(unit).filter(plan=plan, left_on=None)
    return in_plan.select_related("member", "organisation")


@dataclass(frozen=True)
class PlanRow:
    """One plan of a member: where they stand and why; the board says more under `unit`."""

    plan: StudyPlan
    unit: str
    standing: str
    say: str
    reason: str


def plan_rows(member: Member, *, user, today: date) -> list[PlanRow]:
    """The plans that run today in which this person is counted, in the words of the board."""
    own = Enrolment.objects.led_by(user).filter(member=member, left_on=None, plan__in=StudyPlan.objects.running(today))
    enrolments = list(own.select_related("plan", "organisation", "member").order_by("-plan__starts_on", "plan_id"))
    missing = _missing_of(enrolments)
    return [
        PlanRow(
            plan=each.plan,
            unit=each.organisation.code,
            standing=each.standing,
            say=say_standing(each.standing),
            reason=reason(each, each.plan, missing[each.pk], today=today),
        )
        for each in enrolments
    ]


def items_of(enrolment: Enrolment, *, user) -> list[ItemRow]:
    """The items of a plan with where this person stands."""
    own = Completion.objects.led_by(user).filter(enrolment=enrolment).select_related("plan_item__item")
    studied = (
        Progress.objects.led_by(user).completed().filter(member=enrolment.member, item__plan_items__plan=enrolment.plan)
    )
    marks, is_own = marks_of(studied.select_related("item")), enrolment.member.user_id == user.pk
    return [
        ItemRow(
            item=each.plan_item.item_id,
            title=each.plan_item.item.title,
            about=item_about(each.plan_item.item),
            standing=each.standing,
            say=_("Not finished yet") if each.standing == Standing.DOING else say_standing(each.standing),
            mark=marks.get(each.plan_item.item_id),
            is_confirmable=not is_own and each.plan_item.item.kind != ItemKind.ACTIVITY,
        )
        for each in own.order_by("plan_item__order")
    ]


def reason(enrolment: Enrolment, plan: StudyPlan, missing: list[str], *, today: date) -> str:
    """Why this person stands so, in one sentence."""
    if enrolment.standing == Standing.DONE:
        return _("Everything studied by %(day)s.") % {"day": _day(enrolment.completed_at)}
    if enrolment.standing == Standing.NOT_REQUIRED:
        done = enrolment.items_done
        said = ngettext(
            "Studied %(number)d item of their own accord.", "Studied %(number)d items of their own accord.", done
        )
        return said % {"number": done} if done else ""
    said = _missing(missing)
    if plan.published_at and enrolment.counts_from > max(plan.starts_on, timezone.localdate(plan.published_at)):
        since = _("Counted from %(day)s, when they joined. ") % {
            "day": date_format(enrolment.counts_from, "MONTH_DAY_FORMAT")
        }
        said = since + said
    if today > plan.ends_on:
        said += _("The period is over; it can still be studied.")
    return said


def _missing(titles: list[str]) -> str:
    named = _("; ").join(titles[:NAMED_ITEMS])
    if len(titles) > NAMED_ITEMS:
        named = _("%(titles)s and others") % {"titles": named}
    said = ngettext("%(number)d item to go: %(titles)s.", "%(number)d items to go: %(titles)s.", len(titles))
    return said % {"number": len(titles), "titles": named}


def _rows(
    batch: list[Enrolment], plan: StudyPlan, *, today: date, names: dict[int, str] | None = None
) -> list[PersonRow]:
    missing = _missing_of(batch)
    return [
        PersonRow(
            number=each.member.number,
            name=names[each.member_id] if names else each.member.name,
            unit=each.organisation.name,
            standing=each.standing,
            say=say_standing(each.standing),
            reason=reason(each, plan, missing[each.pk], today=today),
        )
        for each in batch
    ]


def _missing_of(enrolments: list[Enrolment]) -> dict[int, list[str]]:
    missing = defaultdict(list)
    still = Completion.objects.filter(enrolment__in=enrolments).exclude(standing=Standing.DONE)
    for enrolment, title in still.order_by("plan_item__order").values_list("enrolment_id", "plan_item__item__title"):
        missing[enrolment].append(title)
    return missing


def _day(moment) -> str:
    return date_format(moment, "DATE_FORMAT") if moment else ""
