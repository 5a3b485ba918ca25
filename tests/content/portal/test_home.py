"""The front door as each visitor meets it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.courses.audience import Audience
from learning.courses.models import StudyItem
from learning.plans.actions import make_plan
from tests.content.portal.pages import link, make_article, make_notice, make_topic, make_unit_page
from tests.factories import make_account, make_editor, make_person, make_tree
from tests.learning.makers import make_lesson, make_portal

pytestmark = pytest.mark.django_db
HEADING = '<h2 id="unit">'


@pytest.fixture
def tree():
    return make_tree()


def home(client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_sees_what_is_public_and_the_way_in(client, tree):
    make_article("公开的文章", tree.root)
    make_article("给党员的文章", tree.root, audience=Audience.MEMBERS)
    make_topic("公开的专题", tree.root)
    make_topic("支部的专题", tree.branch, audience=Audience.SUBTREE)
    make_notice("公开的通知", tree.root)
    make_notice("给党员的通知", tree.root, audience=Audience.MEMBERS)
    answer = home(client)
    for said in ("公开的文章", "公开的专题", "公开的通知", "/accounts/login/", "/notices/", 'role="search"'):
        assert said in answer
    for unsaid in ("给党员的文章", "支部的专题", "给党员的通知"):
        assert unsaid not in answer


def test_a_member_sees_what_is_new_for_them(client, tree):
    make_article("给党员的文章", tree.root, audience=Audience.MEMBERS)
    make_article("别处支部的文章", tree.far, audience=Audience.SUBTREE)
    make_lesson(tree.root, title="把话听完整")
    make_topic("支部的专题", tree.branch, audience=Audience.SUBTREE)
    make_notice("别处支部的通知", tree.far, audience=Audience.SUBTREE)
    client.force_login(make_person(tree.branch))
    answer = home(client)
    for said in ("给党员的文章", "把话听完整", "支部的专题"):
        assert said in answer
    for unsaid in ("别处支部的文章", "别处支部的通知"):
        assert unsaid not in answer


def test_many_lessons_do_not_push_out_the_articles(client, tree):
    make_article("早些的文章", tree.root)
    for number in range(8):
        make_lesson(tree.root, title=f"新课 {number}", audience=Audience.PUBLIC)
    answer = home(client)
    assert "早些的文章" in answer
    assert answer.count(">新课 ") == 4


def test_what_is_owed_is_not_named_twice(client, tree):
    lesson = make_lesson(tree.root, title="把话听完整")
    member = make_person(tree.branch)
    today = timezone.localdate()
    plan = make_plan(title="学习计划", organisation=tree.root, starts_on=today, ends_on=today, items=[lesson])
    publish_plan(plan, now=timezone.now())
    client.force_login(member)
    assert home(client).count(">把话听完整<") == 1


def test_a_house_with_nothing_but_what_is_owed_is_not_called_empty(client, tree):
    page = make_article("给党员的文章", tree.root, audience=Audience.MEMBERS)
    member, today = make_person(tree.branch), timezone.localdate()
    items = StudyItem.objects.filter(page=page)
    plan = make_plan(title="学习计划", organisation=tree.root, starts_on=today, ends_on=today, items=items)
    publish_plan(plan, now=timezone.now())
    client.force_login(member)
    said = home(client)
    assert said.count(">给党员的文章<") == 1
    assert "这里还没有内容" not in said


def test_my_unit_is_the_nearest_one_that_has_a_page(client, tree):
    make_portal()
    client.force_login(make_person(tree.group))
    assert HEADING not in home(client)
    make_unit_page("街道的主页", tree.root)
    make_unit_page("别处的主页", tree.far)
    assert "街道的主页" in home(client)
    make_unit_page("支部的主页", tree.branch, audience=Audience.SUBTREE)
    answer = home(client)
    assert ("支部的主页" in answer, "街道的主页" in answer, "别处的主页" in answer) == (True, False, False)
    client.force_login(make_account())
    assert HEADING not in home(client), "staff who are no members belong nowhere"


def test_an_empty_house_says_what_to_do_first(client, tree):
    make_portal()
    assert "大部分内容登录以后才能看到" in home(client)
    client.force_login(make_person(tree.branch))
    assert "编辑发布以后，会出现在这里" in home(client)
    client.force_login(make_editor(tree.root))
    assert "/cms/" in home(client)


def test_the_front_door_costs_the_same_however_much_there_is(client, tree):
    make_unit_page("支部的主页", tree.branch)
    user = make_person(tree.branch)
    costs = []
    for _ in range(2):
        for number in range(4):
            make_article(f"文章 {number}", tree.root)
            make_lesson(tree.root, title=f"课 {number}")
            make_topic(f"专题 {number}", tree.root, picks=[link()])
            make_notice(f"通知 {number}", tree.root)
        client.force_login(user)
        home(client)
        with CaptureQueriesContext(connection) as asked:
            home(client)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 32, costs
