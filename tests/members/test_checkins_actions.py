"""A time away from registering to its end: what each step changes, and what it leaves alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from members.accounts.models import MemberStatus
from members.audit.models import AuditEvent
from members.checkins.actions import (
    change_spell,
    confirm_host,
    decline_host,
    end_spell,
    record_contact,
    register_spell,
    reopen_spell,
    report_in,
)
from members.checkins.models import CheckIn, ContactWay, MobileSpell
from members.checkins.spell_steps import State, Step, StepRefused
from members.organisation.kinds import EndKind
from members.organisation.models import Participation
from members.organisation.rules import Rule
from tests.factories import make_member, make_tree
from tests.members.spells import REGISTERED, details, make_spell

pytestmark = pytest.mark.django_db
NEXT_DAY = REGISTERED + timedelta(days=1)
LATER = datetime(2026, 9, 20, 2, tzinfo=UTC)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    return make_member(tree.branch)


def open_participations(member):
    return list(Participation.objects.filter(member=member, until=None).values_list("organisation", flat=True))


def end(spell, step=Step.RETURNED):
    return end_spell(spell=spell, step=step, ended_on=LATER.date(), actor=None, now=LATER)


# --- registering ---------------------------------------------------------------------
def test_who_leaves_later_is_planned_and_who_has_left_is_away(tree, member):
    assert make_spell(member).state == State.AWAY
    later = make_spell(make_member(tree.branch), leaves_on=date(2026, 4, 1))
    assert later.state == State.PLANNED
    assert later.stands(date(2026, 4, 1)) == State.AWAY


def test_the_first_contact_is_due_three_months_after_leaving_or_six_abroad(tree, member):
    assert make_spell(member, leaves_on=date(2026, 4, 30)).contact_due_on == date(2026, 7, 30)
    abroad = make_spell(make_member(tree.branch), is_abroad=True, leaves_on=date(2026, 8, 31))
    assert abroad.contact_due_on == date(2027, 2, 28)


def test_a_rule_of_ones_own_unit_wins(tree, member):
    Rule.objects.create(
        key="mobile.contact.default_months",
        value=1,
        source="支部决定",
        effective_from=date(2026, 1, 1),
        organisation=tree.branch,
    )
    assert make_spell(member, leaves_on=date(2026, 4, 30)).contact_due_on == date(2026, 5, 30)


def test_registering_the_same_twice_is_one_and_another_one_is_refused(member):
    assert make_spell(member) == make_spell(member)
    with pytest.raises(StepRefused):
        make_spell(member, destination="别处")
    assert MobileSpell.objects.count() == 1
    assert AuditEvent.objects.filter(action="spell.registered").count() == 1


def test_the_database_itself_allows_one_open_time_away(member):
    spell = make_spell(member)
    spell.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        spell.save(force_insert=True)


@pytest.mark.parametrize(
    "who", [{"status": MemberStatus.ACTIVIST}, {"ended_on": date(2026, 1, 1), "ended_kind": EndKind.TRANSFERRED}]
)
def test_who_is_no_party_member_here_registers_nothing(tree, who):
    person = make_member(tree.branch, **who)
    with pytest.raises(StepRefused):
        register_spell(member=person, details=details(), actor=None, now=REGISTERED)


def test_correcting_moves_the_next_contact_and_not_the_steps(tree, member):
    spell = make_spell(member, host=tree.sibling)
    changed = change_spell(spell=spell, details=details(is_abroad=True), actor=None, now=NEXT_DAY)
    assert (changed.state, changed.host) == (State.REPORTED, tree.sibling)
    assert changed.contact_due_on == date(2026, 9, 2)


# --- reporting in ----------------------------------------------------------------------
def test_the_host_confirms_and_the_member_takes_part_there_while_the_affiliation_stays(tree, member):
    spell = make_spell(member, host=tree.far, is_received=True)
    assert spell.state == State.HOSTED
    assert [step.kind for step in spell.check_ins.all()] == [Step.ARRIVAL, Step.CONFIRMED]
    assert open_participations(member) == [tree.far.pk]
    assert member.organisation_now() == tree.branch


def test_each_step_taken_twice_is_taken_once(tree, member):
    spell = make_spell(member, host=tree.far, is_received=True)
    report_in(spell=spell, host=tree.far, actor=None, now=NEXT_DAY)
    confirm_host(spell=spell, host=tree.far, actor=None, now=NEXT_DAY)
    assert CheckIn.objects.count() == 2
    assert Participation.objects.count() == 1
    end(spell)
    end(spell)
    reopen_spell(spell=spell, actor=None, now=LATER)
    reopen_spell(spell=spell, actor=None, now=LATER)
    assert [step.kind for step in spell.check_ins.all()][2:] == [Step.RETURNED, Step.REOPENED]


def test_a_host_that_declines_leaves_the_member_away_with_its_sentence(tree, member):
    spell = make_spell(member, host=tree.far)
    for _ in range(2):
        spell = decline_host(spell=spell, host=tree.far, note="请到社区党委报到", actor=None, now=NEXT_DAY)
    assert (spell.state, spell.host) == (State.AWAY, None)
    assert spell.check_ins.get(kind=Step.DECLINED).note == "请到社区党委报到"
    assert report_in(spell=spell, host=tree.far, actor=None, now=NEXT_DAY).state == State.REPORTED


def test_a_host_that_is_asked_no_more_answers_nothing(tree, member):
    spell = make_spell(member, host=tree.far)
    spell = report_in(spell=spell, host=tree.sibling, actor=None, now=NEXT_DAY)
    with pytest.raises(StepRefused):
        confirm_host(spell=spell, host=tree.far, actor=None, now=NEXT_DAY)
    with pytest.raises(StepRefused):
        decline_host(spell=spell, host=tree.far, note="不行", actor=None, now=NEXT_DAY)
    assert not Participation.objects.exists()


def test_who_is_received_does_not_report_in_elsewhere(tree, member):
    spell = make_spell(member, host=tree.far, is_received=True)
    with pytest.raises(StepRefused):
        report_in(spell=spell, host=tree.sibling, actor=None, now=NEXT_DAY)
    assert open_participations(member) == [tree.far.pk]


# --- contact ------------------------------------------------------------------------------
def test_a_contact_puts_the_next_one_off_and_the_same_said_twice_is_one(member):
    spell = make_spell(member)
    said = {"way": ContactWay.PHONE, "happened_on": date(2026, 5, 20), "actor": None, "now": LATER}
    record_contact(spell=spell, **said)
    record_contact(spell=spell, **said)
    spell.refresh_from_db()
    assert spell.contact_due_on == date(2026, 8, 20)
    assert spell.check_ins.count() == 1


def test_a_contact_remembered_late_makes_nothing_due_earlier(member):
    spell = make_spell(member)
    for day in (date(2026, 6, 20), date(2026, 4, 1)):
        record_contact(spell=spell, way=ContactWay.PHONE, happened_on=day, actor=None, now=LATER)
    spell.refresh_from_db()
    assert spell.contact_due_on == date(2026, 9, 20)


def test_nobody_is_to_be_contacted_whose_time_away_or_membership_has_ended(tree, member):
    spells = [make_spell(member), make_spell(make_member(tree.branch)), make_spell(make_member(tree.branch))]
    end(spells[0])
    gone = spells[1].member
    gone.ended_on, gone.ended_kind = date(2026, 5, 1), EndKind.OTHER
    gone.save()
    assert list(MobileSpell.objects.contact_due(LATER.date())) == [spells[2]]
    gone.ended_on, gone.ended_kind = None, ""  # the end of a membership can be reversed
    gone.save()
    assert set(MobileSpell.objects.contact_due(LATER.date())) == set(spells[1:])
    with pytest.raises(StepRefused):
        record_contact(spell=spells[0], way=ContactWay.PHONE, happened_on=LATER.date(), actor=None, now=LATER)


# --- the end ---------------------------------------------------------------------------------
@pytest.mark.parametrize("step", [Step.RETURNED, Step.TRANSFERRED])
def test_the_end_closes_the_participation_and_moves_no_affiliation(tree, member, step):
    spell = end(make_spell(member, host=tree.far, is_received=True), step)
    assert (spell.state, spell.ended_on, spell.contact_due_on) == (step, LATER.date(), None)
    assert open_participations(member) == []
    assert member.organisation_now() == tree.branch
    assert AuditEvent.objects.filter(action=f"spell.{step}").count() == 1


def test_who_took_part_there_before_goes_on_doing_so(tree, member):
    Participation.objects.create(member=member, organisation=tree.far, since=REGISTERED - timedelta(days=400))
    end(make_spell(member, host=tree.far, is_received=True))
    assert open_participations(member) == [tree.far.pk]


def test_an_end_taken_back_leaves_everything_as_before(tree, member):
    spell = make_spell(member, host=tree.far, is_received=True)
    due = spell.contact_due_on
    end(spell)
    spell = reopen_spell(spell=spell, actor=None, now=LATER + timedelta(hours=1))
    assert (spell.state, spell.host, spell.ended_on, spell.contact_due_on) == (State.HOSTED, tree.far, None, due)
    assert open_participations(member) == [tree.far.pk]
    end_spell(spell=spell, step=Step.RETURNED, ended_on=LATER.date(), actor=None, now=LATER + timedelta(hours=2))
    assert open_participations(member) == []


def test_an_end_is_not_taken_back_once_another_time_away_has_begun(member):
    first = end(make_spell(member))
    make_spell(member, destination="别处", now=LATER)
    with pytest.raises(StepRefused):
        reopen_spell(spell=first, actor=None, now=LATER)
