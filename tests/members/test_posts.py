"""Posts with their terms, and the help contact: who may write them down, what is refused, what stays."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from members.accounts.membership import end_membership
from members.audit.models import AuditEvent
from members.organisation.kinds import BRANCH_POSTS, EndKind, PostKind
from members.organisation.models import Organisation, Participation, Post
from members.organisation.posts import NotSet, end_post, posts_for, set_post
from members.roles.models import Role, RoleGrant
from tests.factories import LONG_AGO, make_leader, make_member, make_tree

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    return make_member(tree.group, name="许守田")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def put(member, unit, kind=PostKind.GROUP_LEADER, since=DAY, until=None):
    return set_post(
        member=member, organisation=unit, kind=kind, since=since, until=until, actor=None, now=timezone.now()
    )


def asked(client, unit, **said):
    data = {"kind": "group_leader", "since": "2026-03-01", **said}
    return client.post(f"/branch/units/{unit.code}/posts/new/", data)


def test_a_post_is_written_down_on_the_page_of_the_unit_and_opens_nothing(tree, member):
    client = signed_in(make_leader(tree.branch))
    grants = RoleGrant.objects.count()
    assert asked(client, tree.branch, who="许守田", until="2029-03-01").status_code == 302
    page = client.get(f"/branch/units/{tree.branch.code}/").content.decode()
    assert "党小组组长，许守田" in page
    assert "2026 年 3 月 1 日 至 2029 年 3 月 1 日" in page
    assert "职务不等于系统里的角色" in page
    assert RoleGrant.objects.count() == grants
    assert AuditEvent.objects.filter(action="post.set", organisation=tree.branch.code).count() == 1


def test_a_term_that_is_over_is_shown_under_earlier_posts(tree, member):
    client, post = signed_in(make_leader(tree.branch)), put(member, tree.branch)
    assert client.get(f"/branch/posts/{post.pk}/end/").status_code == 200
    assert client.post(f"/branch/posts/{post.pk}/end/", {"until": "2026-06-01"}).status_code == 302
    page = client.get(f"/branch/units/{tree.branch.code}/").content.decode()
    assert page.index("以前的职务") < page.index("许守田", page.index("以前的职务"))
    assert client.get(f"/branch/posts/{post.pk}/end/").status_code == 404
    put(member, tree.branch, since=date(2026, 7, 1))


@pytest.mark.parametrize("until", ["2026-02-28", "2999-01-01", ""])
def test_a_last_day_that_cannot_be_is_refused(tree, member, until):
    post = put(member, tree.branch)
    answer = signed_in(make_leader(tree.branch)).post(f"/branch/posts/{post.pk}/end/", {"until": until})
    assert answer.status_code == 422
    assert Post.objects.get(pk=post.pk).until is None


def test_a_secretary_sets_the_posts_of_the_branch_and_an_organiser_all(tree, member):
    secretary, organiser = make_leader(tree.branch), make_leader(tree.east, Role.ORGANISER)
    assert set(posts_for(secretary, tree.branch)) == set(BRANCH_POSTS)
    assert set(posts_for(organiser, tree.branch)) == set(PostKind)
    assert posts_for(secretary, tree.east) == posts_for(make_leader(tree.far), tree.branch) == []
    assert asked(signed_in(secretary), tree.branch, who=member.number, kind="secretary").status_code == 422
    assert asked(signed_in(organiser), tree.branch, who=member.number, kind="secretary").status_code == 302
    post = Post.objects.get()
    assert signed_in(secretary).get(f"/branch/posts/{post.pk}/end/").status_code == 404
    assert signed_in(organiser).get(f"/branch/posts/{post.pk}/end/").status_code == 200


def test_of_another_organisation_there_is_no_such_page(tree, member):
    post = put(member, tree.branch)
    for stranger in (make_leader(tree.far), make_leader(tree.sibling), make_leader(tree.west, Role.ORGANISER)):
        client = signed_in(stranger)
        for path in (
            f"units/{tree.branch.code}/",
            f"units/{tree.branch.code}/posts/new/",
            f"units/{tree.branch.code}/contact/",
        ):
            assert client.get(f"/branch/{path}").status_code == 404
        assert client.post(f"/branch/posts/{post.pk}/end/", {"until": "2026-06-01"}).status_code == 404


def test_only_who_belongs_there_or_takes_part_holds_a_post(tree, member):
    stranger = make_member(tree.far, name="司徒安")
    with pytest.raises(NotSet):
        put(stranger, tree.branch)
    client = signed_in(make_leader(tree.branch))
    assert asked(client, tree.branch, who="司徒安").status_code == 422
    Participation.objects.create(member=stranger, organisation=tree.branch, since=LONG_AGO)
    assert asked(client, tree.branch, who="司徒安").status_code == 302


def test_one_post_of_a_kind_at_a_time(tree, member):
    put(member, tree.branch, since=date(2024, 1, 1), until=date(2025, 1, 1))
    put(member, tree.branch)
    for since, until in ((DAY, None), (date(2024, 6, 1), date(2024, 7, 1)), (date(2023, 1, 1), None)):
        with pytest.raises(NotSet):
            put(member, tree.branch, since=since, until=until)
    put(member, tree.group)
    put(member, tree.branch, PostKind.COMMITTEE_MEMBER)


def test_nobody_takes_a_post_in_a_closed_unit_or_after_the_end(tree, member):
    Organisation.objects.filter(pk=tree.branch.pk).update(closed_on=DAY)
    with pytest.raises(NotSet):
        put(member, tree.branch)
    gone = make_member(tree.sibling)
    end_membership(member=gone, kind=EndKind.OTHER, ended_on=DAY, actor=None, now=timezone.now())
    with pytest.raises(NotSet):
        put(gone, tree.sibling)


def test_ending_twice_changes_nothing(tree, member):
    post = put(member, tree.branch)
    said = {"post": post, "actor": None, "now": timezone.now()}
    assert end_post(until=DAY + timedelta(days=9), **said)
    assert not end_post(until=DAY + timedelta(days=1), **said)
    assert Post.objects.get().until == DAY + timedelta(days=9)


def test_the_help_contact_is_what_members_see(tree, member):
    client = signed_in(make_leader(tree.branch))
    path = f"/branch/units/{tree.branch.code}/contact/"
    assert client.post(path, {"help_name": "支部办公室", "help_phone": "打我"}).status_code == 422
    assert client.post(path, {"help_name": "支部办公室", "help_phone": "6120 0199"}).status_code == 302
    assert "6120 0199" in client.get(f"/branch/units/{tree.branch.code}/").content.decode()
    assert client.post(path, {"help_name": "支部办公室", "help_phone": "6120 0199"}).status_code == 302
    assert AuditEvent.objects.filter(action="unit.contact_named").count() == 1
