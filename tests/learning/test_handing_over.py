"""Drafts of plans and pages that nobody has published: they stand in the list when a post changes hands."""

import pytest
from django.utils import timezone
from wagtail.models import Workflow

from content.articles.models import ArticlePage
from learning.completion.actions import publish_plan
from learning.plans.actions import make_plan
from members.handovers.actions import accept_handover, start_handover
from members.handovers.queries import held_by, loose_things
from members.roles.models import Role, RoleGrant
from tests.factories import make_leader, make_tree
from tests.learning.makers import NOON, THIS_YEAR, make_portal

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def leaving(tree):
    return make_leader(tree.east, Role.ORGANISER, name="老组织员")


def draft_of(unit, user, title="写了一半的计划"):
    return make_plan(
        title=title, organisation=unit, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[], made_by=user
    )


def page_of(unit, user, title, **rest) -> ArticlePage:
    return make_portal().add_child(
        instance=ArticlePage(title=title, slug=f"p{title}", organisation=unit, owner=user, **{"live": False, **rest})
    )


def held(user, unit) -> list[str]:
    return [each.title for each in held_by(user, unit, now=NOW)]


def test_drafts_are_listed_and_what_has_gone_out_is_not(tree, leaving):
    draft_of(tree.branch, leaving)
    publish_plan(draft_of(tree.branch, leaving, "发了的计划"), now=NOON)
    draft_of(tree.far, leaving, "西边的计划")
    page_of(tree.branch, leaving, "还没发的文章")
    page_of(tree.branch, leaving, "发了的文章", live=True, first_published_at=NOW)
    page_of(tree.far, leaving, "西边的文章")
    assert held(leaving, tree.east) == ["写了一半的计划", "还没发的文章"]


def test_on_acceptance_a_page_changes_its_owner_and_a_plan_keeps_who_made_it(tree, leaving):
    plan, page = draft_of(tree.branch, leaving), page_of(tree.branch, leaving, "还没发的文章")
    successor, above = make_leader(tree.east, Role.ORGANISER), make_leader(tree.root, Role.ORGANISER)
    begun = start_handover(organisation=tree.east, leaving=leaving, successor=successor, actor=above, now=NOW)
    accept_handover(handover=begun, actor=successor, now=NOW)
    plan.refresh_from_db()
    page.refresh_from_db()
    assert (plan.made_by, page.owner) == (leaving, successor)
    assert held(leaving, tree.east) == []
    assert held(successor, tree.east) == ["写了一半的计划", "还没发的文章"]
    RoleGrant.objects.filter(user=leaving).update(until=NOW)
    assert loose_things(None, now=NOW) == []


def test_a_draft_of_a_plan_whose_maker_has_no_role_any_more_is_loose(tree, leaving):
    draft_of(tree.branch, leaving)
    assert loose_things(None, now=NOW) == []
    RoleGrant.objects.filter(user=leaving).update(until=NOW)
    assert [each.title for each in loose_things(None, now=NOW)] == ["写了一半的计划"]


def test_a_page_in_a_workflow_is_listed_until_it_is_decided(tree, leaving):
    page = page_of(tree.branch, leaving, "送审的文章", live=True, first_published_at=NOW)
    page.save_revision()
    state = Workflow.objects.first().start(page, leaving)
    assert held(leaving, tree.east) == ["送审的文章"]
    state.cancel(user=leaving)
    assert held(leaving, tree.east) == []
