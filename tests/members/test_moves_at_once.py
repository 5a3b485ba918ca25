"""Two who move the same person, or the same unit, in one instant: one after the other, or a plain refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from threading import Event, Thread
from time import sleep

import pytest
from django.db import connection, transaction
from django.test import Client

from members.accounts.actions import import_members
from members.accounts.homes import change_home
from members.accounts.membership import end_membership, reverse_end
from members.organisation.kinds import EndKind
from members.organisation.models import Affiliation, Organisation, Placement
from members.reorganisation.actions import merge_units, move_unit
from members.roles.models import Role
from members.transfers.actions import NotTransferred, accept_transfer, propose_transfer
from tests.factories import grant, make_account, make_leader, make_member, make_tree
from tests.members.workbooks import sheet_of

FIRST = datetime(2026, 11, 24, 4, tzinfo=UTC)  # who looked at the clock first, and then had to wait
LATER = FIRST + timedelta(milliseconds=5)


@pytest.fixture
def tree():
    return make_tree()


def homes_of(member) -> list[tuple[str, datetime, datetime | None]]:
    rows = Affiliation.objects.filter(member=member).order_by("since", "pk")
    return list(rows.values_list("organisation__name", "since", "until"))


def is_one_after_the_other(member) -> bool:
    homes = homes_of(member)
    return all(before[2] == after[1] for before, after in pairwise(homes))


def move(member, before, after, *, now) -> None:
    change_home(member_ids=[member.pk], before=before, after=after, now=now)


def row_of(member, unit) -> tuple:
    return (member.number, member.name, "", unit.code, "正式党员", "2001-07-01", "")


# --- who waited comes after it -----------------------------------------------------
@pytest.mark.django_db
def test_who_waited_for_a_move_moves_on_from_where_it_led(tree):
    member = make_member(tree.branch)
    move(member, tree.branch, tree.sibling, now=LATER)
    move(member, tree.sibling, tree.far, now=FIRST)
    assert [name for name, *_ in homes_of(member)] == [tree.branch.name, tree.sibling.name, tree.far.name]
    assert is_one_after_the_other(member)


@pytest.mark.django_db
def test_an_end_that_waited_for_a_move_ends_what_that_began_and_can_be_taken_back(tree):
    member = make_member(tree.branch)
    move(member, tree.branch, tree.far, now=LATER)
    end_membership(member=member, kind=EndKind.OTHER, ended_on=date(2026, 11, 24), actor=None, now=FIRST)
    assert homes_of(member)[-1] == (tree.far.name, LATER, LATER)
    reverse_end(member=member, actor=None, now=FIRST)
    assert homes_of(member)[-1] == (tree.far.name, LATER, None)


@pytest.mark.django_db
def test_a_list_that_waited_for_a_move_takes_the_member_from_where_it_led(tree):
    member = make_member(tree.branch)
    move(member, tree.branch, tree.sibling, now=LATER)
    assert import_members(sheet=sheet_of(row_of(member, tree.far)), actor=None, now=FIRST).is_written
    assert member.organisation_now() == tree.far
    assert is_one_after_the_other(member)


@pytest.mark.django_db
def test_a_merger_that_waited_for_a_move_takes_along_who_has_just_come(tree):
    member = make_member(tree.branch)
    move(member, tree.branch, tree.far, now=LATER)
    merge_units(unit=tree.far, into=tree.sibling, actor=None, now=FIRST)
    assert member.organisation_now() == tree.sibling
    assert is_one_after_the_other(member)


@pytest.mark.django_db
def test_a_unit_that_is_moved_twice_in_one_instant_stands_where_the_second_put_it(tree):
    move_unit(unit=tree.branch, parent=tree.west, actor=None, now=LATER)
    move_unit(unit=tree.branch, parent=tree.east, actor=None, now=FIRST)
    stood = Placement.objects.filter(organisation=tree.branch).order_by("since", "pk")
    assert [each.parent_id for each in stood] == [tree.east.pk, tree.west.pk, tree.east.pk]
    assert Organisation.objects.get(pk=tree.branch.pk).get_parent() == tree.east


# --- with a connection of their own ---------------------------------------------------
def waiting_for(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """The second begins while the first is done and not yet committed; what stopped the second."""
    begun, stopped = Event(), []

    def wait_and_act() -> None:
        begun.set()
        try:
            second()
        except Exception as error:
            stopped.append(error)
        finally:
            connection.close()

    thread = Thread(target=wait_and_act)
    with transaction.atomic():
        first()
        thread.start()
        begun.wait(20)
        sleep(0.3)  # so that it stands before what the first holds
    thread.join(60)
    assert not thread.is_alive()
    return stopped


def proposed(member, receiving):
    return propose_transfer(member=member, receiving=receiving, actor=None, now=FIRST - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_a_list_and_an_answer_move_one_person_at_once(tree):
    member = make_member(tree.branch)
    transfer, sheet = proposed(member, tree.sibling), sheet_of(row_of(member, tree.far))
    stopped = waiting_for(
        lambda: accept_transfer(transfer=transfer, actor=None, now=LATER),
        lambda: import_members(sheet=sheet, actor=None, now=FIRST),
    )
    assert stopped == []
    assert [name for name, *_ in homes_of(member)] == [tree.branch.name, tree.sibling.name, tree.far.name]
    assert is_one_after_the_other(member)


@pytest.mark.django_db(transaction=True)
def test_an_answer_comes_after_a_list_that_has_moved_the_person(tree):
    member = make_member(tree.branch)
    transfer, sheet = proposed(member, tree.sibling), sheet_of(row_of(member, tree.far))
    stopped = waiting_for(
        lambda: import_members(sheet=sheet, actor=None, now=LATER),
        lambda: accept_transfer(transfer=transfer, actor=None, now=FIRST),
    )
    assert [type(each) for each in stopped] == [NotTransferred]
    assert member.organisation_now() == tree.far


@pytest.mark.django_db(transaction=True)
def test_two_lists_move_one_person_at_once(tree):
    member = make_member(tree.branch)
    stopped = waiting_for(
        lambda: import_members(sheet=sheet_of(row_of(member, tree.sibling)), actor=None, now=LATER),
        lambda: import_members(sheet=sheet_of(row_of(member, tree.far)), actor=None, now=FIRST),
    )
    assert stopped == []
    assert member.organisation_now() == tree.far
    assert is_one_after_the_other(member)


@pytest.mark.django_db(transaction=True)
def test_nobody_comes_by_a_list_into_a_unit_that_is_merged_at_that_moment(tree):
    member = make_member(tree.branch)
    sheet = sheet_of(row_of(member, tree.far))
    waiting_for(
        lambda: merge_units(unit=tree.far, into=tree.sibling, actor=None, now=LATER),
        lambda: import_members(sheet=sheet, actor=None, now=FIRST),
    )
    assert member.organisation_now() == tree.branch


@pytest.mark.django_db(transaction=True)
def test_a_page_that_ends_a_membership_while_it_is_moved_answers_as_always(tree):
    organiser, member = make_account(), make_member(tree.branch)
    grant(organiser, Role.ORGANISER, tree.root)
    transfer = proposed(member, tree.far)
    web, answers = Client(), []
    web.force_login(organiser)
    said = {"kind": EndKind.OTHER, "ended_on": date.today().isoformat()}
    stopped = waiting_for(
        lambda: accept_transfer(transfer=transfer, actor=make_leader(tree.far), now=datetime.now(UTC) + timedelta(1)),
        lambda: answers.append(web.post(f"/branch/people/{member.number}/end/", said).status_code),
    )
    assert (stopped, answers) == ([], [302])
    assert member.organisation_now() is None
