"""An organiser makes a plan: a draft that keeps everything, a look at whom it reaches, and then it goes out."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.completion.models import Enrolment
from learning.courses.actions import withdraw_item
from learning.courses.models import StudyItem
from learning.planning.actions import NotReady, send_plan
from learning.planning.items import ItemLine, in_order
from learning.planning.queries import choices_for, reach_of, studyable
from learning.plans.actions import make_plan
from learning.plans.models import StudyPlan
from members.accounts.models import MemberStatus, StudyWay
from members.audit.models import AuditEvent
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, make_course, make_lesson

FACTS = {"title": "年度计划", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def organiser(tree):
    return make_leader(tree.east, Role.ORGANISER)


@pytest.fixture
def course(tree):
    return make_course(tree.root, "听与记")


@pytest.fixture
def lessons(tree, course):
    return [make_lesson(tree.root, title=title, course=course, seconds=60) for title in ("第一课", "第二课")]


@pytest.fixture
def draft(tree, organiser):
    return make_plan(
        title="草稿",
        organisation=tree.east,
        starts_on=THIS_YEAR[0],
        ends_on=THIS_YEAR[1],
        items=[],
        made_by=organiser,
    )


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


def said(response) -> str:
    return response.content.decode()


def fill(client, plan: StudyPlan, **more):
    return client.post(f"/organise/plans/{plan.pk}/", {**FACTS, "organisation": plan.organisation.code, **more})


def titles(plan: StudyPlan) -> list[str]:
    return list(plan.items.values_list("item__title", flat=True))


# --- the draft ---------------------------------------------------------------------
def test_a_plan_begins_as_a_draft_of_ones_own_units(signed_in, tree, organiser):
    page = said(signed_in.get("/organise/plans/new/"))
    assert tree.branch.name in page
    assert tree.far.name not in page
    answer = signed_in.post("/organise/plans/new/", {**FACTS, "organisation": tree.branch.code})
    plan = StudyPlan.objects.get()
    assert answer.url == f"/organise/plans/{plan.pk}/"
    assert (plan.organisation, plan.made_by, plan.published_at) == (tree.branch, organiser, None)


def test_pressing_twice_begins_one_draft(signed_in, tree):
    addresses = {signed_in.post("/organise/plans/new/", {**FACTS, "organisation": tree.east.code}).url for _ in "ab"}
    assert (len(addresses), StudyPlan.objects.count()) == (1, 1)


def test_a_draft_that_is_not_needed_goes_and_a_plan_that_is_out_stays(signed_in, draft, lessons, organiser):
    fill(signed_in, draft, add=f"i{lessons[0].pk}")
    other = make_plan(
        title="已发出", organisation=draft.organisation, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=lessons
    )
    send_plan(plan=other, actor=organiser, now=NOON)
    for plan in (draft, other):
        signed_in.post(f"/organise/plans/{plan.pk}/discard/")
    assert list(StudyPlan.objects.all()) == [other]
    assert other.items.count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "请写计划名称"),
        ({"starts_on": "someday"}, "这不是日期"),
        ({"ends_on": "2025-12-31"}, "结束日期不能早于开始日期"),
        ({"organisation": "NOWHERE"}, "请选一个您管理的党组织"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(signed_in, tree, wrong, sentence):
    typed = {**FACTS, "title": "很长的名称", "organisation": tree.branch.code, **wrong}
    page = said(signed_in.post("/organise/plans/new/", typed))
    assert sentence in page
    assert f'value="{typed["title"]}"' in page or not typed["title"]
    assert not StudyPlan.objects.exists()


def test_nobody_makes_a_plan_for_units_elsewhere(signed_in, tree):
    for unit in (tree.far, tree.root):
        signed_in.post("/organise/plans/new/", {**FACTS, "organisation": unit.code})
    assert not StudyPlan.objects.exists()


def test_a_course_comes_in_as_its_lessons_and_a_lesson_alone(signed_in, draft, course, lessons, tree):
    other = make_lesson(tree.root, title="别的课")
    fill(signed_in, draft, add=[f"i{other.pk}", f"c{course.pk}"])
    assert titles(draft) == ["别的课", "第一课", "第二课"]


def test_ticking_a_course_and_its_lesson_puts_the_lesson_in_once(signed_in, draft, course, lessons):
    fill(signed_in, draft, add=[f"c{course.pk}", f"i{lessons[1].pk}", "i", "c", "x9", "i99999", "c99999"])
    assert titles(draft) == ["第一课", "第二课"]


def test_order_last_days_and_what_is_taken_out_are_kept(signed_in, draft, lessons, tree):
    third = make_lesson(tree.root, title="第三课")
    one, two = lessons
    fill(signed_in, draft, add=[f"i{one.pk}", f"i{two.pk}", f"i{third.pk}"])
    placed = {f"order_{one.pk}": "9", f"order_{two.pk}": "", f"due_{two.pk}": "2026-06-30", "drop": str(third.pk)}
    fill(signed_in, draft, **placed)
    assert list(draft.items.values_list("item__title", "due_on")) == [("第二课", date(2026, 6, 30)), ("第一课", None)]


@pytest.mark.parametrize("due", ["2027-01-01", "2026-02-31", "tomorrow"])
def test_a_last_day_outside_the_period_is_refused_with_everything_kept_on_the_page(signed_in, draft, lessons, due):
    one, two = lessons
    fill(signed_in, draft, add=f"i{one.pk}")
    page = said(fill(signed_in, draft, title="改了的名称", add=f"i{two.pk}", **{f"due_{one.pk}": due}))
    assert "改了的名称" in page
    assert f'value="{due}"' in page
    assert f'name="item" value="{two.pk}"' in page
    assert titles(draft) == ["第一课"]


def test_finding_keeps_what_was_typed_and_shows_what_has_the_words(signed_in, draft, lessons, tree):
    make_lesson(tree.root, title="调解的学问", course=make_course(tree.root, "邻里"))
    answer = fill(signed_in, draft, title="查找时的名称", add=f"i{lessons[0].pk}", q="邻里", find="1")
    page = said(signed_in.get(answer.url.partition("#")[0]))
    assert "查找时的名称" in page
    assert "调解的学问" in page
    assert titles(draft) == ["第一课"]
    assert [group.title for group in choices_for(draft.organisation, asked="邻里").courses] == ["邻里"]


def test_only_what_all_members_of_the_plan_can_study_can_be_put_in(tree, draft, lessons):
    narrow = make_lesson(tree.branch, title="只给一个支部", audience="subtree")
    above = make_lesson(tree.root, title="上级的", audience="subtree")
    activity = StudyItem.objects.create(
        kind="activity",
        title="一次活动",
        organisation=tree.root,
        audience="members",
        hours_category="group",
        completion_rule="covered",
        published_at=NOON,
    )
    found = studyable(tree.east)
    assert above in found
    assert not {narrow, activity} & set(found)
    assert narrow in studyable(tree.group)


def test_choosing_asks_no_more_queries_for_more_there_is(
    signed_in, draft, lessons, tree, course, django_assert_num_queries
):
    signed_in.get(f"/organise/plans/{draft.pk}/")
    with django_assert_num_queries(11) as few:
        signed_in.get(f"/organise/plans/{draft.pk}/")
    for number in range(6):
        make_lesson(tree.root, title=f"又一课 {number}", course=course)
    with django_assert_num_queries(len(few)):
        signed_in.get(f"/organise/plans/{draft.pk}/")


@given(st.lists(st.tuples(st.text("0123456789x ", max_size=7), st.booleans()), max_size=12))
def test_the_order_typed_is_an_order_of_exactly_what_stays(typed):
    lines = [
        ItemLine(StudyItem(pk=place), order=order, due="", is_dropped=is_dropped)
        for place, (order, is_dropped) in enumerate(typed)
    ]
    kept = in_order(lines)
    assert sorted(line.item.pk for line in kept) == [line.item.pk for line in lines if not line.is_dropped]
    numbered = [int(line.order) for line in kept if line.order.isdecimal() and len(line.order) < 6]
    if len(numbered) == len(kept):
        assert numbered == sorted(numbered)


# --- sending it out ------------------------------------------------------------------
@pytest.fixture
def people(tree, organiser):
    organiser.member.affiliations.all().delete()
    make_person(tree.branch)
    make_member(tree.group, study_way=StudyWay.PAPER)
    make_member(tree.sibling, flexible_study=True, study_way=StudyWay.GROUP)
    make_member(tree.sibling, status=MemberStatus.ACTIVIST)
    make_member(tree.far)


def test_before_it_goes_out_it_says_to_how_many(signed_in, draft, lessons, people):
    answer = fill(signed_in, draft, add=f"i{lessons[0].pk}", publish="1")
    page = said(signed_in.get(answer.url))
    assert "把计划发给 3 人" in page
    reach = reach_of(draft, today=timezone.localdate())
    assert (reach.members, reach.by_branch, reach.not_required) == (3, 1, 1)
    assert not Enrolment.objects.exists()


def test_it_goes_out_once_however_often_it_is_pressed(signed_in, draft, lessons, people, tree, organiser):
    fill(signed_in, draft, add=f"i{lessons[0].pk}")
    for _ in range(2):
        answer = signed_in.post(f"/organise/plans/{draft.pk}/publish/")
        assert answer.url == f"/organise/{tree.east.code}/?plan={draft.pk}"
        make_member(tree.branch)  # who is there at the second press joins by the register, not by the button
    assert Enrolment.objects.count() == 3
    event = AuditEvent.objects.get(action="plan.published")
    assert (event.actor, event.organisation, event.detail) == (organiser.pk, tree.east.code, {"people": 3})


def test_the_number_asked_is_the_number_told(signed_in, draft, lessons, people):
    fill(signed_in, draft, add=f"i{lessons[0].pk}")
    assert "计划已发给 3 人" in said(signed_in.post(f"/organise/plans/{draft.pk}/publish/", follow=True))


def test_an_empty_plan_or_one_with_what_nobody_can_study_does_not_go_out(signed_in, draft, lessons, organiser):
    assert "还没有要学的内容" in said(signed_in.post(f"/organise/plans/{draft.pk}/publish/", follow=True))
    fill(signed_in, draft, add=f"i{lessons[0].pk}")
    withdraw_item(lessons[0].page.specific, now=NOON)
    page = said(signed_in.post(f"/organise/plans/{draft.pk}/publish/", follow=True))
    assert "第一课" in page
    assert "请先从计划里去掉" in page
    with pytest.raises(NotReady):
        send_plan(plan=draft, actor=organiser, now=NOON)
    assert not Enrolment.objects.exists()


# --- who sees it ---------------------------------------------------------------------
def test_plans_stand_by_their_state(signed_in, tree, organiser, draft):
    today = timezone.localdate()
    for title, first, last in (("今年", -10, 10), ("去年", -300, -200)):
        days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
        plan = make_plan(title=title, organisation=tree.east, items=[], **days)
        StudyPlan.objects.filter(pk=plan.pk).update(published_at=NOON)
    page = said(signed_in.get("/organise/plans/"))
    places = [page.index(word) for word in (">草稿<", "进行中", ">今年<", "已结束", ">去年<")]
    assert places == sorted(places)


def test_a_plan_from_above_is_shown_and_not_changed(signed_in, tree, lessons):
    above = make_plan(
        title="上级的计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=lessons
    )
    assert signed_in.get(f"/organise/plans/{above.pk}/").status_code == 404  # a draft is nobody else's
    StudyPlan.objects.filter(pk=above.pk).update(published_at=NOON)
    assert "上级下发" in said(signed_in.get(f"/organise/plans/{above.pk}/"))
    signed_in.post(f"/organise/plans/{above.pk}/", FACTS)
    above.refresh_from_db()
    assert above.title == "上级的计划"
    assert signed_in.get(f"/organise/plans/{above.pk}/publish/").status_code == 404


def test_far_organisers_secretaries_and_members_find_no_plan(client, draft, tree):
    people = (make_leader(tree.west, Role.ORGANISER), make_leader(tree.east), make_person(tree.branch))
    for user in people:
        client.force_login(user)
        for rest in ("", "publish/"):
            assert client.get(f"/organise/plans/{draft.pk}/{rest}").status_code == 404
            assert client.post(f"/organise/plans/{draft.pk}/{rest}", FACTS).status_code == 404
    draft.refresh_from_db()
    assert (draft.title, draft.published_at) == ("草稿", None)


def test_the_list_asks_no_more_queries_for_more_plans(signed_in, tree, draft, django_assert_num_queries):
    signed_in.get("/organise/plans/")
    with django_assert_num_queries(5) as few:
        signed_in.get("/organise/plans/")
    for number in range(10):
        make_plan(title=f"{number}", organisation=tree.branch, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[])
    with django_assert_num_queries(len(few)):
        signed_in.get("/organise/plans/")
