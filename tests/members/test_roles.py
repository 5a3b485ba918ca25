"""A grant gives, and its end takes away, exactly what the role needs."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Site
from wagtail.permission_policies.collections import CollectionPermissionPolicy
from wagtail.permissions import page_permission_policy
from wagtailmedia import get_permission_policy

from members.accounts.models import Member, User
from members.audit.models import AuditEvent
from members.organisation.models import Organisation
from members.roles.actions import end_grant, grant_role
from members.roles.models import Role, RoleGrant
from members.roles.policies import led_paths
from tests.factories import make_leader, make_member, make_person, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_leader_leads_the_unit_and_what_lies_under_it(tree):
    secretary, organiser = make_leader(tree.branch), make_leader(tree.east, Role.ORGANISER)
    assert set(Organisation.objects.led_by(secretary)) == {tree.branch, tree.group}
    assert set(Organisation.objects.led_by(organiser)) == {tree.east, tree.branch, tree.group, tree.sibling}
    far = make_member(tree.far)
    assert far not in Member.objects.led_by(organiser)


def test_editing_is_not_leading(tree):
    user = make_person(tree.branch)
    grant_role(user=user, role=Role.EDITOR, organisation=tree.root, actor=None, now=timezone.now())
    assert led_paths(fresh(user)) == []


def test_granting_twice_and_ending_twice_changes_nothing_more(tree):
    user, giver, now = make_person(tree.branch), make_person(tree.branch), timezone.now()
    first = grant_role(user=user, role=Role.EDITOR, organisation=tree.branch, actor=giver, now=now)
    assert grant_role(user=user, role=Role.EDITOR, organisation=tree.branch, actor=giver, now=now) == first
    for _time in range(2):
        end_grant(grant=first, actor=giver, now=now)
    assert RoleGrant.objects.count() == 1
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == ["role.granted", "role.ended"]


def test_what_a_person_leads_is_read_anew_after_a_grant(tree):
    user = make_person(tree.branch)
    assert led_paths(user) == []
    grant = grant_role(user=user, role=Role.SECRETARY, organisation=tree.branch, actor=None, now=timezone.now())
    assert led_paths(user) == [tree.branch.path]
    end_grant(grant=grant, actor=None, now=timezone.now())
    assert led_paths(user) == []


def test_an_editor_may_write_and_publish_under_the_portal_and_use_files_of_the_root_collection(tree):
    user = make_person(tree.branch)
    grant_role(user=user, role=Role.EDITOR, organisation=tree.branch, actor=None, now=timezone.now())
    user, portal = fresh(user), Site.objects.get(is_default_site=True).root_page
    for action in ("add", "change", "publish"):
        assert page_permission_policy.user_has_permission_for_instance(user, action, portal)
    assert not page_permission_policy.user_has_permission_for_instance(user, "add", Page.get_first_root_node())
    assert get_permission_policy().user_has_permission(user, "add")
    images, root = CollectionPermissionPolicy(get_image_model()), Collection.get_first_root_node()
    assert root in images.collections_user_has_permission_for(user, "add")
    assert root in images.collections_user_has_permission_for(user, "choose")
    assert user.has_perm("wagtailadmin.access_admin")
    for forbidden in ("members.add_user", "members.change_user", "auth.change_group", "wagtailcore.change_site"):
        assert not user.has_perm(forbidden)


def test_an_editor_may_write_quizzes_but_neither_delete_them_nor_see_attempts(tree):
    user = make_person(tree.branch)
    grant = grant_role(user=user, role=Role.EDITOR, organisation=tree.branch, actor=None, now=timezone.now())
    opened = {name for name in fresh(user).get_all_permissions() if name.startswith("learning.")}
    models = ("question", "questionbank", "quiz")
    assert opened == {f"learning.{action}_{model}" for action in ("add", "change") for model in models}
    end_grant(grant=grant, actor=None, now=timezone.now())
    assert not fresh(user).get_all_permissions()


def test_wagtail_groups_exist_only_while_a_live_grant_needs_them(tree):
    before = set(Group.objects.values_list("name", flat=True))
    one, two, now = make_person(tree.branch), make_person(tree.branch), timezone.now()
    make_leader(tree.branch)
    grants = [
        grant_role(user=user, role=Role.EDITOR, organisation=tree.branch, actor=None, now=now) for user in (one, two)
    ]
    name = f"editor:{tree.branch.code}"
    assert set(Group.objects.values_list("name", flat=True)) - before == {name}
    end_grant(grant=grants[0], actor=None, now=now)
    assert not fresh(one).has_perm("wagtailadmin.access_admin")
    assert fresh(two).has_perm("wagtailadmin.access_admin")
    end_grant(grant=grants[1], actor=None, now=now)
    assert set(Group.objects.values_list("name", flat=True)) == before


def test_nobody_can_be_made_a_superuser(tree):
    user = make_person(tree.branch)
    user.is_superuser = True
    with pytest.raises(IntegrityError):
        user.save()
