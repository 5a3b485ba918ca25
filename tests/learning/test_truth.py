"""Whatever people do, in whatever order, whatever breaks: every figure is what the records say, today and then.

Every deed is a card, and hypothesis shuffles the cards, so that a few examples hold something of everything.
`TRUTH=200` in the environment runs so many examples, and longer ones; decision 0108 says what has been caught.
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
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
from learning.completion.tallies import fold_deltas
from learning.courses.actions import take_lengths
from learning.courses.models import LessonPage, StudyItem
from learning.hours.checking import check_hours
from learning.hours.models import HoursEntry
from learning.planning.actions import PlanIsOver, align_due_plans, change_plan
from learning.plans.actions import make_plan
from learning.plans.models import TEAM, StudyPlan
from learning.plans.shape import ItemShape, LineShape, shape_of
from learning.progress.models import Confirmation, PastMark, Progress
from learning.study.actions import (
    NotAdmitted,
    complete_by_new_rule,
    confirm_by_hand,
    reverse_attendance,
    settle_attendance,
    withdraw_confirmation,
)
from learning.study.again import study_again
from learning.study.confirming import NotConfirmed
from members.accounts.actions import import_members
from members.accounts.homes import change_home
from members.accounts.membership import arrange_study, end_membership, reverse_end
from members.accounts.models import Member
from members.checkins.actions import Details, end_spell, register_spell
from members.checkins.models import MobileSpell
from members.checkins.spell_steps import Step, StepRefused
from members.events import Attended
from members.organisation.kinds import EndKind, PostKind
from members.organisation.models import Organisation, Participation, Post
from members.organisation.posts import NotSet, end_post, set_post
from members.reorganisation.actions import NotReorganised, move_unit
from members.roles.models import Role
from tests.factories import LONG_AGO, grant, make_account, make_person, make_tree
from tests.learning.makers import Viewing, make_lesson
from tests.learning.pages_say import pages_agree
from tests.learning.plan_makers import FULL, MOBILE, PROBATIONARY, post_line
from tests.learning.quiz_makers import make_quiz, take
from tests.learning.told_again import Pair, Remembered, Studied, belonging_to
from tests.members.gatherings import make_activity
from tests.members.workbooks import sheet_of

BEGIN = datetime(2025, 6, 2, 2, tzinfo=UTC)
SPRING, YEAR = (date(2025, 3, 1), date(2025, 6, 4)), (date(2025, 1, 1), date(2025, 12, 31))
Who, Pick = st.integers(0, 3), st.integers(0, 5)
Unit = st.sampled_from(["far", "branch", "group", "sibling"])
REFUSALS = (NotAdmitted, NotReorganised, NotConfirmed, NotSet, PlanIsOver, StepRefused)
TIMES: dict[str, int] = {}
DRAWN: dict[str, dict[str, st.SearchStrategy]] = {}


def deed(times: int = 1, **drawn: st.SearchStrategy):
    """So many cards for it, each with what it is drawn for."""

    def take_up(method):
        TIMES[method.__name__], DRAWN[method.__name__] = times, drawn
        return method

    return take_up


def all_cards() -> list[str]:
    """One of each first, in the order of this file: that is the simplest example."""
    return [name for turn in range(max(TIMES.values())) for name, times in TIMES.items() if turn < times]


class Broken(Exception):
    """The machine stops in the middle of it."""


class Town:
    """Seven units, four members, two lessons, a quiz, an activity; four plans, of which one is about to end.

    One is for who is away or holds a post, one for probationary members. Two have seen two thirds of a lesson.
    """

    def __init__(self) -> None:
        self.tree = make_tree()
        homes = (self.tree.branch, self.tree.group, self.tree.sibling, self.tree.far)
        self.people = [make_person(unit) for unit in homes]
        take_part = {"member": self.people[3].member, "organisation": self.tree.sibling}
        Participation.objects.create(**take_part, since=LONG_AGO)
        self.leader = make_account()
        grant(self.leader, Role.ORGANISER, self.tree.root)
        self.lessons = [make_lesson(self.tree.root, title=title, seconds=60) for title in ("第一课", "第二课")]
        self.quiz = make_quiz(self.tree.root, now=BEGIN)
        self.activity = make_activity(self.tree.root)
        attend(self, [], now=BEGIN)
        self.items = [*self.lessons, self.quiz.item, StudyItem.objects.get(activity=self.activity)]
        send(self, unit="root", period=YEAR, items=[0, 1, 2], now=BEGIN)
        send(self, unit="east", period=SPRING, items=[0, 3], now=BEGIN)
        send(self, unit="root", period=YEAR, items=[0, 2], now=BEGIN, audience=frozenset([MOBILE, post_line(TEAM)]))
        send(self, unit="root", period=YEAR, items=[1], now=BEGIN, audience=frozenset([PROBATIONARY]))
        self.seen = dict(self.begin(who, which) for who, which in ((1, 0), (2, 1)))

    def begin(self, who: int, which: int) -> tuple[Pair, int]:
        member, lesson = self.people[who].member, self.lessons[which]
        Viewing(member, lesson, at=BEGIN - timedelta(days=1)).watch(0, 40)
        return (member.pk, lesson.pk), 40


class Machine(RuleBasedStateMachine):
    """What happens in the town."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = pytest.MonkeyPatch()
        self.clock.setattr(timezone, "now", lambda: self.now)
        self.now, self.breaks, self.cards = BEGIN, False, []
        self.said: dict[tuple[date, int], dict[int, Counts]] = {}
        self.remembered = Remembered(seen=dict(self.town.seen))

    def teardown(self) -> None:
        try:
            self.every_page_says_the_same()
            assert check_hours() == []
        finally:
            self.clock.undo()
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @rule(data=st.data())
    def something_happens(self, data):
        self.cards = self.cards or all_cards()
        name = data.draw(st.sampled_from(self.cards), label="deed")
        self.cards.remove(name)
        getattr(self, name)(**{what: data.draw(how, label=what) for what, how in DRAWN[name].items()})
        self.remembered.reckon()

    # --- what people do ---
    @deed(2, who=Who, item=st.integers(0, 2))
    def confirm(self, who, item):
        member, item = self._member(who), self.town.items[item]
        said = {"by": self.town.leader, "now": self.now}
        if self._try(lambda: confirm_by_hand(member=member, item=item, reason="在家里学的", **said)):
            self.remembered.confirm((member.pk, item.pk))

    @deed(2, pick=Pick)
    def withdraw_a_confirmation(self, pick):
        standing = list(Confirmation.objects.standing().select_related("member", "item").order_by("pk"))
        if standing:
            one, said = standing[pick % len(standing)], {"reason": "记错了人", "by": self.town.leader, "now": self.now}
            if self._try(lambda: [withdraw_confirmation(confirmation=one, **said)]):
                self.remembered.withdraw((one.member_id, one.item_id))

    @deed(3, who=Who, which=st.integers(0, 1), seconds=st.sampled_from([60, 40, 20]))
    def study(self, who, which, seconds):
        member, lesson = self._member(who), self.town.lessons[which]
        if self._try(lambda: Viewing(member, lesson, at=self.now).watch(0, seconds)):
            self.remembered.watch((member.pk, lesson.pk), seconds)

    @deed(who=Who, right=st.sampled_from([4, 1]))
    def take_the_quiz(self, who, right):
        quiz, member = self.town.quiz, self._member(who)
        if self._try(lambda: take(quiz, member, right=right, now=self.now)) and right == 4:
            self.remembered.passed.add((member.pk, quiz.item_id))

    @deed(who=Who, item=st.integers(0, 2))
    def study_once_more(self, who, item):
        what = {"member": self._member(who), "item": self.town.items[item]}
        if self._try(lambda: study_again(**what, now=self.now)) is True:
            self.remembered.begin_anew((what["member"].pk, what["item"].pk))

    @deed(2, who=st.sets(Who, max_size=3))
    def accept_the_activity(self, who):
        if self._try(lambda: attend(self.town, who, now=self.now)):
            self.remembered.attend(self.town.items[3].pk, [self._member(each).pk for each in who])

    @deed()
    def reopen_the_activity(self):
        what = {"activity_id": self.town.activity.pk, "reason": "人数不对", "by": None}
        if self._try(lambda: reverse_attendance(**what, now=self.now) or True):
            self.remembered.attend(self.town.items[3].pk, [])

    @deed(2, who=Who, reason=st.sampled_from(HelpReason))
    def ask_for_help_or_be_helped(self, who, reason):
        said = {"member": self._member(who), "actor": None, "now": self.now}
        self._try(lambda: clear_help(**said) or ask_for_help(reason=reason, **said))

    @deed(who=Who, way=st.sampled_from(["paper", "group", "online"]), is_flexible=st.booleans())
    def study_otherwise(self, who, way, is_flexible):
        how = {"study_way": way, "flexible_study": is_flexible}
        self._try(lambda: arrange_study(member=self._member(who), actor=None, now=self.now, **how))

    # --- where they belong, and what they are ---
    @deed(2, who=Who, to=Unit)
    def belong_elsewhere(self, who, to):
        member, after = self._member(who), self._unit(to)
        if (before := member.organisation_now()) and before != after:
            self._try(lambda: change_home(member_ids=[member.pk], before=before, after=after, now=self.now))

    @deed(2, who=Who, status=st.sampled_from(["预备党员", "正式党员", "入党积极分子"]), to=Unit)
    def a_list_says(self, who, status, to):
        """Of what kind somebody is, and where they belong."""
        member = self._member(who)
        row = (member.number, member.name, "", self._unit(to).code, status, "2001-07-01", "")
        self._try(lambda: import_members(sheet=sheet_of(row), actor=None, now=self.now))

    @deed(3, who=Who)
    def end_or_take_the_end_back(self, who):
        ended = Member.objects.filter(ended_on__isnull=False).first()
        member, said = ended or self._member(who), {"actor": None, "now": self.now}
        if member.ended_on:
            self._try(lambda: reverse_end(member=member, **said))
        else:
            self._try(lambda: end_membership(member=member, kind=EndKind.OTHER, ended_on=self.today, **said))

    @deed(2, who=Who, kind=st.sampled_from([PostKind.SECRETARY, PostKind.GROUP_LEADER]), days=st.integers(0, 2))
    def begin_or_end_a_post(self, who, kind, days):
        """It begins today or some days from now, and perhaps it is known when it ends."""
        member, said = self._member(who), {"actor": None, "now": self.now}
        held = Post.objects.filter(member=member, until=None).first()
        if held:
            self._try(lambda: end_post(post=held, until=max(self.today, held.since), **said))
            return
        taking_part = Participation.objects.filter(member=member, until=None).first()
        unit = taking_part.organisation if taking_part else member.organisation_now()
        since = self.today + timedelta(days=days % 2)
        term = {"since": since, "until": since + timedelta(days=2) if days == 2 else None}
        if unit:
            self._try(lambda: set_post(member=member, organisation=unit, kind=kind, **term, **said))

    @deed(2, who=Who, days=st.integers(0, 1))
    def leave_or_come_back(self, who, days):
        member, said = self._member(who), {"actor": None, "now": self.now}
        spell = MobileSpell.objects.open().filter(member=member).first()
        if spell:
            self._try(lambda: end_spell(spell=spell, step=Step.RETURNED, ended_on=self.today, **said))
        else:
            details = Details("江城", False, "work", self.today + timedelta(days=days), None, None)
            self._try(lambda: register_spell(member=member, details=details, **said))

    @deed(3, unit=st.sampled_from(["branch", "sibling", "far"]), is_folded=st.sampled_from([True, True, False]))
    def move_a_unit(self, unit, is_folded):
        """To the other of the two committees, with everybody and what is counted there; mostly it was folded before."""
        if is_folded:
            fold_deltas()
        moved = self._unit(unit)
        parent = self._unit("west" if moved.get_parent().pk == self.town.tree.east.pk else "east")
        self._try(lambda: move_unit(unit=moved, parent=parent, actor=None, now=self.now))

    # --- what they are to study ---
    @deed(1, unit=st.sampled_from(["east", "root", "branch"]), items=st.sets(st.integers(0, 3), min_size=1), soon=Pick)
    def publish(self, unit, items, soon):
        """For this year, or from tomorrow on."""
        period = YEAR if soon else (self.today + timedelta(days=1), YEAR[1])
        if StudyPlan.objects.count() < 6:
            self._try(lambda: send(self.town, unit=unit, period=period, items=sorted(items), now=self.now))

    @deed(2, pick=Pick, item=st.integers(0, 3))
    def change_what_is_in_a_plan(self, pick, item):
        """An item comes, is only offered, is required again, goes."""
        plan = self._plan(pick)
        self._try(lambda: self._change_items(plan, self.town.items[item]))

    @deed(2, pick=Pick, days=st.sampled_from([30, 1, -2]))
    def let_a_plan_end_on_another_day(self, pick, days):
        plan, before = self._plan(pick), self._plan(pick).ends_on
        self._try(lambda: self._change(plan, ends_on=max(plan.starts_on, self.today + timedelta(days=days))))
        if self._plan(pick).ends_on != before:
            # By the tree of which day it is counted is another question now, also of the past.
            self.said = {key: figures for key, figures in self.said.items() if key[1] != plan.pk}

    @deed(3, pick=Pick, line=st.sampled_from([MOBILE, PROBATIONARY, FULL, post_line(TEAM), None]), who=Who)
    def mean_others(self, pick, line, who):
        """A line more or less: a kind of people, one person, not this person, not this unit."""
        plan = self._plan(pick)
        if line is None:
            person = LineShape.person(self._member(who).pk, is_exception=bool(who % 2))
            line = person if pick % 2 else LineShape.without_unit(self.town.tree.group.pk)
        self._try(lambda: self._change(plan, audience=shape_of(plan).audience ^ {line}))

    @deed(pick=Pick)
    def count_what_was_studied_before_or_not(self, pick):
        plan = self._plan(pick)
        self._try(lambda: self._change(plan, counts_earlier=not plan.counts_earlier))

    @deed(2, which=st.integers(0, 1), percent=st.sampled_from([50, 70, 100]))
    def ask_more_or_less_of_a_lesson(self, which, percent):
        """The page is published anew, as editors do it; all that follows, follows from that."""

        def publish_it() -> None:
            page = LessonPage.objects.get(pk=self.town.lessons[which].page_id)
            page.needed_percent = percent
            page.save_revision().publish()
            settle_new_rules(self.now)

        self._try(publish_it)

    @deed(which=st.integers(0, 1))
    def the_file_of_a_lesson_is_another_one(self, which):
        def replace_it() -> None:
            asset = StudyItem.objects.get(pk=self.town.lessons[which].pk).asset
            asset.duration = 90 if asset.duration == 60 else 60
            asset.save(update_fields=["duration"])
            take_lengths(now=self.now)
            settle_new_rules(self.now)

        self._try(replace_it)

    # --- what happens by itself ---
    @deed(4, limit=st.sampled_from([1000, 7, 3]))
    def fold(self, limit):
        self._try(lambda: fold_deltas(limit=limit))

    @deed(2)
    def the_next_step_breaks(self):
        self.breaks = True

    @deed(2, days=st.integers(1, 3))
    def a_day_passes(self, days):
        for plan in StudyPlan.objects.published():
            self.said[self.today, plan.pk] = exact_counts(plan, self._units())
        self.now = self.now.replace(hour=2, minute=0) + timedelta(days=days)
        align_due_plans(now=self.now)

    # --- what always holds ---
    @invariant()
    def the_figures_are_what_is_counted_anew(self):
        assert wrong_tallies() == []
        assert wrong_days() == []
        assert wrong_help() == 0
        units = self._units()
        for plan in StudyPlan.objects.published():
            now = exact_counts(plan, units)
            assert counts_as_of(plan, units, day=self.today) == now
            present = Enrolment.objects.filter(plan=plan, left_on=None)
            assert sum(now[self.town.tree.root.pk].by_standing.values()) <= present.count()

    @invariant()
    def a_past_day_is_what_it_was(self):
        for (day, plan), figures in self.said.items():
            units = [unit for unit in self._units() if unit.pk in figures]
            assert counts_as_of(StudyPlan.objects.get(pk=plan), units, day=day) == figures

    @invariant()
    def in_a_plan_is_whom_it_means_where_they_belong_from_the_day_they_came(self):
        for plan in StudyPlan.objects.unfinished(self.today):
            there = Enrolment.objects.filter(plan=plan, left_on=None).values_list("member_id", "organisation_id")
            assert dict(there) == belonging_to(plan, today=self.today)
        self.remembered.note_joined(self.today)
        assert dict(Enrolment.objects.values_list("pk", "counts_from")) == self.remembered.joined

    @invariant()
    def who_has_a_mark_has_earned_it_and_who_has_earned_it_has_it(self):
        marks = Progress.objects.completed().values_list("member_id", "item_id")
        assert set(marks) == self.remembered.marked
        words = Confirmation.objects.standing().values_list("pk", flat=True)
        by_hand = Progress.objects.completed().filter(evidence__how="by_hand")
        assert {each.evidence["confirmation"] for each in by_hand} <= set(words)

    @invariant()
    def every_mark_has_its_hours_once_and_the_parts_add_up(self):
        filed = set(PastMark.objects.values_list("member_id", "item_id"))
        lines = list(HoursEntry.objects.all())
        reversed_ones = {line.reverses_id for line in lines}
        standing = [line for line in lines if line.reverses_id is None and line.pk not in reversed_ones]
        assert Counter((line.member_id, line.item_id) for line in standing) == Counter(self.remembered.marked | filed)
        assert sum(line.hours for line in lines) == sum(line.hours for line in standing)

    @invariant()
    def everybody_stands_as_their_records_say(self):
        studied = Studied()
        for enrolment in Enrolment.objects.select_related("member", "plan").filter(left_on=None):
            own = {each.plan_item_id: each.standing for each in Completion.objects.filter(enrolment=enrolment)}
            items = list(enrolment.plan.items.all())
            assert own == {item.pk: studied.standing(enrolment, [item.item_id]) for item in items}
            required = [item.item_id for item in items if item.is_required]
            offered = [item.item_id for item in items if not item.is_required]
            assert enrolment.standing == studied.standing(enrolment, required, offered)

    def every_page_says_the_same(self):
        for user in self.town.people:
            pages_agree(user, leader=self.town.leader, root=self.town.tree.root, today=self.today)

    # --- below ---
    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def _change_items(self, plan, item):
        items = {each.item_id: each for each in shape_of(plan).items}
        there = items.pop(item.pk, None)
        if there is None or not there.is_required:
            items[item.pk] = ItemShape(item.pk, is_required=there is not None)
        return self._change(plan, items=tuple(items.values()))

    def _change(self, plan, **facts):
        before = shape_of(plan)
        shape = replace(before, **facts)
        return change_plan(plan=plan, shape=shape, seen=before.fingerprint, actor=self.town.leader, now=self.now)

    def _try(self, something):
        """What came of it; nothing where it was refused, or broke at its very end, and then there is nothing of it."""
        breaks, self.breaks, came = self.breaks, False, None
        try:
            with transaction.atomic():
                came = something()
                if breaks:
                    came = None
                    raise Broken
        except (*REFUSALS, Broken):
            pass
        self.now += timedelta(minutes=2)
        return came

    def _member(self, who) -> Member:
        return Member.objects.select_related("user").get(pk=self.town.people[who].member.pk)

    def _plan(self, pick) -> StudyPlan:
        plans = list(StudyPlan.objects.select_related("organisation").order_by("pk"))
        return plans[pick % len(plans)]

    def _unit(self, name) -> Organisation:
        return Organisation.objects.get(pk=getattr(self.town.tree, name).pk)

    def _units(self) -> list[Organisation]:
        return list(Organisation.objects.order_by("pk"))


