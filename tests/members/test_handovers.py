"""A post changes hands: everything open is listed, one gives it, the other takes it, and nothing is left to nobody."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from members.accounts.draft_keeping import keep_draft
from members.accounts.membership import end_membership
from members.audit.models import AuditEvent
from members.checkins.models import MobileSpell
from members.feedback.about import About
from members.feedback.actions import answer_feedback, send_feedback
from members.feedback.models import Feedback
from members.handovers.actions import (
    NotHanded,
    accept_handover,
    return_handover,
    start_handover,
    withdraw_handover,
)
from members.handovers.kinds import KINDS
from members.handovers.models import Handover, HandoverLine, HandoverState
from members.handovers.queries import held_by, loose_things
from members.organisation.kinds import EndKind
from members.roles.actions import end_grant
from members.roles.models import Role, RoleGrant
from members.transfers.actions import propose_transfer
from tests.factories import grant, make_account, make_leader, make_member, make_person, make_tree
from tests.members.at_once import at_once
from tests.members.gatherings import make_activity, submit, tick_all
from tests.members.spells import make_spell

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def leaving(tree):
    return make_leader(tree.branch, name="老书记")


@pytest.fixture
def successor(tree):
    return make_leader(tree.branch, name="新书记")


@pytest.fixture
def organiser(tree):
    return make_leader(tree.east, Role.ORGANISER)


def word_to(unit, owner, author=None) -> Feedback:
    author = author or make_person(unit)
    said = About(path="/study/", title="学习", organisation_id=unit.pk, nonce=str(author.pk))
    found = send_feedback(author=author, text="灯太暗", about=said, now=NOW)
    found.owner = owner
    found.save(update_fields=["owner"])
    return found


def much_open(tree, user) -> dict:
    """One thing of each kind of this room in the hands of that person."""
    keep_draft(user_id=user.pk, form_key="record:7", fields={"minutes": ["只有我知道的话"]}, now=NOW)
    return {
        "feedback": word_to(tree.branch, user),
        "spell": make_spell(make_member(tree.branch, name="远行人"), contact_person=user.member),
        "activity": make_activity(tree.branch, topic="没记完的党课", actor=user),
    }


def begin(tree, leaving, successor, actor, now=NOW) -> Handover:
    return start_handover(organisation=tree.branch, leaving=leaving, successor=successor, actor=actor, now=now)


def kinds_of(things) -> list[str]:
    return [each.kind for each in things]


# --- what is listed ---------------------------------------------------------------------
def test_everything_open_of_one_person_in_one_unit_is_listed_and_nothing_of_anybody_else(tree, leaving, successor):
    much_open(tree, leaving)
    much_open(tree, successor)
    word_to(tree.far, leaving)
    found = kinds_of(held_by(leaving, tree.branch, now=NOW))
    assert found == ["feedback", "contacts", "activities", "drafts"]


def test_what_is_done_is_not_open(tree, leaving):
    open_things = much_open(tree, leaving)
    answer_feedback(feedback=open_things["feedback"], answerer=leaving, text="已换灯", now=NOW)
    tick_all(open_things["activity"])
    submit(open_things["activity"])
    end_membership(member=open_things["spell"].member, kind=EndKind.OTHER, ended_on=NOW.date(), actor=None, now=NOW)
    assert kinds_of(held_by(leaving, tree.branch, now=NOW)) == ["drafts"]


def test_the_list_keeps_no_word_that_somebody_wrote_and_no_name(tree, leaving, successor):
    much_open(tree, leaving)
    handover = begin(tree, leaving, successor, leaving)
    kept = [str(value) for line in HandoverLine.objects.values() for value in line.values()]
    assert handover.lines.count() == 4
    assert not [value for value in kept if "远行人" in value or "只有我" in value or "灯" in value]
    said = [each.title + each.about for each in held_by(leaving, tree.branch, now=NOW)]
    assert not [text for text in said if "只有我" in text or "灯太暗" in text]


# --- begun by one, accepted by the other ---------------------------------------------------
def test_nothing_changes_hands_before_the_successor_has_accepted(tree, leaving, successor):
    things = much_open(tree, leaving)
    handover = begin(tree, leaving, successor, leaving)
    assert Feedback.objects.get().owner == leaving
    accept_handover(handover=handover, actor=successor, now=NOW)
    assert Feedback.objects.get().owner == successor
    assert MobileSpell.objects.get(pk=things["spell"].pk).contact_person == successor.member
    assert kinds_of(held_by(successor, tree.branch, now=NOW)) == ["feedback", "contacts", "activities"]
    assert kinds_of(held_by(leaving, tree.branch, now=NOW)) == ["drafts"]
    passed = set(HandoverLine.objects.filter(is_passed_on=True).values_list("kind", flat=True))
    assert passed == {"feedback", "contacts"}


def test_what_has_come_since_the_list_was_made_is_taken_over_too(tree, leaving, successor):
    word_to(tree.branch, leaving)
    handover = begin(tree, leaving, successor, leaving)
    word_to(tree.branch, leaving)
    accept_handover(handover=handover, actor=successor, now=NOW)
    assert handover.lines.count() == 2
    assert set(Feedback.objects.values_list("owner", flat=True)) == {successor.pk}


def test_beginning_and_accepting_twice_is_once_and_each_is_audited_without_names(tree, leaving, successor, organiser):
    much_open(tree, leaving)
    handover = begin(tree, leaving, successor, organiser)
    assert begin(tree, leaving, successor, organiser) == handover
    for _ in range(2):
        accept_handover(handover=handover, actor=successor, now=NOW)
    deeds = AuditEvent.objects.filter(action__startswith="handover.").values_list("action", "detail")
    assert list(deeds) == [
        ("handover.started", {"lines": 4}),
        ("handover.accepted", {"lines": 4, "passed_on": 2}),
    ]


def test_only_the_successor_accepts_and_only_one_hand_over_of_a_person_and_unit_is_open(
    tree, leaving, successor, organiser
):
    much_open(tree, leaving)
    handover = begin(tree, leaving, successor, organiser)
    with pytest.raises(NotHanded):
        accept_handover(handover=handover, actor=organiser, now=NOW)
    with pytest.raises(NotHanded):
        begin(tree, leaving, make_leader(tree.branch), organiser)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(organisation=tree.branch, leaving=leaving, successor=organiser, made_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(organisation=tree.far, leaving=leaving, successor=leaving, made_at=NOW)


def test_nobody_hands_over_to_oneself_or_begins_and_accepts_alone_or_names_who_cannot_come_in(
    tree, leaving, successor, organiser
):
    much_open(tree, leaving)
    closed = make_account(make_member(tree.branch), is_active=False)
    for to, actor in ((leaving, organiser), (organiser, organiser), (closed, organiser)):
        with pytest.raises(NotHanded):
            begin(tree, leaving, to, actor)
    with pytest.raises(NotHanded):
        begin(tree, successor, leaving, organiser)  # the successor holds nothing
    assert not Handover.objects.exists()


def test_who_has_no_role_there_takes_over_contacts_and_nothing_that_needs_one(tree, leaving, organiser):
    things = much_open(tree, leaving)
    helper = make_person(tree.branch)
    handover = begin(tree, leaving, helper, organiser)
    with pytest.raises(NotHanded):
        accept_handover(handover=handover, actor=helper, now=NOW)
    assert Feedback.objects.get().owner == leaving
    things["feedback"].delete()
    things["activity"].holdings.all().delete()
    accept_handover(handover=handover, actor=helper, now=NOW)
    assert MobileSpell.objects.get().contact_person == helper.member


def test_the_successor_sends_it_back_with_a_sentence_and_it_can_begin_anew(tree, leaving, successor):
    much_open(tree, leaving)
    handover = begin(tree, leaving, successor, leaving)
    for _ in range(2):
        returned = return_handover(handover=handover, reason="少了两次活动", actor=successor, now=NOW)
    assert (returned.state, returned.return_reason) == (HandoverState.RETURNED, "少了两次活动")
    with pytest.raises(NotHanded):
        accept_handover(handover=handover, actor=successor, now=NOW)
    assert Feedback.objects.get().owner == leaving
    again = begin(tree, leaving, successor, leaving)
    withdraw_handover(handover=again, actor=leaving, now=NOW)
    assert begin(tree, leaving, successor, leaving) not in (handover, again)


def test_feedback_of_the_successor_goes_to_whoever_leads_besides(tree, leaving, successor, organiser):
    word = word_to(tree.branch, leaving, author=successor)
    RoleGrant.objects.filter(user=leaving).update(until=NOW)
    accept_handover(handover=begin(tree, leaving, successor, organiser), actor=successor, now=NOW)
    word.refresh_from_db()
    assert word.owner == organiser


@pytest.mark.django_db(transaction=True)
def test_accepting_sending_back_and_taking_back_at_once_end_in_one_state():
    tree = make_tree()
    leaving, successor = make_leader(tree.branch), make_leader(tree.branch)
    for _ in range(2):
        word = word_to(tree.branch, leaving)
        handover = begin(tree, leaving, successor, leaving)
        at_once(
            partial(accept_handover, handover=handover, actor=successor, now=NOW),
            partial(accept_handover, handover=handover, actor=successor, now=NOW),
            partial(return_handover, handover=handover, reason="等等", actor=successor, now=NOW),
            partial(withdraw_handover, handover=handover, actor=leaving, now=NOW),
            refusals=(NotHanded,),
        )
        handover.refresh_from_db()
        word.refresh_from_db()
        is_accepted = handover.state == HandoverState.ACCEPTED
        assert word.owner == (successor if is_accepted else leaving)
        assert AuditEvent.objects.filter(object_type=handover._meta.label, object_id=str(handover.pk)).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_hand_over_that_two_begin_at_once_is_one():
    tree = make_tree()
    leaving, successor = make_leader(tree.branch), make_leader(tree.branch)
    much_open(tree, leaving)
    actors = [leaving, make_leader(tree.east, Role.ORGANISER)]
    found = at_once(*[partial(begin, tree, leaving, successor, actor) for actor in actors], refusals=())
    assert len({each.pk for each in found}) == 1


# --- the check: nothing open belongs to nobody -------------------------------------------------
def loose(now=NOW) -> list[str]:
    return kinds_of(loose_things(None, now=now))


def test_with_everybody_in_place_nothing_is_loose(tree, leaving):
    much_open(tree, leaving)
    assert loose() == []


def test_a_role_that_ends_leaves_feedback_and_activities_loose_until_they_are_handed_over(
    tree, leaving, successor, organiser
):
    much_open(tree, leaving)
    end_grant(grant=RoleGrant.objects.get(user=leaving), actor=None, now=NOW)
    assert loose() == ["feedback", "activities"]
    accept_handover(handover=begin(tree, leaving, successor, organiser), actor=successor, now=NOW)
    assert loose() == []
    end_grant(grant=RoleGrant.objects.get(user=successor), actor=None, now=NOW)
    assert loose() == ["feedback", "activities"]


def test_a_role_for_a_term_holds_things_until_its_last_day(tree, leaving):
    deputy = make_person(tree.branch)
    grant(deputy, Role.SECRETARY, tree.branch, until=NOW + timedelta(days=10))
    word_to(tree.branch, deputy)
    assert loose() == []
    assert loose(NOW + timedelta(days=11)) == ["feedback"]


@pytest.mark.parametrize("what", ["ended", "elsewhere", "nobody"])
def test_a_contact_person_who_has_gone_or_was_never_named_leaves_the_contact_loose(tree, what):
    keeper = None if what == "nobody" else make_member(tree.far if what == "elsewhere" else tree.branch)
    make_spell(make_member(tree.group), contact_person=keeper)
    if what == "ended":
        assert loose() == []
        end_membership(member=keeper, kind=EndKind.TRANSFERRED, ended_on=date(2026, 11, 1), actor=None, now=NOW)
    assert loose() == ["contacts"]


def test_a_contact_person_of_the_branch_keeps_in_touch_with_somebody_of_its_group_without_a_role(tree):
    make_spell(make_member(tree.group), contact_person=make_member(tree.branch))
    assert loose() == []


def test_an_activity_that_nobody_entered_by_name_belongs_to_whoever_leads_there(tree):
    make_activity(tree.branch)
    assert loose() == ["activities"]
    make_leader(tree.branch)
    assert loose() == []


def test_feedback_without_an_owner_is_loose_although_somebody_leads(tree, leaving):
    word_to(tree.branch, None)
    assert loose() == ["feedback"]


def test_the_check_costs_the_same_for_one_and_for_many(tree, leaving, django_assert_max_num_queries):
    for _ in range(12):
        word_to(tree.branch, None)
        make_spell(make_member(tree.branch), contact_person=make_member(tree.far))
    with django_assert_max_num_queries(14):
        assert len(loose_things([tree.root.path], now=NOW)) == 24


def test_every_kind_says_what_it_is_and_what_becomes_of_it(tree):
    assert list(KINDS) == ["feedback", "contacts", "transfers", "activities", "hours", "plans", "pages", "drafts"]
    assert all(str(kind.label) and str(kind.after) for kind in KINDS.values())


def test_a_transfer_record_that_waits_is_handed_over_with_the_rest(tree, leaving, successor, organiser):
    transfer = propose_transfer(member=make_member(tree.branch), receiving=tree.sibling, actor=leaving, now=NOW)
    assert ("transfers", transfer.pk) in [(each.kind, each.pk) for each in held_by(leaving, tree.branch, now=NOW)]
    handover = start_handover(organisation=tree.branch, leaving=leaving, successor=successor, actor=organiser, now=NOW)
    accept_handover(handover=handover, actor=successor, now=NOW)
    assert ("transfers", transfer.pk) in [(each.kind, each.pk) for each in held_by(successor, tree.branch, now=NOW)]
    assert not held_by(leaving, tree.branch, now=NOW)
