"""A plan that is out is changed after a look at what that does to whom; templates, copies and the next year."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.completion.actions import publish_plan
from learning.completion.models import Completion, Enrolment
from learning.completion.recount import wrong_tallies
from learning.hours.models import HoursEntry
from learning.planning.actions import ChangedMeanwhile, PlanIsOver, change_plan, draft_next_year
from learning.planning.effects import touched_by
from learning.plans.actions import (
    NobodyNamed,
    PlanIsOut,
    begin_draft,
    change_draft,
    copy_plan,
    keep_template,
    make_plan,
    repeat_plan,
    take_over_plans,
)
from learning.plans.dates import a_year_later, moved_to, within
from learning.plans.models import StudyPlan
from learning.plans.shape import ItemShape, LineShape, give_shape, shape_of
from learning.progress.models import Progress
from members.accounts.models import MemberStatus
from members.audit.models import AuditEvent
from members.messages.models import Message
from members.organisation.kinds import PostKind
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.learning.makers import Viewing, make_course, make_lesson
from tests.learning.plan_makers import FULL, MOBILE, PROBATIONARY, crowd, post_line

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = timezone.now()
PERIOD = {"starts_on": TODAY - timedelta(days=40), "ends_on": TODAY + timedelta(days=40)}


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def organiser(tree):
    user = make_leader(tree.east, Role.ORGANISER)
    user.member.affiliations.all().delete()
    return user


@pytest.fixture
def lessons(tree):
    course = make_course(tree.root)
    return [make_lesson(tree.root, title=title, course=course, seconds=60) for title in ("第一课", "第二课", "第三课")]


@pytest.fixture
def plan(tree, lessons, organiser):
    plan = make_plan(title="全年计划", organisation=tree.east, items=lessons[:2], made_by=organiser, **PERIOD)
    publish_plan(plan, now=NOW)
    return plan


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


def said(response) -> str:
    return response.content.decode()


def typed(plan, **more) -> dict:
    """What the editor of a plan sends when nothing was touched, but for `more`."""
    shape = shape_of(plan)
    fields = {
        "title": shape.title,
        "organisation": plan.organisation.code,
        "starts_on": str(shape.starts_on),
        "ends_on": str(shape.ends_on),
        "item": [str(each.item_id) for each in shape.items],
        "with": [line.member_id for line in shape.audience if line.member_id and not line.is_exception],
        "without": [line.member_id for line in shape.audience if line.member_id and line.is_exception],
    }
    return fields | more


def post(client, plan, **more):
    return client.post(f"/organise/plans/{plan.pk}/change/", typed(plan, **more))


def in_plan(plan) -> set[int]:
    return set(Enrolment.objects.filter(plan=plan, left_on=None).values_list("member_id", flat=True))


# --- the page before, and the change ------------------------------------------------------
def test_the_page_before_says_what_the_change_does_to_whom_and_saves_nothing(signed_in, plan, tree, lessons):
    studied, probationary = make_person(tree.branch, name="学过的人").member, None
    publish_plan(plan, now=NOW)
    probationary = make_member(tree.sibling, name="预备的人", status=MemberStatus.PROBATIONARY)
    publish_plan(plan, now=NOW)
    Viewing(studied, lessons[0], at=NOW).watch(0, 60)
    before = shape_of(plan), in_plan(plan), list(Completion.objects.order_by("pk").values())
    page = said(post(signed_in, plan, title="新的名称", drop=[lessons[0].pk], status=["full"]))
    for sentence in (
        "名称改为“新的名称”",
        "对象由“全体党员”改为“正式党员”",
        "1 人不再在计划里",
        "去掉“第一课”；有 1 人学过，记录和学时都保留",
        "1 人从“正在学”变为“还没开始”",
        "学过“第一课”",
        "预备的人",
    ):
        assert sentence in page
    plan.refresh_from_db()
    assert (shape_of(plan), in_plan(plan), list(Completion.objects.order_by("pk").values())) == before
    assert in_plan(plan) == {studied.pk, probationary.pk}
    confirm = re.search(r'name="confirm" value="(\w+)"', page)[1]
    post(signed_in, plan, title="新的名称", drop=[lessons[0].pk], status=["full"], confirm=confirm)
    plan.refresh_from_db()
    assert plan.title == "新的名称"
    assert in_plan(plan) == {studied.pk}
    assert Progress.objects.get(member=studied).is_completed
    assert HoursEntry.objects.filter(member=studied).exists()
    detail = AuditEvent.objects.get(action="plan.changed").detail
    assert (detail["before"]["title"], detail["after"]["title"]) == ("全年计划", "新的名称")
    assert detail["people"] == {"joined": 0, "left": 1, "changed": 1}
    assert not wrong_tallies()


def test_a_plan_that_somebody_else_changed_meanwhile_is_shown_again_and_not_overwritten(signed_in, plan, organiser):
    page = said(post(signed_in, plan, title="我的名称"))
    confirm = re.search(r'name="confirm" value="(\w+)"', page)[1]
    give_shape(plan, replace(shape_of(plan), title="别人的名称"))
    again = said(post(signed_in, plan, title="我的名称", confirm=confirm))
    assert "刚才有别人改过这个计划" in again
    plan.refresh_from_db()
    assert plan.title == "别人的名称"
    confirm = re.search(r'name="confirm" value="(\w+)"', again)[1]
    assert post(signed_in, plan, title="我的名称", confirm=confirm).status_code == 302
    assert post(signed_in, plan, title="我的名称", confirm=confirm).status_code == 302  # pressed twice is pressed once
    plan.refresh_from_db()
    assert (plan.title, AuditEvent.objects.filter(action="plan.changed").count()) == ("我的名称", 1)


def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(signed_in, plan, lessons):
    key = lessons[0].pk
    wrong = {f"opens_{key}": str(TODAY), f"due_{key}": str(TODAY - timedelta(days=1)), "title": "写了一半"}
    answer = post(signed_in, plan, add=[f"i{lessons[2].pk}"], **wrong)
    page = said(answer)
    assert answer.status_code == 422
    assert "结束日期不能早于开始日期" in page or "最后一天早于第一天" in page or "日期" in page
    assert 'value="写了一半"' in page
    assert f'name="item" value="{lessons[2].pk}"' in page
    assert post(signed_in, plan, ends_on="2020-01-01").status_code == 422
    assert post(signed_in, plan, drop=[each.pk for each in lessons]).status_code == 422


def test_finding_people_saves_nothing_and_keeps_what_is_ticked(signed_in, plan, tree):
    one, two = (make_member(tree.branch, name="李春") for _ in "ab")
    make_member(tree.far, name="李春")
    page = said(post(signed_in, plan, title="还没保存", who="李春", find_people="1", without=[one.pk]))
    assert 'value="还没保存"' in page
    assert f"尾号 {two.number[-2:]}" in page
    assert page.count('name="with"') == 1, "who is named already and who belongs elsewhere is not offered"
    assert f'name="without" value="{one.pk}" checked' in page
    plan.refresh_from_db()
    assert plan.title == "全年计划"


def test_nobody_from_elsewhere_can_be_named_and_no_strange_value_is_taken(signed_in, plan, tree):
    far = make_member(tree.far)
    strange = {
        "with": [far.pk, "x", "9" * 30],
        "unit_out": [tree.far.pk, "y"],
        "post": ["king"],
        "status": ["activist"],
    }
    page = said(post(signed_in, plan, **strange))
    assert "还没有改动" in page
    assert far.name not in page


def test_where_somebody_went_who_was_named_here_is_not_told(signed_in, plan, tree):
    member = make_member(tree.far, name="走远的人")
    give_shape(plan, replace(shape_of(plan), audience=frozenset({LineShape.person(member.pk)})))
    page = said(signed_in.get(f"/organise/plans/{plan.pk}/change/"))
    assert "走远的人" in page
    assert "现在不在这里了" in page
    assert tree.far.name not in page


def test_a_plan_that_is_over_stands_as_it_is(signed_in, plan, organiser):
    StudyPlan.objects.filter(pk=plan.pk).update(ends_on=TODAY - timedelta(days=1))
    plan.refresh_from_db()
    assert post(signed_in, plan, title="晚了").url == f"/organise/plans/{plan.pk}/"
    assert signed_in.get(f"/organise/plans/{plan.pk}/change/").status_code == 302
    with pytest.raises(PlanIsOver):
        change_plan(plan=plan, shape=replace(shape_of(plan), title="晚了"), seen="", actor=organiser, now=NOW)


def test_only_its_organisers_change_a_plan_or_look_who_is_in_it(client, plan, tree, organiser):
    for user in (make_leader(tree.west, Role.ORGANISER), make_leader(tree.east), make_person(tree.branch)):
        client.force_login(user)
        for rest in ("change/", "people/", "copy/"):
            assert client.get(f"/organise/plans/{plan.pk}/{rest}").status_code == 404
        for rest in ("change/", "template/", "copy/", "repeat/"):
            assert client.post(f"/organise/plans/{plan.pk}/{rest}", typed(plan)).status_code == 404
    assert StudyPlan.objects.count() == 1


def test_a_draft_is_changed_only_as_long_as_it_is_one(plan):
    with pytest.raises(PlanIsOut):
        change_draft(plan=plan, shape=replace(shape_of(plan), title="x"))


@pytest.fixture
def world(plan, tree, lessons):
    """People of all kinds in the plan, some of whom have studied something before it began, or since."""
    people = crowd(tree)
    online = [make_person(tree.branch).member, make_person(tree.sibling, status=MemberStatus.PROBATIONARY).member]
    Viewing(online[0], lessons[0], at=NOW - timedelta(days=90)).watch(0, 60)
    Viewing(online[1], lessons[2], at=NOW - timedelta(days=90)).watch(0, 60)
    publish_plan(plan, now=NOW)
    Viewing(online[0], lessons[1], at=NOW).watch(0, 60)
    Viewing(online[1], lessons[0], at=NOW).watch(0, 30)
    return people | {"online": online[0], "late": online[1]}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_the_page_before_says_is_what_then_happens(data, world, plan, tree, lessons, organiser):
    named = st.sampled_from(sorted(world)).map(lambda name: LineShape.person(world[name].pk))
    lines = st.one_of(st.sampled_from([FULL, PROBATIONARY, MOBILE, post_line(PostKind.SECRETARY)]), named)
    items = st.lists(st.sampled_from(lessons), unique=True, min_size=1)
    shape = replace(
        shape_of(StudyPlan.objects.get(pk=plan.pk)),
        counts_earlier=data.draw(st.booleans()),
        organisation_id=data.draw(st.sampled_from([tree.east.pk, tree.branch.pk])),
        items=tuple(ItemShape(each.pk, data.draw(st.booleans())) for each in data.draw(items)),
        audience=frozenset(data.draw(st.frozensets(lines, max_size=3))),
    )
    touched = touched_by(plan, shape, now=NOW)
    assert shape_of(StudyPlan.objects.get(pk=plan.pk)) == touched.before
    aligned = change_plan(plan=plan, shape=shape, seen=touched.before.fingerprint, actor=organiser, now=NOW)
    assert aligned == touched.aligned
    rows = Enrolment.objects.filter(plan=plan, left_on=None).values_list("member_id", "standing", "items_done")
    assert {pk: (standing, done) for pk, standing, done in rows} == touched.becomes
    assert shape_of(StudyPlan.objects.get(pk=plan.pk)) == shape
    assert touched_by(plan, shape, now=NOW).everybody == set(), "the same again does nothing"
    assert not wrong_tallies()
    with pytest.raises(ChangedMeanwhile):
        change_plan(plan=plan, shape=replace(shape, title="y"), seen="other", actor=organiser, now=NOW)


def test_the_page_before_costs_no_more_for_more_people(signed_in, plan, tree, django_assert_max_num_queries):
    change = {"status": ["probationary"]}
    make_member(tree.branch)
    publish_plan(plan, now=NOW)
    post(signed_in, plan, **change)
    with django_assert_max_num_queries(60) as few:
        post(signed_in, plan, **change)
    for _ in range(8):
        make_member(tree.group)
    publish_plan(plan, now=NOW)
    with django_assert_max_num_queries(len(few)):
        post(signed_in, plan, **change)


# --- who is in it, and why ---------------------------------------------------------------
def test_the_list_of_people_says_why_and_why_not(signed_in, plan, tree, django_assert_max_num_queries):
    people = crowd(tree)
    lines = {MOBILE, LineShape.person(people["full"].pk), LineShape.without_unit(tree.group.pk)}
    give_shape(plan, replace(shape_of(plan), audience=frozenset(lines)))
    page = said(signed_in.get(f"/organise/plans/{plan.pk}/people/"))
    assert "计划里有 2 人" in page
    assert f"在{tree.branch.name}，正式党员，点名加入" in page
    assert f"在{tree.sibling.name}，正式党员，已登记外出" in page
    with django_assert_max_num_queries(24):
        out = said(signed_in.get(f"/organise/plans/{plan.pk}/people/?who=out"))
    for reason in ("例外：所在党组织", "不计入党员人数", "不在所选对象里"):
        assert reason in out
    assert AuditEvent.objects.filter(action="plan.people_seen").count() == 2


# --- templates, copies, the next year ------------------------------------------------------
def test_a_template_is_kept_once_and_plans_begin_from_it(signed_in, plan, tree, lessons):
    give_shape(plan, replace(shape_of(plan), items=(ItemShape(lessons[0].pk, due_on=TODAY),), is_in_order=True))
    for _ in "ab":
        signed_in.post(f"/organise/plans/{plan.pk}/template/")
    template = StudyPlan.objects.templates().get()
    start = PERIOD["starts_on"] + timedelta(days=14)
    facts = {"title": "从模板来", "organisation": tree.branch.code, "template": template.pk}
    days = {"starts_on": str(start), "ends_on": str(PERIOD["ends_on"])}
    addresses = {signed_in.post("/organise/plans/new/", facts | days).url for _ in "ab"}
    draft = StudyPlan.objects.get(title="从模板来")
    assert addresses == {f"/organise/plans/{draft.pk}/"}
    assert (draft.is_in_order, draft.is_template, draft.organisation) == (True, False, tree.branch)
    assert draft.items.get().due_on == TODAY + timedelta(days=14)
    assert "模板" in said(signed_in.get("/organise/plans/"))
    assert signed_in.get(f"/organise/plans/{template.pk}/publish/").status_code == 404
    signed_in.post(f"/organise/plans/{template.pk}/discard/")
    assert not StudyPlan.objects.templates().exists()


def test_a_template_that_names_only_others_begins_no_plan_for_everybody(signed_in, plan, tree):
    somebody = make_member(tree.sibling)
    give_shape(plan, replace(shape_of(plan), audience=frozenset({LineShape.person(somebody.pk)})))
    template = keep_template(plan=plan, made_by=None)
    facts = {"title": "新", "organisation": tree.branch, **PERIOD, "made_by": None, "template": template}
    with pytest.raises(NobodyNamed):
        begin_draft(**facts)
    days = {name: str(day) for name, day in PERIOD.items()}
    answer = signed_in.post(
        "/organise/plans/new/", {"title": "新", "organisation": tree.branch.code, "template": template.pk, **days}
    )
    assert "他们都不在这个党组织" in said(answer)


def test_a_copy_goes_to_each_unit_once_as_a_draft_of_its_own(signed_in, client, plan, tree, organiser):
    here, elsewhere = make_member(tree.branch), make_member(tree.sibling)
    named = {LineShape.person(here.pk), LineShape.person(elsewhere.pk), LineShape.without_unit(tree.group.pk)}
    give_shape(plan, replace(shape_of(plan), audience=frozenset(named)))
    address = f"/organise/plans/{plan.pk}/copy/"
    assert signed_in.post(address).status_code == 422
    for _ in "ab":
        signed_in.post(address, {"unit": [tree.branch.code, tree.far.code, tree.root.code]})
    copy = StudyPlan.objects.get(copied_from=plan)
    assert (copy.organisation, copy.published_at) == (tree.branch, None)
    assert shape_of(copy).audience == {LineShape.person(here.pk), LineShape.without_unit(tree.group.pk)}
    assert "已经有了" in said(signed_in.get(address))
    assert not copy_plan(plan=plan, units=[tree.group], made_by=organiser), "nobody who is named belongs there"
    client.force_login(make_leader(tree.branch, Role.ORGANISER))
    assert f"/organise/plans/{copy.pk}/" in said(client.get("/organise/plans/"))


def test_a_merged_unit_brings_its_copy_along_though_the_other_has_one_too(plan, tree, organiser):
    copy_plan(plan=plan, units=[tree.branch, tree.sibling], made_by=organiser)
    take_over_plans(before=tree.branch, after=tree.sibling, now=NOW)
    assert StudyPlan.objects.filter(organisation=tree.sibling).count() == 2


def test_the_next_year_is_a_draft_with_every_day_a_year_later_and_made_once(plan, tree, lessons, organiser):
    leap = (date(2028, 2, 29), date(2028, 12, 31))
    items = (ItemShape(lessons[0].pk, opens_on=leap[0], due_on=date(2028, 3, 1)), ItemShape(lessons[1].pk, False))
    year = {"title": "2028 年学习计划", "starts_on": leap[0], "ends_on": leap[1]}
    give_shape(plan, replace(shape_of(plan), items=items, **year))
    before = shape_of(StudyPlan.objects.get(pk=plan.pk)), in_plan(plan)
    draft, is_new = repeat_plan(plan=plan, made_by=organiser)
    assert is_new
    assert repeat_plan(plan=plan, made_by=organiser) == (draft, False)
    assert (draft.title, draft.starts_on, draft.ends_on) == ("2029 年学习计划", date(2029, 2, 28), date(2029, 12, 31))
    assert [(each.opens_on, each.due_on, each.is_required) for each in draft.items.all()] == [
        (date(2029, 2, 28), date(2029, 3, 1), True),
        (None, None, False),
    ]
    assert (draft.published_at, draft.repeats) == (None, plan)
    assert (shape_of(StudyPlan.objects.get(pk=plan.pk)), in_plan(plan)) == before, "the old year stays as it is"


def test_in_december_the_draft_is_made_and_its_organiser_told_and_nothing_goes_out(plan, tree, organiser):
    organiser.member.affiliations.create(organisation=tree.east, since=NOW)
    december = NOW.replace(year=2026, month=12, day=1)
    year = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "is_yearly": True}
    give_shape(plan, replace(shape_of(plan), **year))
    assert draft_next_year(now=december - timedelta(days=10)) == 0
    assert [draft_next_year(now=december) for _ in "ab"] == [1, 0]
    draft = StudyPlan.objects.get(repeats=plan)
    assert (draft.published_at, draft.is_yearly, draft.starts_on) == (None, True, date(2027, 1, 1))
    assert Message.objects.get(to=organiser.member).link == f"/organise/plans/{draft.pk}/"


days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(days, days, days)
def test_days_keep_their_order_when_they_move_and_stay_within_the_period(one, two, start):
    first, second = sorted([one, two])
    for move in (a_year_later, moved_to(start, first)):
        assert move(first) <= move(second)
    assert moved_to(first, first)(second) == second
    assert a_year_later(first).year == first.year + 1
    assert first <= within(start, first, second) <= second
