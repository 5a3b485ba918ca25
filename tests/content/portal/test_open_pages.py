"""Who may see a topic, a notice or a unit's page: when it is served, listed and searched."""

import pytest
from django.utils import timezone

from content.portal.models import NoticePage, TopicPage, UnitPage
from content.search.actions import fold_index_changes
from learning.courses.audience import Audience
from members.organisation.rules import Rule
from members.roles.models import Role
from tests.content.portal.pages import (
    link,
    make_article,
    make_notice,
    make_open_page,
    make_topic,
    make_unit_page,
)
from tests.factories import LONG_AGO, make_account, make_editor, make_leader, make_person, make_tree

pytestmark = pytest.mark.django_db
KINDS = [TopicPage, NoticePage, UnitPage]
# Whom a page of the branch is answered; «in» sees it, «out» does not.
MATRIX = {
    Audience.PUBLIC: {"in": {"visitor", "member", "group", "secretary", "organiser", "sibling", "far", "staff"}},
    Audience.MEMBERS: {"in": {"member", "group", "secretary", "organiser", "sibling", "far", "staff"}},
    Audience.SUBTREE: {"in": {"member", "group", "secretary", "organiser"}},
}


@pytest.fixture
def own_index(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "index"


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def people(tree):
    return {
        "visitor": None,
        "member": make_person(tree.branch),
        "group": make_person(tree.group),
        "secretary": make_leader(tree.branch),
        "organiser": make_leader(tree.east, Role.ORGANISER),
        "sibling": make_leader(tree.sibling),
        "far": make_leader(tree.far),
        "staff": make_account(),
    }


def ask(client, user, path):
    client.logout()
    if user is not None:
        client.force_login(user)
    return client.get(path)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_served_to_its_audience_and_to_nobody_else(client, tree, people, kind, audience):
    page = make_open_page(kind, "河边的灯", tree.branch, audience=audience)
    for who, user in people.items():
        answer = ask(client, user, page.get_url())
        if who in MATRIX[audience]["in"]:
            assert answer.status_code == 200, who
            assert "河边的灯" in answer.content.decode(), who
        elif user is None:
            assert answer.status_code == 302, who
            assert answer.headers["Location"].startswith("/accounts/login/?next="), who
        else:
            assert answer.status_code == 404, who
            assert "河边的灯" not in answer.content.decode(), who


@pytest.mark.usefixtures("own_index")
@pytest.mark.parametrize("kind", KINDS)
def test_a_search_finds_a_page_for_those_who_may_open_it(client, tree, people, kind):
    for audience in Audience:
        make_open_page(kind, f"河边的灯 {audience}", tree.branch, audience=audience)
    fold_index_changes(now=timezone.now())
    for who, user in people.items():
        answer = ask(client, user, "/search/?q=河边的灯").content.decode()
        for audience in Audience:
            assert (f'-{audience}/"' in answer) is (who in MATRIX[audience]["in"]), (who, audience)


@pytest.mark.usefixtures("own_index")
def test_a_search_says_what_a_page_is_and_finds_the_words_beside_a_link(client, tree):
    make_notice("看灯的通知", tree.root)
    make_topic("老故事", tree.root, picks=[link(why="讲桥边看灯的来历")])
    make_unit_page("看灯支部", tree.branch)
    fold_index_changes(now=timezone.now())
    answer = client.get("/search/?q=看灯").content.decode()
    assert answer.count('class="item-title"') == 3
    for kind in ("通知", "专题", "单位主页"):
        assert f'<span class="item-about">{kind}' in answer


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_is_not_published_is_shown_to_nobody(client, tree, people, kind):
    page = make_open_page(kind, "还在写", tree.branch)
    page.unpublish()
    for user in people.values():
        assert ask(client, user, page.get_url()).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_sees_a_draft_in_the_preview(client, tree, kind):
    page = make_open_page(kind, "已发布", tree.branch, audience=Audience.SUBTREE)
    page.title = "正在改的标题"
    page.save_revision()
    editor = make_editor(tree.root)
    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=LONG_AGO.date())
    draft = ask(client, editor, f"/cms/pages/{page.pk}/view_draft/")
    assert draft.status_code == 200
    assert "正在改的标题" in draft.content.decode()


# --- topics ----------------------------------------------------------------------
def test_a_topic_shows_its_picks_in_their_order_with_why_to_read_them(client, tree):
    article = make_article("听完一句话", tree.root)
    topic = make_topic("议事", tree.root, picks=[link(), ("page", article)])
    answer = client.get(topic.get_url()).content.decode()
    assert answer.index("县志") < answer.index("听完一句话")
    assert "先看第二章" in answer
    assert "archive.example" in answer
    assert 'rel="external noopener noreferrer"' in answer


