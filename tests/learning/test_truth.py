"""Whatever people do, in whatever order, whatever breaks: every figure is what the records say, today and then.

`TRUTH=200` in the environment runs so many examples instead of a few.
"""

import os
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from learning.board.counts import Counts
from learning.board.figures import counts_as_of, exact_counts
from learning.completion.actions import publish_plan
from learning.completion.helping import ask_for_help, clear_help
from learning.completion.models import Completion, Enrolment, HelpReason
from learning.completion.recount import wrong_days, wrong_help, wrong_tallies
from learning.completion.standing import Standing
from learning.completion.tallies import fold_deltas
from learning.courses.models import StudyItem
from learning.planning.actions import PlanIsOver, change_plan
from learning.plans.actions import make_plan
from learning.plans.models import StudyPlan
from learning.plans.shape import ItemShape, LineShape, shape_of
from learning.progress.models import Confirmation, Progress
from learning.study.actions import (
    NotAdmitted,
    confirm_by_hand,
    reverse_attendance,
    settle_attendance,
    withdraw_confirmation,
)
from learning.study.confirming import NotConfirmed
from members.accounts.homes import change_home
from members.accounts.membership import arrange_study, end_membership, reverse_end
from members.accounts.models import Member
from members.events import Attended
from members.organisation.kinds import EndKind
from members.organisation.models import Organisation
from members.reorganisation.actions import NotReorganised, move_unit
from members.roles.models import Role
from tests.factories import grant, make_account, make_person, make_tree
from tests.learning.makers import Viewing, make_lesson
from tests.learning.quiz_makers import make_quiz, take
from tests.members.gatherings import make_activity

BEGIN = datetime(2025, 6, 2, 2, tzinfo=UTC)
SPRING, YEAR = (date(2025, 3, 1), date(2025, 6, 4)), (date(2025, 1, 1), date(2025, 12, 31))
Who, Pick = st.integers(0, 3), st.integers(0, 5)


REFUSALS = (NotAdmitted, NotReorganised, NotConfirmed, PlanIsOver)


class Broken(Exception):
    """The machine stops in the middle of it."""


