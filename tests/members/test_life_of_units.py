"""Whatever happens to units and people, in whatever order: nobody has two homes, and nothing of the past is lost."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from learning.completion.actions import publish_plan, settle
from learning.completion.recount import recount, wrong_tallies
from learning.completion.tallies import fold_deltas
from learning.plans.actions import make_plan
from members.accounts.membership import NotEnded, end_membership, reverse_end
from members.accounts.models import Member
from members.checkins.actions import confirm_host, end_spell, register_spell, reopen_spell, report_in
from members.checkins.models import MobileSpell
from members.checkins.spell_steps import StepRefused
from members.messages.actions import deliver_due, enqueue
from members.messages.models import Message, MessageState
from members.organisation.history import superiors_at
from members.organisation.kinds import EndKind
from members.organisation.models import Affiliation, Organisation, Participation
from members.organisation.unit_words import SUPERIORS
from members.reorganisation.actions import (
    NotReorganised,
    close_unit,
    merge_units,
    move_unit,
    open_unit,
    split_unit,
)
from members.transfers.actions import (
    NotTransferred,
    accept_transfer,
    decline_transfer,
    propose_transfer,
    withdraw_transfer,
)
from members.transfers.models import Transfer, TransferState
from tests.factories import make_member, make_person, make_tree
from tests.learning.makers import THIS_YEAR
from tests.members.spells import details
from tests.members.test_reorganisation import make_item

BEGIN = datetime(2026, 6, 1, 4, tzinfo=UTC)
LAST_YEAR = date(2025, 1, 1), date(2025, 12, 31)
REFUSALS = (NotReorganised, NotTransferred, NotEnded, StepRefused)
Pick = st.integers(0, 11)


class LifeOfUnits(RuleBasedStateMachine):
    """A town of seven units and four members; an hour passes with every step."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now, self.opened, self.said = BEGIN, 0, 0
        tree = make_tree()
        homes = (tree.branch, tree.group, tree.sibling, tree.far)
        people = [make_person(home).member for home in homes[:2]] + [make_member(home) for home in homes[2:]]
        self.members = [member.pk for member in people]
        self.last = self._plan(tree.east, LAST_YEAR)
        self._plan(tree.root, THIS_YEAR)
        self._plan(tree.branch, THIS_YEAR)
        self.figures = self._last_figures()
        self.homes: list[tuple[datetime, int, int]] = []
        self.places: list[tuple[datetime, int, list[int]]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # --- steps ---
    @rule(unit=Pick, parent=Pick)
    def move(self, unit, parent):
        moved = self._unit(unit)
        self._try(move_unit, unit=moved, parent=self._unit(parent, kind__in=SUPERIORS[moved.kind]))

    @rule(unit=Pick, into=Pick)
    def merge(self, unit, into):
        merged = self._unit(unit)
        self._try(merge_units, unit=merged, into=self._unit(into, kind=merged.kind))

    @rule(member=st.integers(0, 3), with_units=st.booleans())
    def split(self, member, with_units):
        goes = self._member(member)
        divided = goes.organisation_now() or self._unit(member)
        below = divided.get_children().values_list("code", flat=True)
        self.opened += 1
        facts = {"code": f"N{self.opened}", "name": "新支部", "member_ids": [goes.pk]}
        self._try(split_unit, unit=divided, unit_codes=list(below) if with_units else [], **facts)

    @rule(unit=Pick)
    def close(self, unit):
        self._try(close_unit, unit=self._unit(unit))

    @rule(parent=Pick, kind=st.sampled_from(["branch", "group"]))
    def open(self, parent, kind):
        self.opened += 1
        self._try(open_unit, parent=self._unit(parent), code=f"N{self.opened}", name="新组织", kind=kind)

    @rule(member=st.integers(0, 3), unit=Pick, is_accepted=st.booleans())
    def propose(self, member, unit, is_accepted):
        asked = self._try(propose_transfer, member=self._member(member), receiving=self._unit(unit, depth__gt=2))
        if asked is not None and is_accepted:
            self._try(accept_transfer, transfer=asked)

    @rule(pick=Pick, answer=st.sampled_from(["accept", "accept", "decline", "withdraw"]))
    def answer(self, pick, answer):
        transfers = list(Transfer.objects.open().order_by("pk")) or list(Transfer.objects.order_by("pk"))
        if transfers:
            chosen = {"transfer": transfers[pick % len(transfers)]}
            if answer == "decline":
                self._try(decline_transfer, reason="再看看", **chosen)
            else:
                self._try(accept_transfer if answer == "accept" else withdraw_transfer, **chosen)

    @rule(member=st.integers(0, 3))
    def end(self, member):
        today = self.now.date()
        self._try(end_membership, member=self._member(member), kind=EndKind.OTHER, ended_on=today)

    @rule(member=st.integers(0, 3))
    def reverse(self, member):
        ended = list(Member.objects.exclude(ended_on=None).order_by("pk"))
        self._try(reverse_end, member=ended[member % len(ended)] if ended else self._member(member))

    @rule(member=st.integers(0, 3), unit=Pick, is_received=st.booleans())
    def go_away(self, member, unit, is_received):
        spell = self._try(register_spell, member=self._member(member), details=details())
        if spell is not None and self._try(report_in, spell=spell, host=self._unit(unit)) and is_received:
            self._try(confirm_host, spell=spell, host=self._unit(unit))

    @rule(pick=Pick, step=st.sampled_from(["returned", "transferred"]), is_reopened=st.booleans())
    def come_back(self, pick, step, is_reopened):
        spells = list(MobileSpell.objects.present().order_by("pk"))
        if spells:
            spell = spells[pick % len(spells)]
            self._try(end_spell, spell=spell, step=step, ended_on=self.now.date())
            if is_reopened:
                self._try(reopen_spell, spell=spell)

    @rule(member=st.integers(0, 3), is_folded=st.booleans())
    def tell_and_study(self, member, is_folded):
        told, self.said = self._member(member), self.said + 1
        words = {"title": "有事", "text": "有事", "why": "计划", "dedupe": str(self.said)}
        enqueue(to=told, topic=f"study.plan/{self.said}", now=self.now, **words)
        Member.objects.filter(pk=told.pk).update(flexible_study=not told.flexible_study)
        settle(member_ids=[told.pk], now=self.now)
        if is_folded:
            fold_deltas()

    @rule()
    def deliver(self):
        ended = set(Member.objects.exclude(ended_on=None).values_list("pk", flat=True))
        waiting = set(Message.objects.filter(state=MessageState.DUE).values_list("pk", flat=True))
        deliver_due(now=self.now)
        assert not Message.objects.filter(pk__in=waiting, state=MessageState.SENT, to__in=ended).exists()

    # --- what always holds ---
    @invariant()
    def everybody_has_one_home_that_is_open_and_who_ended_has_none(self):
        found = Affiliation.objects.open().values_list("member_id", "organisation__closed_on")
        present = set(Member.objects.present().values_list("pk", flat=True))
        assert sorted(member for member, _ in found) == sorted(present)
        assert {closed for _, closed in found} <= {None}

    @invariant()
    def what_was_so_at_any_moment_is_so_still(self):
        for moment, member, unit in self.homes:
            assert Affiliation.objects.at(moment).get(member=member).organisation_id == unit
        for moment, unit, above in self.places:
            assert [each.pk for each in superiors_at(Organisation(pk=unit), moment)] == above

    @invariant()
    def the_history_and_the_tree_say_the_same_of_today(self):
        placed = {unit.pk: unit.parent_then for unit in Organisation.objects.as_of(self.now)}
        paths = {unit.path: unit for unit in Organisation.objects.all()}
        stands = {
            unit.pk: paths[path[:-4]].pk if path[:-4] in paths else None
            for path, unit in paths.items()
            if unit.closed_on is None
        }
        assert placed == stands

    @invariant()
    def nothing_open_belongs_to_a_closed_unit(self):
        closed = {"closed_on__isnull": False}
        assert not MobileSpell.objects.open().present().filter(host__closed_on__isnull=False).exists()
        assert not Participation.objects.filter(until=None, organisation__closed_on__isnull=False).exists()
        waiting = Transfer.objects.open()
        for side in ("giving", "receiving"):
            assert not waiting.filter(**{f"{side}__{name}": value for name, value in closed.items()}).exists()
        assert Transfer.objects.filter(state=TransferState.PROPOSED).count() <= len(self.members)

    @invariant()
    def counts_are_right_and_those_of_last_year_are_what_they_were(self):
        assert wrong_tallies() == []
        assert self._last_figures() == self.figures

    # --- below ---
    def _try(self, action, **what):
        """The step, or a refusal; then an hour passes and what is so now is written down."""
        try:
            return action(**what, actor=None, now=self.now)
        except REFUSALS:
            return None
        finally:
            homes = Affiliation.objects.open().values_list("member_id", "organisation_id")
            self.homes += [(self.now, member, unit) for member, unit in homes]
            unit = Organisation.objects.as_of(self.now).order_by("-path").first()
            self.places.append((self.now, unit.pk, [each.pk for each in superiors_at(unit, self.now)]))
            self.now += timedelta(hours=1)

    def _unit(self, pick: int, **like) -> Organisation:
        """Mostly one that is open and fits, now and then any."""
        fitting = list(Organisation.objects.open().filter(**{"depth__gt": 1} | like).order_by("pk"))
        units = fitting if pick < 11 and fitting else list(Organisation.objects.order_by("pk"))
        return units[pick % len(units)]

    def _member(self, pick: int) -> Member:
        return Member.objects.get(pk=self.members[pick])

    def _plan(self, unit, period):
        days = {"starts_on": period[0], "ends_on": period[1]}
        plan = make_plan(title="计划", organisation=unit, items=[make_item(unit)], **days)
        publish_plan(plan, now=datetime(2025, 5, 1, 4, tzinfo=UTC))
        return plan

    def _last_figures(self) -> Counter:
        """How many members are counted in each unit for the plan of last year, however they stand."""
        found: Counter = Counter()
        for (unit, plan, item, _), number in recount().items():
            if plan == self.last.pk and item is None:
                found[unit] += number
        return found


@pytest.mark.django_db
def test_a_town_lives_through_any_order_of_changes():
    few = settings(
        max_examples=6,
        stateful_step_count=18,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(LifeOfUnits, settings=few)
