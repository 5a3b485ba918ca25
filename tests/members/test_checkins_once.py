"""What is sent twice counts once, and what several people do at once ends in one state."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.checkins.actions import (
    arrive,
    confirm_host,
    decline_host,
    end_spell,
    record_contact,
    register_spell,
    reopen_spell,
    report_in,
)
from members.checkins.models import CheckIn, ContactWay, MobileSpell
from members.checkins.once import key_of, new_word
from members.checkins.spell_steps import State, Step, StepRefused, stand_after
from members.organisation.models import Participation
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.members.at_once import at_once
from tests.members.spells import REGISTERED, details, make_spell

LATER = datetime(2026, 9, 20, 2, tzinfo=UTC)


@pytest.fixture
def tree(db):
    return make_tree()


# --- the word of a form ------------------------------------------------------------------
@given(user=st.integers(1, 10**9), other=st.integers(1, 10**9), word=st.text(min_size=1, max_size=100))
def test_one_word_of_two_people_is_two(user, other, word):
    assert key_of(user, word) == key_of(user, word)
    assert (key_of(user, word) == key_of(other, word)) is (user == other)


def test_a_form_without_a_word_or_with_a_whole_book_has_no_key():
    assert key_of(1, "") is None
    assert key_of(1, "a" * 101) is None
    assert new_word() != new_word()


# --- sent again ----------------------------------------------------------------------------
def test_a_registration_that_arrives_after_the_return_opens_no_second_time_away(tree):
    member = make_member(tree.branch)
    send = partial(register_spell, member=member, details=details(), actor=None, now=REGISTERED, sent_key="a")
    spell = send()
    end_spell(spell=spell, step=Step.RETURNED, ended_on=LATER.date(), actor=None, now=LATER)
    assert send() == spell
    assert MobileSpell.objects.count() == 1
    assert register_spell(member=member, details=details(), actor=None, now=LATER, sent_key="b") != spell


def test_reporting_in_that_arrives_after_the_answer_asks_nobody_again(tree):
    spell = make_spell(make_member(tree.branch))
    send = partial(report_in, spell=spell, host=tree.far, actor=None, now=REGISTERED, sent_key="a")
    send()
    decline_host(spell=spell, host=tree.far, note="请到社区党委报到", actor=None, now=LATER)
    assert send().state == State.AWAY
    assert CheckIn.objects.filter(kind=Step.ARRIVAL).count() == 1


def test_an_answer_or_an_end_that_arrives_again_after_more_has_happened_changes_nothing(tree):
    spell = make_spell(make_member(tree.branch), host=tree.far)
    decline = partial(decline_host, spell=spell, host=tree.far, note="改天再来", actor=None, now=LATER, sent_key="n")
    decline()
    report_in(spell=spell, host=tree.far, actor=None, now=LATER)
    assert decline().state == State.REPORTED
    end = partial(
        end_spell, spell=spell, step=Step.RETURNED, ended_on=LATER.date(), actor=None, now=LATER, sent_key="e"
    )
    end()
    reopen_spell(spell=spell, actor=None, now=LATER)
    assert end().state == State.REPORTED


def test_a_contact_that_arrives_on_the_next_day_is_the_same_contact(tree):
    spell = make_spell(make_member(tree.branch))
    said = {"spell": spell, "way": ContactWay.PHONE, "actor": None, "sent_key": "c"}
    first = record_contact(happened_on=date(2026, 5, 1), now=LATER, **said)
    assert record_contact(happened_on=date(2026, 5, 2), now=LATER, **said) == first
    spell.refresh_from_db()
    assert spell.contact_due_on == date(2026, 8, 1)


def test_who_scans_the_poster_twice_is_registered_once_and_has_reported_in_once(tree):
    member = make_member(tree.branch)
    said = {"member": member, "details": details(), "host": tree.far, "actor": None, "now": REGISTERED}
    for _ in range(2):
        assert arrive(**said, sent_key="p").state == State.REPORTED
    assert (MobileSpell.objects.count(), CheckIn.objects.count()) == (1, 1)


# --- at once ---------------------------------------------------------------------------------
def story(spell) -> list[str]:
    return list(CheckIn.objects.filter(spell=spell).values_list("kind", flat=True))


def assert_one_story(spell) -> None:
    """The state is what the steps say, and taking part at the host follows from it."""
    spell.refresh_from_db()
    assert spell.state == stand_after(story(spell))
    takes_part = Participation.objects.filter(member_id=spell.member_id, until=None).count()
    assert takes_part == (1 if spell.state == State.HOSTED else 0)


@pytest.mark.django_db(transaction=True)
def test_two_leaders_of_the_host_confirm_at_once_and_the_member_is_received_once():
    tree = make_tree()
    spell = make_spell(make_member(tree.branch), host=tree.far)
    leaders = [make_leader(tree.far), make_leader(tree.far)]
    confirm = [partial(confirm_host, spell=spell, host=tree.far, actor=user, now=LATER) for user in leaders]
    assert all(each.state == State.HOSTED for each in at_once(*confirm, refusals=()))
    assert story(spell) == [Step.ARRIVAL, Step.CONFIRMED]
    assert_one_story(spell)


@pytest.mark.django_db(transaction=True)
def test_two_hosts_answer_at_once_and_only_the_one_that_is_asked_counts():
    tree = make_tree()
    spell = report_in(spell=make_spell(make_member(tree.branch), host=tree.far), host=tree.sibling, **at())
    confirm = [partial(confirm_host, spell=spell, host=host, **at()) for host in (tree.far, tree.sibling)]
    far, near = at_once(*confirm, refusals=(StepRefused,))
    assert isinstance(far, StepRefused)
    assert near.host == tree.sibling
    assert_one_story(spell)


def at() -> dict:
    return {"actor": None, "now": LATER}


@pytest.mark.django_db(transaction=True)
def test_confirm_decline_and_return_at_once_end_in_one_story():
    tree = make_tree()
    for _ in range(3):
        spell = make_spell(make_member(tree.branch), host=tree.far)
        at_once(
            partial(confirm_host, spell=spell, host=tree.far, **at()),
            partial(decline_host, spell=spell, host=tree.far, note="住得太远", **at()),
            partial(end_spell, spell=spell, step=Step.RETURNED, ended_on=LATER.date(), **at()),
            refusals=(StepRefused,),
        )
        assert_one_story(spell)
        assert len(story(spell)) == len(set(story(spell)))


@pytest.mark.django_db(transaction=True)
def test_a_double_tap_on_the_poster_makes_one_row():
    tree = make_tree()
    person = make_person(tree.branch)
    said = {"member": person.member, "details": details(), "host": tree.far, "actor": person, "now": REGISTERED}
    taps = [partial(arrive, **said, sent_key="tap") for _ in range(3)]
    assert len({each.pk for each in at_once(*taps, refusals=())}) == 1
    assert (MobileSpell.objects.count(), CheckIn.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_registration_at_once_by_member_and_secretary_is_one():
    tree = make_tree()
    member = make_member(tree.branch)
    begin = [
        partial(register_spell, member=member, details=details(), actor=None, now=REGISTERED + timedelta(seconds=n))
        for n in range(2)
    ]
    assert len({each.pk for each in at_once(*begin, refusals=())}) == 1
