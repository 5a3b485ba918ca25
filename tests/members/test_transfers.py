"""转出/转入登记: proposed by one side, answered by the other; the affiliation changes with the answer or not at all."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from learning.completion.actions import publish_plan
from learning.completion.models import Enrolment
from learning.completion.recount import wrong_tallies
from learning.completion.tallies import fold_deltas
from learning.plans.actions import make_plan
from members.accounts.membership import end_membership, reverse_end
from members.audit.models import AuditEvent
from members.checkins.models import MobileSpell
from members.checkins.spell_steps import State
from members.organisation.kinds import EndKind, OrganisationKind
from members.organisation.models import Affiliation, Participation, Post
from members.reorganisation.actions import NotReorganised, merge_units
from members.transfers.actions import (
    NotTransferred,
    accept_transfer,
    decline_transfer,
    propose_transfer,
    withdraw_transfer,
)
from members.transfers.models import Transfer, TransferState
from tests.factories import LONG_AGO, make_leader, make_member, make_organisation, make_person, make_tree
from tests.learning.makers import THIS_YEAR, make_lesson
from tests.members.spells import make_spell

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def member(tree):
    return make_member(tree.branch, name="顾文竹")


def propose(member, receiving, **rest) -> Transfer:
    return propose_transfer(**{"member": member, "receiving": receiving, "actor": None, "now": NOW, **rest})


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- the record ---------------------------------------------------------------------
def test_nothing_changes_until_the_receiving_unit_has_answered(tree, member):
    transfer = propose(member, tree.far)
    assert member.organisation_now() == tree.branch
    accept_transfer(transfer=transfer, actor=None, now=LATER)
    assert member.organisation_now() == tree.far
    assert member.organisation_at(LATER - timedelta(seconds=1)) == tree.branch
    assert member.organisation_at(LATER) == tree.far
    kept = Transfer.objects.get()
    assert (kept.giving, kept.receiving, kept.proposed_at, kept.answered_at) == (tree.branch, tree.far, NOW, LATER)


def test_an_accepted_transfer_takes_plans_along_and_ends_posts_of_the_former_unit(tree, member):
    start, end = THIS_YEAR
    east = make_plan(title="东", organisation=tree.east, starts_on=start, ends_on=end, items=[make_lesson(tree.root)])
    west = make_plan(title="西", organisation=tree.west, starts_on=start, ends_on=end, items=[make_lesson(tree.root)])
    publish_plan(east, now=NOW)
    publish_plan(west, now=NOW)
    post = Post.objects.create(member=member, organisation=tree.branch, kind="secretary", since=LONG_AGO.date())
    area = Post.objects.create(member=member, organisation=tree.root, kind="committee_member", since=LONG_AGO.date())
    Participation.objects.create(member=member, organisation=tree.far, since=LONG_AGO)
    accept_transfer(transfer=propose(member, tree.far), actor=None, now=LATER)
    post.refresh_from_db()
    area.refresh_from_db()
    assert post.until == LATER.date()
    assert area.until is None
    assert not Participation.objects.filter(member=member, until=None).exists()
    standing = dict(Enrolment.objects.filter(member=member).values_list("plan", "left_on"))
    assert standing == {east.pk: LATER.date(), west.pk: None}
    fold_deltas()
    assert wrong_tallies() == []


def test_who_was_received_as_a_guest_is_at_home_now(tree, member):
    spell = make_spell(member, host=tree.far, is_received=True)
    accept_transfer(transfer=propose(member, tree.far), actor=None, now=LATER)
    assert MobileSpell.objects.get(pk=spell.pk).state == State.TRANSFERRED
    assert not Participation.objects.filter(member=member, until=None).exists()


def test_one_member_has_one_open_record(tree, member):
    assert propose(member, tree.far) == propose(member, tree.far)
    with pytest.raises(NotTransferred):
        propose(member, tree.sibling)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(member=member, giving=tree.branch, receiving=tree.west, proposed_at=NOW)
    withdraw_transfer(transfer=Transfer.objects.get(), actor=None, now=NOW)
    assert propose(member, tree.sibling).receiving == tree.sibling


def test_a_declined_record_says_why_and_is_closed(tree, member):
    transfer = propose(member, tree.far)
    decline_transfer(transfer=transfer, reason="名单里没有这位同志", actor=None, now=LATER)
    assert member.organisation_now() == tree.branch
    for act in (accept_transfer, withdraw_transfer):
        with pytest.raises(NotTransferred):
            act(transfer=transfer, actor=None, now=LATER)
    assert decline_transfer(transfer=transfer, reason="再说一次", actor=None, now=LATER).reason == "名单里没有这位同志"


def test_nobody_is_given_to_a_unit_to_which_nobody_belongs_or_that_is_closed(tree, member):
    area = make_organisation(parent=tree.east, kind=OrganisationKind.FUNCTIONAL_BRANCH)
    closed = make_organisation(parent=tree.east, closed_on=LONG_AGO.date())
    for receiving in (area, closed, tree.branch):
        with pytest.raises(NotTransferred):
            propose(member, receiving)


def test_a_record_of_who_ended_waits_for_nobody_until_the_end_is_taken_back(tree, member):
    transfer = propose(member, tree.far)
    end_membership(member=member, kind=EndKind.OTHER, ended_on=NOW.date(), actor=None, now=NOW)
    assert not Transfer.objects.open().exists()
    with pytest.raises(NotTransferred):
        accept_transfer(transfer=transfer, actor=None, now=LATER)
    assert Transfer.objects.get().state == TransferState.PROPOSED
    reverse_end(member=member, actor=None, now=LATER)
    assert Transfer.objects.open().get() == transfer


def test_who_came_elsewhere_by_a_workbook_can_be_proposed_from_there(tree, member):
    old = propose(member, tree.far)
    Affiliation.objects.filter(member=member).update(organisation=tree.sibling)
    assert not Transfer.objects.open().exists()
    with pytest.raises(NotTransferred):
        accept_transfer(transfer=old, actor=None, now=LATER)
    assert propose(member, tree.west).giving == tree.sibling
    old.refresh_from_db()
    assert old.state == TransferState.LAPSED


# --- the pages -----------------------------------------------------------------------
def test_the_giving_leader_finds_the_unit_and_asks_it(tree, member):
    client = signed_in(make_leader(tree.branch))
    address = f"/branch/people/{member.number}/transfer/"
    found = client.get(address, {"q": tree.far.name[:4]}).content.decode()
    assert f'value="{tree.far.code}"' in found
    answer = client.post(address, {"unit": tree.far.code, "note": "请接收", "q": "西"})
    assert answer.status_code == 302
    assert Transfer.objects.get().note == "请接收"
    assert AuditEvent.objects.filter(action="transfer.proposed").exists()


def test_a_refused_form_keeps_what_was_typed(tree, member):
    client = signed_in(make_leader(tree.branch))
    address = f"/branch/people/{member.number}/transfer/"
    answer = client.post(address, {"unit": "nowhere", "note": "请接收这位同志", "q": tree.far.code})
    assert answer.status_code == 200
    assert "请接收这位同志" in answer.content.decode()


def test_both_sides_read_one_record_and_each_does_its_own_part(tree, member):
    giving, receiving = signed_in(make_leader(tree.branch)), signed_in(make_leader(tree.far))
    transfer = propose(member, tree.far)
    address = f"/branch/transfers/{transfer.pk}/"
    assert "顾文竹" in giving.get(address).content.decode()
    assert "顾文竹" in receiving.get("/branch/transfers/").content.decode()
    assert giving.post(address, {"answer": "accept"}).status_code == 404
    assert receiving.post(address, {"answer": "withdraw"}).status_code == 404
    assert receiving.post(address, {"answer": "decline", "reason": ""}).status_code == 200
    assert receiving.post(address, {"answer": "accept"}).status_code == 302
    assert member.organisation_now() == tree.far


def test_a_record_is_not_there_for_any_other_unit(tree, member):
    transfer = propose(member, tree.far)
    for user in (make_leader(tree.sibling), make_person(tree.branch)):
        client = signed_in(user)
        assert client.get(f"/branch/transfers/{transfer.pk}/").status_code == 404
        assert client.post(f"/branch/transfers/{transfer.pk}/", {"answer": "accept"}).status_code == 404
        assert client.get(f"/branch/people/{member.number}/transfer/").status_code == 404
    assert "顾文竹" not in signed_in(make_leader(tree.sibling)).get("/branch/transfers/").content.decode()


def test_the_list_costs_the_same_for_many(tree, django_assert_max_num_queries):
    client = signed_in(make_leader(tree.branch))
    for _each in range(20):
        propose(make_member(tree.branch), tree.far)
    client.get("/branch/transfers/")
    with django_assert_max_num_queries(18):
        client.get("/branch/transfers/")


# --- at the same moment ---------------------------------------------------------------
def together(*deeds) -> list:
    """Each in a thread of its own, beginning at one moment; what each refused."""
    start, refused = Barrier(len(deeds)), []

    def act(deed) -> None:
        start.wait()
        try:
            deed()
        except (NotTransferred, NotReorganised) as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=act, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return refused


def open_homes(member) -> list[int]:
    return list(Affiliation.objects.open().filter(member=member).values_list("organisation_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_secretaries_accept_one_record_once():
    tree = make_tree()
    member = make_member(tree.branch)
    transfer = propose(member, tree.far)
    deed = {"transfer": transfer, "actor": None, "now": LATER}
    assert together(*[lambda: accept_transfer(**deed)] * 2) == []
    assert open_homes(member) == [tree.far.pk]
    assert Affiliation.objects.filter(member=member).count() == 2
    assert AuditEvent.objects.filter(action="transfer.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_and_withdrawing_at_once_end_in_one_of_the_two():
    tree = make_tree()
    member = make_member(tree.branch)
    deed = {"transfer": propose(member, tree.far), "actor": None, "now": LATER}
    refused = together(lambda: accept_transfer(**deed), lambda: withdraw_transfer(**deed))
    state = Transfer.objects.get().state
    assert len(refused) == 1
    assert state in (TransferState.ACCEPTED, TransferState.WITHDRAWN)
    assert open_homes(member) == [tree.far.pk if state == TransferState.ACCEPTED else tree.branch.pk]


@pytest.mark.django_db(transaction=True)
def test_a_merger_of_the_receiving_unit_and_the_answer_pass_one_after_the_other():
    tree = make_tree()
    member = make_member(tree.branch)
    transfer = propose(member, tree.far)
    now = {"actor": None, "now": LATER}
    refused = together(
        lambda: accept_transfer(transfer=transfer, **now),
        lambda: merge_units(unit=tree.far, into=tree.sibling, **now),
    )
    tree.far.refresh_from_db()
    assert tree.far.successor == tree.sibling
    kept = Transfer.objects.get()
    if refused:  # the merger was first: the record waits for the successor
        assert (kept.state, kept.receiving) == (TransferState.PROPOSED, tree.sibling)
        assert open_homes(member) == [tree.branch.pk]
    else:
        assert kept.state == TransferState.ACCEPTED
        assert open_homes(member) == [tree.sibling.pk]


@pytest.mark.django_db(transaction=True)
def test_an_end_and_an_answer_at_once_leave_no_two_homes():
    tree = make_tree()
    member = make_member(tree.branch)
    transfer = propose(member, tree.far)
    together(
        lambda: accept_transfer(transfer=transfer, actor=None, now=LATER),
        lambda: end_membership(member=member, kind=EndKind.OTHER, ended_on=NOW.date(), actor=None, now=LATER),
    )
    assert open_homes(member) == []
    member.refresh_from_db()
    assert member.ended_on == NOW.date()
