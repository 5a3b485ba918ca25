"""Who would be reminded of a plan, with which words, and who would not and why."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from learning.plans.models import StudyPlan
from learning.reminders.due import why_not_asked
from learning.reminders.wording import group_text, say_held, text_for, title_for, why_for
from members.accounts.models import Member
from members.accounts.people import by_name, distinguished
from members.messages.limits import Held
from members.messages.queries import held_of
from members.organisation.models import Organisation

AT_ONCE = 500
NAMED = 200


@dataclass(frozen=True)
class Recipient:
    member: Member
    title: str
    text: str


@dataclass(frozen=True)
class HeldGroup:
    """People who get nothing for the same reason; named only where they are few enough to be read."""

    reason: str
    number: int
    say: str
    names: list[str]


@dataclass(frozen=True)
class Reminder:
    """What the one button would do."""

    plan: StudyPlan
    recipients: list[Recipient]
    held: list[HeldGroup]
    why: str
    group_text: str

    @property
    def held_number(self) -> int:
        return sum(group.number for group in self.held)

    @property
    def names(self) -> list[str]:
        return _named([row.member for row in self.recipients])

    @property
    def sample(self) -> Recipient | None:
        return self.recipients[0] if self.recipients else None


def topic_of(plan: StudyPlan) -> str:
    """One reminder a week for each plan; who mutes, mutes reminders of study altogether."""
    return f"study.plan/{plan.pk}"


def reminder_of(unit: Organisation, plan: StudyPlan, *, user: Any, now: datetime) -> Reminder:
    """Everybody of the unit and under it who is in the plan: what each gets, or why nothing."""
    today = timezone.localdate(now)
    enrolments = Enrolment.objects.led_by(user).under(unit).filter(plan=plan, left_on=None)
    asked, held = _sorted_out(enrolments.select_related("member"))
    silent = held_of([each.member_id for each in asked], topic=topic_of(plan), now=now)
    for each in asked:
        if each.member_id in silent:
            held[silent[each.member_id]].append(each.member)
    going = [each for each in asked if each.member_id not in silent]
    recipients = list(_recipients(going, plan, today=today))
    return Reminder(
        plan=plan,
        recipients=sorted(recipients, key=lambda row: (row.member.name_sound, row.member.number)),
        held=[_group(reason, people) for reason, people in sorted(held.items())],
        why=why_for(plan),
        group_text=group_text(plan, today=today),
    )


def _group(reason: str, people: list[Member]) -> HeldGroup:
    """Who switched reminders off has done so for themselves: nobody is shown their names."""
    return HeldGroup(reason, len(people), say_held(reason), [] if reason == Held.MUTED else _named(people))


def _sorted_out(enrolments: QuerySet[Enrolment]) -> tuple[list[Enrolment], dict[str, list[Member]]]:
    asked: list[Enrolment] = []
    held: dict[str, list[Member]] = defaultdict(list)
    for each in enrolments.order_by("member__number"):
        reason = why_not_asked(Standing(each.standing))
        if reason is None:
            asked.append(each)
        else:
            held[reason].append(each.member)
    return asked, held


def _recipients(enrolments: list[Enrolment], plan: StudyPlan, *, today: date) -> Iterator[Recipient]:
    rest = iter(enrolments)
    while some := list(islice(rest, AT_ONCE)):
        missing: dict[int, list[str]] = defaultdict(list)
        still = Completion.objects.filter(enrolment__in=some).exclude(standing=Standing.DONE)
        named = still.order_by("plan_item__order").values_list("enrolment_id", "plan_item__item__title")
        for enrolment, title in named:
            missing[enrolment].append(title)
        for each in some:
            titles = missing[each.pk]
            text = text_for(each.member.name, plan, titles, today=today)
            yield Recipient(each.member, title_for(len(titles)), text)


def _named(people: list[Member]) -> list[str]:
    """In the order of pinyin; nobody where they are too many."""
    return list(distinguished(by_name(people)).values()) if len(people) <= NAMED else []