def attend(town: Town, who, *, now: datetime) -> StudyItem:
    members = frozenset(town.people[each].member.pk for each in who)
    news = {"activity_id": town.activity.pk, "title": "主题党日", "organisation_id": town.tree.root.pk}
    more = {"held_on": timezone.localdate(now), "hours": Decimal(1), "category": "group", "member_ids": members}
    return settle_attendance(Attended(**news, **more), by=None, now=now)


def send(town: Town, *, unit: str, period: tuple[date, date], items, now: datetime, **more) -> None:
    organisation = Organisation.objects.get(pk=getattr(town.tree, unit).pk)
    said = {"starts_on": period[0], "ends_on": period[1], **more}
    plan = make_plan(title="计划", organisation=organisation, items=[town.items[item] for item in items], **said)
    publish_plan(plan, now=now)


def settle_new_rules(now: datetime) -> None:
    while complete_by_new_rule(now=now):
        pass


@pytest.mark.django_db
def test_a_town_studies_moves_and_breaks_in_any_order():
    examples = int(os.environ.get("TRUTH", "3"))
    few = settings(
        max_examples=examples,
        stateful_step_count=30 if examples < 50 else 50,
        deadline=None,
        derandomize=examples < 50,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    Machine.town = Town()
    run_state_machine_as_test(Machine, settings=few)
