"""The people of a unit with their state and its reason. No seconds, no visits, no time of day (DOMAIN §3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, Window
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.board.missing import Missing, missing_along, missing_of, say_missing
from learning.board.reasons import joined_late, say_item_reason
from learning.completion.models import Completion, Enrolment, HelpNote, HelpReason
from learning.completion.standing import Standing
from learning.completion.wording import say_standing
from learning.courses.models import ItemKind
from learning.courses.wording import item_about
from learning.plans.models import StudyPlan
from learning.progress.marks import Mark, filed_marks_of, marks_of
from learning.progress.models import PastMark, Progress
from learning.progress.wording import say_by_hand
from members.accounts.models import Member
from members.accounts.people import distinguished
from members.organisation.models import Organisation

AT_ONCE = 500
A_PAGE = 100
DIGITS = 6  # more of them name no page


@dataclass(frozen=True)
class PersonRow:
    number: str
    name: str
    unit: str
    standing: str
    say: str
    reason: str
    help: str = ""  # why this person needs help, where somebody said so


@dataclass(frozen=True)
class ItemRow:
    """`mark` where it is completed, `filed` what was before it was begun anew.

    `is_confirmable`: where the reader may say by hand that it is completed.
    """

    item: int
    title: str
    about: str
    standing: str
    say: str
    mark: Mark | None
    is_confirmable: bool
    reason: str
    filed: list[Mark]


def people_of(unit: Organisation, plan: StudyPlan, *, user, is_all: bool = True) -> QuerySet[Enrolment]:
    """Everybody counted in the unit and under it, or those with something to go or in need, by name as it is spoken.

    Each brings along how many they are (`everybody`), and how many of them have the same name (`namesakes`).
    """
    in_plan = enrolled(unit, plan, user=user)
    shown = in_plan if is_all else in_plan.filter(~Q(standing=Standing.DONE) | Q(needs_help=True))
    namesakes = Window(Count("pk"), partition_by=F("member__name_key"))
    shown = shown.annotate(everybody=Window(Count("pk")), namesakes=namesakes)
    return shown.order_by("member__name_sound", "member__number")


def page_of(people: QuerySet[Enrolment], asked: str) -> Page:
    """One page of these people, read in one question together with how many pages there are."""
    number = int(asked) if asked.isdecimal() and len(asked) < DIGITS else 1
    paginator, rows = Paginator(people, A_PAGE), list(people[A_PAGE * max(number - 1, 0) : A_PAGE * number])
    if not rows and asked:
        return paginator.get_page(asked)
    paginator.count = rows[0].everybody if rows else 0
    return Page(rows, number, paginator)


def rows_of(enrolments: Iterable[Enrolment], plan: StudyPlan, *, user, today: date) -> list[PersonRow]:
    """One page of these people."""
    shown = list(enrolments)
    shared = {each.member.name_key for each in shown if each.namesakes > 1}
    units = {each.member_id: each.unit for each in shown}
    names = distinguished([each.member for each in shown], shared=shared, units=units)
    return _rows(shown, plan, user=user, today=today, names=names)


def iter_people(unit: Organisation, plan: StudyPlan, *, user, today: date) -> Iterator[PersonRow]:
    """The same by unit and number, a few hundred at a time: for an export of any size, which has the whole number."""
    enrolments = enrolled(unit, plan, user=user).order_by("organisation__code", "member__number")
    batch: list[Enrolment] = []
    for enrolment in enrolments.iterator(chunk_size=AT_ONCE):
        batch.append(enrolment)
        if len(batch) == AT_ONCE:
            yield from _rows(batch, plan, user=user, today=today)
            batch = []
    yield from _rows(batch, plan, user=user, today=today)


def enrolled(unit: Organisation, plan: StudyPlan, *, user) -> QuerySet[Enrolment]:
    """Who is counted there, each with the name of the unit and what is still missing."""
    in_plan = plan.enrolments.led_by(user).under(unit).filter(left_on=None)
    return in_plan.select_related("member").annotate(unit=F("organisation__name"), **missing_along())


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
    own = own.select_related("plan", "organisation", "member").annotate(**missing_along())
    return [
        PlanRow(
            plan=each.plan,
            unit=each.organisation.code,
            standing=each.standing,
            say=say_standing(each.standing),
            reason=reason(each, each.plan, missing_of(each), today=today),
        )
        for each in own.order_by("-plan__starts_on", "plan_id")
    ]


def items_of(enrolment: Enrolment, *, user, today: date) -> list[ItemRow]:
    """The items of a plan with where this person stands, and why."""
    own = Completion.objects.led_by(user).filter(enrolment=enrolment).select_related("plan_item__item")
    studied = (
        Progress.objects.led_by(user).completed().filter(member=enrolment.member, item__plan_items__plan=enrolment.plan)
    )
    before = PastMark.objects.led_by(user).filter(member=enrolment.member, item__plan_items__plan=enrolment.plan)
    filed = filed_marks_of(before.select_related("item").order_by("completed_at"))
    marks, is_own = marks_of(studied.select_related("item")), enrolment.member.user_id == user.pk
    return [
        ItemRow(
            item=each.plan_item.item_id,
            title=each.plan_item.item.title,
            about=item_about(each.plan_item.item),
            standing=each.standing,
            say=_say_item(each, marks.get(each.plan_item.item_id)),
            mark=marks.get(each.plan_item.item_id),
            is_confirmable=not is_own and each.plan_item.item.kind != ItemKind.ACTIVITY,
            reason=say_item_reason(each, enrolment, marks.get(each.plan_item.item_id), today=today),
            filed=filed.get(each.plan_item.item_id, []),
        )
        for each in own.order_by("plan_item__order")
    ]


def _say_item(completion: Completion, mark: Mark | None) -> str:
    if completion.standing == Standing.DONE and mark and mark.confirmation:
        return say_by_hand()
    return _("Not finished yet") if completion.standing == Standing.DOING else say_standing(completion.standing)


def reason(enrolment: Enrolment, plan: StudyPlan, missing: list[Missing], *, today: date) -> str:
    """Why this person stands so, in one sentence."""
    if enrolment.standing == Standing.DONE:
        return _("Everything studied by %(day)s.") % {"day": _day(enrolment.completed_at)}
    if enrolment.standing == Standing.NOT_REQUIRED:
        done = enrolment.items_done
        said = ngettext(
            "Studied %(number)d item of their own accord.", "Studied %(number)d items of their own accord.", done
        )
        return said % {"number": done} if done else ""
    said = say_missing(missing)
    if joined_late(enrolment):
        since = _("Counted from %(day)s, when they joined. ") % {
            "day": date_format(enrolment.counts_from, "MONTH_DAY_FORMAT")
        }
        said = since + said
    if today > plan.ends_on or any(each.due_on and today > each.due_on for each in missing):
        said += _("The period is over; it can still be studied.")
    return said


def _rows(
    batch: list[Enrolment], plan: StudyPlan, *, user, today: date, names: dict[int, str] | None = None
) -> list[PersonRow]:
    help_for = _help_for(batch, user=user)
    return [
        PersonRow(
            number=each.member.number,
            name=names[each.member_id] if names else each.member.name,
            unit=each.unit,
            standing=each.standing,
            say=say_standing(each.standing),
            reason=reason(each, plan, missing_of(each), today=today),
            help=help_for.get(each.member_id, ""),
        )
        for each in batch
    ]


def _help_for(enrolments: list[Enrolment], *, user) -> dict[int, str]:
    in_need = [each.member_id for each in enrolments if each.needs_help]
    notes = HelpNote.objects.led_by(user).open().filter(member__in=in_need) if in_need else []
    return {note.member_id: str(HelpReason(note.reason).label) for note in notes}


def _day(moment) -> str:
    return date_format(moment, "DATE_FORMAT") if moment else ""