def test_a_pick_that_the_visitor_may_not_see_is_not_mentioned(client, tree, people):
    picks = [("page", make_article(f"给{audience}的文章", tree.branch, audience=audience)) for audience in Audience]
    topic = make_topic("议事", tree.root, picks=picks)
    for who, user in people.items():
        answer = ask(client, user, topic.get_url()).content.decode()
        for audience in Audience:
            assert (f"给{audience}的文章" in answer) is (who in MATRIX[audience]["in"]), (who, audience)


def test_a_pick_that_has_been_deleted_or_unpublished_leaves_no_gap(client, tree):
    gone, hidden = make_article("已删", tree.root), make_article("已撤", tree.root)
    topic = make_topic("议事", tree.root, picks=[("page", gone), ("page", hidden), link()])
    gone.delete()
    hidden.unpublish()
    answer = client.get(topic.get_url()).content.decode()
    assert ("已删" in answer, "已撤" in answer, "县志" in answer) == (False, False, True)


def test_an_empty_topic_says_what_to_do(client, tree):
    topic = make_topic("议事", tree.root, picks=[("page", make_article("给党员", tree.root, audience="members"))])
    assert "/accounts/login/?next=" in client.get(topic.get_url()).content.decode()


def test_a_topic_costs_the_same_whatever_it_holds(client, tree, django_assert_max_num_queries):
    picks = [("page", make_article(f"第 {number} 篇", tree.root)) for number in range(12)]
    topic = make_topic("议事", tree.root, picks=[*picks, *[link()] * 8])
    client.force_login(make_person(tree.branch))
    with django_assert_max_num_queries(20):
        assert client.get(topic.get_url()).content.decode().count('class="item-title"') == 20


def test_a_link_to_another_page_names_it_only_to_those_who_may_see_it(client, tree, people):
    links = [
        ("page_link", {"page": make_article(f"给{audience}的文章", tree.branch, audience=audience), "why": "接着看"})
        for audience in Audience
    ]
    notice = make_notice("接着看这些", tree.root, body=links)
    for who, user in people.items():
        answer = ask(client, user, notice.get_url()).content.decode()
        for audience in Audience:
            assert (f"给{audience}的文章" in answer) is (who in MATRIX[audience]["in"]), (who, audience)


# --- notices -----------------------------------------------------------------------
def test_notices_stand_newest_first_with_their_day_and_only_for_their_readers(client, tree, people):
    for audience in Audience:
        make_notice(f"通知 {audience}", tree.branch, audience=audience)
    for who, user in people.items():
        answer = ask(client, user, "/notices/").content.decode()
        for audience in Audience:
            assert (f"通知 {audience}" in answer) is (who in MATRIX[audience]["in"]), (who, audience)
    answer = ask(client, people["member"], "/notices/").content.decode()
    assert answer.index("通知 subtree") < answer.index("通知 members") < answer.index("通知 public")
    assert f'<time datetime="{timezone.localdate()}">' in answer


def test_notices_come_twenty_to_a_page_at_a_constant_cost(client, tree, django_assert_max_num_queries):
    for number in range(23):
        make_notice(f"第 {number} 号", tree.root)
    client.force_login(make_person(tree.branch))
    with django_assert_max_num_queries(12):
        first = client.get("/notices/").content.decode()
    second = client.get("/notices/?page=2").content.decode()
    assert (first.count("<time"), second.count("<time")) == (20, 3)
    assert 'href="?page=2"' in first
    assert client.get("/notices/?page=x").status_code == 200
    assert client.post("/notices/").status_code == 405


def test_without_notices_the_list_says_so(client, tree):
    assert "还没有通知" in client.get("/notices/").content.decode()


# --- a unit's page --------------------------------------------------------------------
def test_a_units_page_shows_its_own_newest_things_and_who_helps(client, tree):
    tree.branch.help_name, tree.branch.help_phone = "沈砚青", "6120 0199"
    tree.branch.save()
    make_article("支部写的文章", tree.branch)
    make_article("别处写的文章", tree.far)
    make_notice("支部的通知", tree.branch)
    make_notice("只给支部的通知", tree.branch, audience=Audience.SUBTREE)
    page = make_unit_page("我们支部", tree.branch, body=[("text", "<p>每月初三见面。</p>")])
    answer = client.get(page.get_url()).content.decode()
    for said in ("每月初三见面", "支部写的文章", "支部的通知", "沈砚青", 'href="tel:61200199"'):
        assert said in answer
    for unsaid in ("别处写的文章", "只给支部的通知"):
        assert unsaid not in answer
    client.force_login(make_person(tree.branch))
    assert "只给支部的通知" in client.get(page.get_url()).content.decode()


def test_a_unit_without_a_telephone_names_the_next_one_above_that_has_one(client, tree):
    tree.east.help_phone = "6120 0142"
    tree.east.save()
    page = make_unit_page("我们支部", tree.branch)
    assert "6120 0142" in client.get(page.get_url()).content.decode()


def test_an_empty_unit_page_says_what_to_do(client, tree):
    assert "这里还没有发布内容" in client.get(make_unit_page("我们支部", tree.branch).get_url()).content.decode()