class Town(RuleBasedStateMachine):
    """Seven units, four members, two lessons, a quiz, an activity; one plan is about to end, one runs all year."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now, self.breaks = BEGIN, False
        self.said: dict[tuple[date, int], dict[int, Counts]] = {}
        self.tree = make_tree()
        self.people = [
            make_person(unit) for unit in (self.tree.branch, self.tree.group, self.tree.sibling, self.tree.far)
        ]
        self.leader = make_account()
        grant(self.leader, Role.ORGANISER, self.tree.root)
        self.lessons = [make_lesson(self.tree.root, title=title, seconds=60) for title in ("第一课", "第二课")]
        self.quiz = make_quiz(self.tree.root, now=BEGIN)
        self.activity = make_activity(self.tree.root)
        self.attend([0])
        self.items = [*self.lessons, self.quiz.item, self._activity_item()]
        self.plan(unit="root", period=YEAR, items=[0, 1, 2])
        self.plan(unit="east", period=SPRING, items=[0, 3])
        self.attend([])

    def teardown(self) -> None:
        self.every_page_says_the_same()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # --- what people do ---
    @rule(who=Who, which=st.integers(0, 1), seconds=st.sampled_from([20, 60]))
    def study(self, who, which, seconds):
        self._try(lambda: Viewing(self._member(who), self.lessons[which], at=self.now).watch(0, seconds))

    @rule(who=Who, right=st.sampled_from([1, 4]))
    def take_the_quiz(self, who, right):
        self._try(lambda: take(self.quiz, self._member(who), right=right, now=self.now))

    @rule(who=st.sets(Who, max_size=3))
    def accept_the_activity(self, who):
        self._try(lambda: self.attend(who))

    @rule()
    def reopen_the_activity(self):
        self._try(lambda: reverse_attendance(activity_id=self.activity.pk, reason="人数不对", by=None, now=self.now))

    @rule(who=Who, item=st.integers(0, 3))
    def confirm_or_withdraw(self, who, item):
        member, said = self._member(who), {"by": self.leader, "now": self.now}
        standing = Confirmation.objects.standing().filter(member=member, item=self.items[item]).first()
        if standing is None:
            what = {"member": member, "item": self.items[item], "reason": "在家里学的"}
            self._try(lambda: confirm_by_hand(**what, **said))
        else:
            self._try(lambda: withdraw_confirmation(confirmation=standing, reason="记错了人", **said))

    @rule(who=Who, reason=st.sampled_from(HelpReason), is_helped=st.booleans())
    def ask_for_help_or_be_helped(self, who, reason, is_helped):
        said = {"member": self._member(who), "actor": None, "now": self.now}
        self._try(lambda: clear_help(**said) if is_helped else ask_for_help(reason=reason, **said))

    @rule(who=Who, way=st.sampled_from(["online", "group", "paper"]), is_flexible=st.booleans())
    def study_otherwise(self, who, way, is_flexible):
        how = {"study_way": way, "flexible_study": is_flexible}
        self._try(lambda: arrange_study(member=self._member(who), actor=None, now=self.now, **how))

    # --- where they belong ---
    @rule(who=Who, to=Pick)
    def belong_elsewhere(self, who, to):
        member, after = self._member(who), self._units()[to]
        if (before := member.organisation_now()) and before != after:
            self._try(lambda: change_home(member_ids=[member.pk], before=before, after=after, now=self.now))

    @rule(who=Who)
    def end_or_take_the_end_back(self, who):
        member, said = self._member(who), {"actor": None, "now": self.now}
        if member.ended_on:
            self._try(lambda: reverse_end(member=member, **said))
        else:
            self._try(lambda: end_membership(member=member, kind=EndKind.OTHER, ended_on=self.now.date(), **said))

    @rule(unit=st.sampled_from(["branch", "sibling", "far"]), parent=st.sampled_from(["east", "west"]))
    def move_a_unit(self, unit, parent):
        fold_deltas()
        moved, above = (Organisation.objects.get(pk=getattr(self.tree, name).pk) for name in (unit, parent))
        self._try(lambda: move_unit(unit=moved, parent=above, actor=None, now=self.now))

    # --- what they are to study ---
    @rule(unit=st.sampled_from(["root", "east", "branch"]), items=st.lists(st.integers(0, 3), min_size=1, unique=True))
    def publish(self, unit, items):
        if StudyPlan.objects.count() < 4:
            self._try(lambda: self.plan(unit=unit, period=YEAR, items=items))

    @rule(pick=Pick, item=st.integers(0, 3))
    def change_what_is_in_a_plan(self, pick, item):
        """An item comes, is only offered, is required again, goes."""
        plan = self._plan(pick)
        self._try(lambda: self._change_items(plan, self.items[item]))

    @rule(pick=Pick, days=st.sampled_from([-2, 1, 30]))
    def let_a_plan_end_on_another_day(self, pick, days):
        plan = self._plan(pick)
        self._try(lambda: self._change(plan, ends_on=self.now.date() + timedelta(days=days)))
        # By the tree of which day it is counted is another question now, also of the past.
        self.said = {key: figures for key, figures in self.said.items() if key[1] != plan.pk}

    @rule(pick=Pick, who=Who)
    def make_or_end_an_exception(self, pick, who):
        plan = self._plan(pick)
        one = LineShape.person(self._member(who).pk, is_exception=True)
        self._try(lambda: self._change(plan, audience=shape_of(plan).audience ^ {one}))

    @rule(pick=Pick)
    def count_what_was_studied_before_or_not(self, pick):
        plan = self._plan(pick)
        self._try(lambda: self._change(plan, counts_earlier=not plan.counts_earlier))

    @rule()
    def ask_another_length(self):
        lesson = self.lessons[0]
        lesson.length_seconds, lesson.rule_version = 90 if lesson.length_seconds == 60 else 60, lesson.rule_version + 1
        lesson.save(update_fields=["length_seconds", "rule_version"])

    # --- what happens by itself ---
    @rule(limit=st.sampled_from([1, 3, 7, 1000]))
    def fold(self, limit):
        self._try(lambda: fold_deltas(limit=limit))

    @rule()
    def the_next_step_breaks(self):
        self.breaks = True

    @rule(days=st.integers(1, 3))
    def a_day_passes(self, days):
        for plan in StudyPlan.objects.published():
            self.said[self.now.date(), plan.pk] = exact_counts(plan, self._units())
        self.now = self.now.replace(hour=2, minute=0) + timedelta(days=days)

    # --- what always holds ---
    @invariant()
    def the_figures_are_what_is_counted_anew(self):
        assert wrong_tallies() == []
        assert wrong_days() == []
        assert wrong_help() == 0
        units = self._units()
        for plan in StudyPlan.objects.published():
            now = exact_counts(plan, units)
            assert counts_as_of(plan, units, day=self.now.date()) == now
            present = Enrolment.objects.filter(plan=plan, left_on=None)
            assert sum(now[self.tree.root.pk].by_standing.values()) <= present.count()

    @invariant()
    def a_past_day_is_what_it_was(self):
        for (day, plan), figures in self.said.items():
            units = [unit for unit in self._units() if unit.pk in figures]
            assert counts_as_of(StudyPlan.objects.get(pk=plan), units, day=day) == figures

    @invariant()
    def everybody_stands_as_their_records_say(self):
        studied = {(each.member_id, each.item_id): each for each in Progress.objects.all()}
        for enrolment in Enrolment.objects.select_related("member", "plan").filter(left_on=None):
            own = {each.plan_item_id: each for each in Completion.objects.filter(enrolment=enrolment)}
            items = list(enrolment.plan.items.all())
            marks = {item.pk: studied.get((enrolment.member_id, item.item_id)) for item in items}
            assert {pk: each.standing for pk, each in own.items()} == {
                pk: expected(enrolment.member, [mark]) for pk, mark in marks.items()
            }
            required = [marks[item.pk] for item in items if item.is_required]
            offered = [marks[item.pk] for item in items if not item.is_required]
            assert enrolment.standing == expected(enrolment.member, required, offered)

    def every_page_says_the_same(self):
        """How many items each reads as studied on their own page, and the organiser of them."""
        running = StudyPlan.objects.running(self.now.date())
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr(timezone, "now", lambda: self.now)
            for user in self.people:
                there = Enrolment.objects.filter(member=user.member, left_on=None, plan__in=running)
                own = page_of(user, "/study/") if there and not self._member_of(user).ended_on else ""
                said = Counter(re.findall(r"\d+ 项，已学 (\d+) 项", own))
                counted: Counter = Counter()
                for enrolment in there:
                    done = enrolment.completions.filter(standing=Standing.DONE).count()
                    counted[str(done)] += 1
                    path = f"/organise/{self.tree.root.code}/people/{user.username}/?plan={enrolment.plan_id}"
                    assert page_of(self.leader, path).count('class="state state-done"') == done
                assert said == counted

    # --- below ---
    def attend(self, who) -> None:
        members = frozenset(self._member(each).pk for each in who)
        news = {"activity_id": self.activity.pk, "title": "主题党日", "organisation_id": self.tree.root.pk}
        more = {"held_on": self.now.date(), "hours": Decimal(1), "category": "group", "member_ids": members}
        settle_attendance(Attended(**news, **more), by=None, now=self.now)

    def plan(self, *, unit, period, items) -> None:
        chosen = [self.items[item] for item in items]
        days = {"starts_on": period[0], "ends_on": period[1]}
        plan = make_plan(title="计划", organisation=getattr(self.tree, unit), items=chosen, **days)
        publish_plan(plan, now=self.now)

    def _change_items(self, plan, item) -> None:
        items = {each.item_id: each for each in shape_of(plan).items}
        there = items.pop(item.pk, None)
        if there is None or not there.is_required:
            items[item.pk] = ItemShape(item.pk, is_required=there is not None)
        self._change(plan, items=tuple(items.values()))

    def _change(self, plan, **facts) -> None:
        before = shape_of(plan)
        shape = replace(before, **facts)
        change_plan(plan=plan, shape=shape, seen=before.fingerprint, actor=self.leader, now=self.now)

    def _try(self, deed) -> None:
        """The deed whole; or refused, or broken at its very end, and then there is nothing of it."""
        breaks, self.breaks = self.breaks, False
        try:
            with transaction.atomic():
                deed()
                if breaks:
                    raise Broken
        except (*REFUSALS, Broken):
            pass
        self.now += timedelta(minutes=1)

    def _activity_item(self) -> StudyItem:
        return StudyItem.objects.get(activity=self.activity)

    def _member(self, who) -> Member:
        return Member.objects.select_related("user").get(pk=self.people[who].member.pk)

    def _member_of(self, user) -> Member:
        return Member.objects.get(user=user)

    def _plan(self, pick) -> StudyPlan:
        plans = list(StudyPlan.objects.select_related("organisation").order_by("pk"))
        return plans[pick % len(plans)]

    def _units(self) -> list[Organisation]:
        return list(Organisation.objects.order_by("pk"))


def expected(member: Member, required: list[Progress | None], offered: list[Progress | None] = ()) -> Standing:
    """How somebody stands, told once more in other words than the house's."""
    if all(each and each.completed_at for each in required):
        return Standing.DONE
    if member.flexible_study:
        return Standing.NOT_REQUIRED
    if member.study_way != "online":
        return Standing.BY_BRANCH
    return Standing.DOING if any([*required, *offered]) else Standing.TODO


def page_of(user, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.django_db
def test_a_town_studies_moves_and_breaks_in_any_order():
    examples = int(os.environ.get("TRUTH", "5"))
    few = settings(
        max_examples=examples,
        stateful_step_count=16 if examples < 50 else 50,
        deadline=None,
        derandomize=examples < 50,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Town, settings=few)
