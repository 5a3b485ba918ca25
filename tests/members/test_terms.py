"""A role holds for a term, and a deputy acts for somebody: what a grant or its end does at the next request."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from members.audit.models import AuditEvent
from members.feedback.about import About
from members.feedback.actions import send_feedback
from members.organisation.rules import Rule
from members.roles.actions import NotGranted, end_grant, end_of, grant_role
from members.roles.models import Role, RoleGrant
from tests.factories import LONG_AGO, grant, make_account, make_leader, make_person, make_tree

DESK = "/branch/people/"


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def session(tree):
    """Of somebody who leads nothing yet."""
    client = Client()
    client.user = make_person(tree.branch)
    client.force_login(client.user)
    return client


def give(user, tree, **rest) -> RoleGrant:
    said = {"role": Role.SECRETARY, "organisation": tree.branch, "actor": None, "now": timezone.now()}
    return grant_role(user=user, **(said | rest))


def today():
    return timezone.localdate()


def entered(client) -> bool:
    return client.get(DESK).status_code == 200


@given(st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2100, 1, 1).date()))
def test_a_last_day_is_over_at_its_midnight_and_not_before(day):
    until = end_of(day)
    assert RoleGrant(until=until).last_day == day
    assert timezone.localdate(until) == day + timedelta(days=1)


def test_a_grant_and_its_end_work_at_the_next_request_of_an_open_session(session, tree):
    assert not entered(session)
    given_now = give(session.user, tree)
    assert entered(session)
    end_grant(grant=given_now, actor=None, now=timezone.now())
    assert not entered(session)


def test_a_term_that_runs_out_closes_the_door_by_itself(session, tree):
    held = give(session.user, tree, last_day=today())
    assert entered(session)
    RoleGrant.objects.filter(pk=held.pk).update(until=timezone.now())
    assert not entered(session)
    again = give(session.user, tree)
    assert again.pk != held.pk
    assert entered(session), "what ran out stays in the past, and a new one may be given"


def test_a_day_that_has_passed_is_refused(session, tree):
    with pytest.raises(NotGranted):
        give(session.user, tree, last_day=today() - timedelta(days=1))


def test_giving_it_again_says_the_term_anew_and_makes_no_second_grant(session, tree):
    first = give(session.user, tree, last_day=today())
    longer = today() + timedelta(days=30)
    assert give(session.user, tree, last_day=longer) == first
    assert give(session.user, tree, last_day=longer) == first
    assert RoleGrant.objects.get().last_day == longer
    give(session.user, tree)
    assert RoleGrant.objects.get().until is None
    deeds = ["role.granted", "role.term_changed", "role.term_changed"]
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == deeds


# --- deputies --------------------------------------------------------------------
def test_a_deputy_acts_until_the_day_and_the_other_one_keeps_their_own(session, tree):
    leader = make_leader(tree.branch)
    deputy = give(session.user, tree, deputy_for=leader, last_day=today())
    assert entered(session)
    RoleGrant.objects.filter(pk=deputy.pk).update(until=timezone.now())
    assert not entered(session)
    theirs = Client()
    theirs.force_login(leader)
    assert entered(theirs)


def test_a_deputy_needs_a_day_and_somebody_who_holds_the_role_there(session, tree):
    leader, stranger = make_leader(tree.branch), make_leader(tree.far)
    wrong = [
        {"deputy_for": leader},
        {"deputy_for": stranger, "last_day": today()},
        {"deputy_for": session.user, "last_day": today()},
        {"deputy_for": leader, "last_day": today(), "organisation": tree.east},
        {"deputy_for": leader, "last_day": today(), "role": Role.ORGANISER},
    ]
    for said in wrong:
        with pytest.raises(NotGranted):
            give(session.user, tree, **said)
    give(session.user, tree, deputy_for=leader, last_day=today(), organisation=tree.group)


def test_the_database_knows_no_deputy_without_an_end(session, tree):
    leader = make_leader(tree.branch)
    with pytest.raises(IntegrityError), transaction.atomic():
        grant(session.user, Role.SECRETARY, tree.branch, deputy_for=leader)


def test_a_deputy_acts_no_longer_than_the_one_deputised_for(session, tree):
    leader = make_person(tree.branch)
    held = give(leader, tree, last_day=today() + timedelta(days=10))
    with pytest.raises(NotGranted):
        give(session.user, tree, deputy_for=leader, last_day=today() + timedelta(days=11))
    give(session.user, tree, deputy_for=leader, last_day=today() + timedelta(days=10))
    give(leader, tree, last_day=today() + timedelta(days=5))
    assert RoleGrant.objects.get(user=session.user).last_day == today() + timedelta(days=5)
    end_grant(grant=held, actor=None, now=timezone.now())
    assert not entered(session)


def test_a_deputy_of_an_administrator_is_no_other_administrator(tree):
    first, second, now = make_account(), make_account(), timezone.now()
    grant(first, Role.SECURITY_ADMIN, None)
    said = {"role": Role.SECURITY_ADMIN, "organisation": None, "actor": None, "now": now}
    grant_role(user=second, deputy_for=first, last_day=today(), **said)
    with pytest.raises(NotGranted):
        grant_role(user=second, **(said | {"role": Role.AUDIT_ADMIN}))


def test_the_security_administrator_gives_a_term_and_a_deputy_on_one_page(tree):
    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=LONG_AGO.date())
    giver, leader, other = make_account(), make_leader(tree.branch), make_person(tree.branch)
    grant(giver, Role.SECURITY_ADMIN, None)
    client = Client()
    client.force_login(giver)
    said = {"who": other.username, "role": "secretary", "unit": tree.branch.code, "deputy_for": leader.username}
    refused = client.post("/accounts/roles/new/", said)
    assert refused.context["form"].errors["last_day"]
    asked = client.post("/accounts/roles/new/", said | {"last_day": today().isoformat()})
    assert asked.context["asked"]["deputy_for"] == leader
    client.post("/accounts/roles/new/", said | {"last_day": today().isoformat(), "sure": "1"})
    given_now = RoleGrant.objects.get(user=other)
    assert (given_now.deputy_for, given_now.last_day) == (leader, today())
    assert f"代理 {leader}" in client.get("/accounts/roles/").content.decode()


# --- the lecturer --------------------------------------------------------------------
def test_a_lecturer_answers_what_is_asked_about_lessons_of_their_units_and_nothing_else(session, tree):
    give(session.user, tree, role=Role.LECTURER, organisation=tree.east)
    asker, now = make_person(tree.branch), timezone.now()
    said = {"title": "第一课", "nonce": "n"}
    asked = About(path="/lesson/", organisation_id=tree.branch.pk, is_study=True, **said)
    other = About(path="/study/", organisation_id=tree.branch.pk, **said)
    far = About(path="/far/", organisation_id=tree.far.pk, is_study=True, **said)
    mine = send_feedback(author=asker, text="为什么", about=asked, now=now)
    rest = [send_feedback(author=asker, text=text, about=about, now=now) for text, about in (("a", other), ("b", far))]
    assert mine.owner == session.user
    assert session.get("/branch/feedback/").status_code == 200
    assert session.get(f"/branch/feedback/{mine.pk}/").status_code == 200
    assert [session.get(f"/branch/feedback/{each.pk}/").status_code for each in rest] == [404, 404]
    assert session.post(f"/branch/feedback/{mine.pk}/", {"text": "因为"}).status_code == 302
    assert session.get("/cms/").status_code == 403
    assert not entered(session)
    page = session.get("/me/").content.decode()
    assert "/branch/feedback/" in page


def test_where_nobody_teaches_a_leader_answers(tree):
    leader, asker = make_leader(tree.branch), make_person(tree.branch)
    asked = About("/lesson/", "第一课", tree.branch.pk, "n", is_study=True)
    assert send_feedback(author=asker, text="为什么", about=asked, now=timezone.now()).owner == leader
