"""Reminders from the board: to whoever still has something to go, never to who studies on paper, once a week."""

import inspect
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.completion.actions import publish_plan
from learning.completion.standing import Standing, plan_standing
from learning.plans.actions import make_plan
from learning.reminders.actions import remind
from learning.reminders.due import why_not_asked
from learning.reminders.queries import reminder_of
from learning.reminders.wording import group_text
from members.accounts.models import StudyWay
from members.audit.models import AuditEvent
from members.messages.actions import mute
from members.messages.models import Message
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.learning.makers import Viewing, make_course, make_lesson

NOW = timezone.now()


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def organiser(tree):
    user = make_leader(tree.east, Role.ORGANISER)
    user.member.affiliations.all().delete()
    return user


@pytest.fixture
def people(tree):
    return {
        "doing": make_person(tree.branch, name="卞春和"),
        "todo": make_person(tree.group, name="方静宜"),
        "done": make_person(tree.branch, name="安若谷"),
        "paper": make_person(tree.branch, name="耿长林", study_way=StudyWay.PAPER),
        "flexible": make_person(tree.sibling, name="顾文竹", flexible_study=True),
        "muted": make_person(tree.sibling, name="韩立夏"),
        "no_account": type("Nobody", (), {"member": make_member(tree.sibling, name="纪云帆")}),
        "far": make_person(tree.far, name="柯玉成"),
    }


@pytest.fixture
def plan(tree, people):
    course = make_course(tree.root)
    lessons = [make_lesson(tree.root, title=title, course=course, seconds=60) for title in ("第一课", "第二课")]
    today = timezone.localdate()
    days = {"starts_on": today - timedelta(days=30), "ends_on": today + timedelta(days=30)}
    plan = make_plan(title="年度计划", organisation=tree.root, items=lessons, **days)
    publish_plan(plan, now=NOW - timedelta(days=30))
    for lesson in lessons:
        Viewing(people["done"].member, lesson).watch(0, 60)
    Viewing(people["doing"].member, lessons[0]).watch(0, 60)
    mute(member=people["muted"].member, topic="study.plan", now=NOW)
    return plan


def reminders():
    """What reminds of a plan; news of study hours go their own way."""
    return Message.objects.filter(topic__startswith="study.plan")


def told() -> set[str]:
    return set(reminders().filter(state="sent").values_list("to__name", flat=True))


@given(st.lists(st.sampled_from(Standing), max_size=5), st.booleans(), st.booleans())
def test_nobody_is_asked_online_who_studies_otherwise_or_has_nothing_left(items, is_flexible, is_online):
    standing = plan_standing(items, is_flexible=is_flexible, is_online=is_online)
    is_asked = why_not_asked(standing) is None
    assert is_asked == (is_online and not is_flexible and any(item != Standing.DONE for item in items))


def test_each_gets_what_is_left_or_is_counted_with_the_reason(tree, plan, organiser):
    reminder = reminder_of(tree.east, plan, user=organiser, now=NOW)
    assert [(row.member.name, row.title) for row in reminder.recipients] == [
        ("卞春和", "还有 1 项要学"),
        ("方静宜", "还有 2 项要学"),
    ]
    assert "第二课" in reminder.recipients[0].text
    assert "第一课" not in reminder.recipients[0].text
    assert {group.reason: (group.number, group.names) for group in reminder.held} == {
        "nothing_left": (1, ["安若谷"]),
        "by_branch": (1, ["耿长林"]),
        "not_required": (1, ["顾文竹"]),
        "muted": (1, []),  # who switched reminders off is not named
        "no_account": (1, ["纪云帆"]),
    }


def test_pressing_twice_sends_once_and_the_week_after_again(tree, plan, organiser):
    assert remind(unit=tree.east, plan=plan, actor=organiser, now=NOW) == 2
    assert remind(unit=tree.east, plan=plan, actor=organiser, now=NOW + timedelta(minutes=1)) == 0
    assert remind(unit=tree.branch, plan=plan, actor=organiser, now=NOW + timedelta(days=6)) == 0
    assert told() == {"卞春和", "方静宜"}
    assert remind(unit=tree.east, plan=plan, actor=organiser, now=NOW + timedelta(days=7)) == 2
    assert reminders().count() == 4


def test_nobody_elsewhere_is_told_and_the_audit_log_knows_the_number(tree, plan, organiser):
    remind(unit=tree.east, plan=plan, actor=organiser, now=NOW)
    assert "柯玉成" not in told()
    event = AuditEvent.objects.get(action="reminders.sent")
    assert (event.actor, event.organisation, event.detail) == (organiser.pk, tree.east.code, {"people": 2})


def test_every_message_says_why_and_leads_to_the_study_page(tree, plan, organiser):
    remind(unit=tree.east, plan=plan, actor=organiser, now=NOW)
    for message in reminders():
        assert (message.why, message.link, message.sent_by) == ("您在学习计划“年度计划”里。", "/study/", organiser)


def test_after_the_period_it_says_that_it_can_still_be_studied(tree, plan, organiser):
    later = NOW + timedelta(days=60)
    reminder = reminder_of(tree.east, plan, user=organiser, now=later)
    assert "已过期限，可补学" in reminder.recipients[0].text
    assert "逾期" not in reminder.recipients[0].text


def test_the_text_for_a_group_knows_of_nobody(plan, people):
    assert list(inspect.signature(group_text).parameters) == ["plan", "today"]
    for today in (plan.starts_on, plan.ends_on + timedelta(days=1)):
        text = group_text(plan, today=today)
        assert not [name for each in people.values() if (name := each.member.name) in text]


# --- the page ---------------------------------------------------------------------------
def test_the_page_shows_who_gets_what_and_one_button_sends_it(client, tree, plan, organiser):
    client.force_login(organiser)
    address = f"/organise/{tree.east.code}/remind/?plan={plan.pk}"
    page = client.get(address).content.decode()
    assert "发给 2 人" in page
    assert "另有 5 人不发" in page
    assert "卞春和、方静宜" in page
    assert "韩立夏" not in page
    assert not reminders().exists()
    done = client.post(address, follow=True)
    assert "已发给 2 人" in done.content.decode()
    assert "没有再发" in client.post(address, follow=True).content.decode()
    assert reminders().count() == 2


def test_a_secretary_reminds_their_own_branch_alone(client, tree, plan):
    client.force_login(make_leader(tree.branch))
    assert client.post(f"/organise/{tree.branch.code}/remind/").status_code == 302
    assert client.post(f"/organise/{tree.sibling.code}/remind/").status_code == 404
    assert told() == {"卞春和", "方静宜"}


def test_far_leaders_members_and_wrong_plans_find_no_page(client, tree, plan, organiser):
    other = make_plan(title="别处", organisation=tree.west, starts_on=plan.starts_on, ends_on=plan.ends_on, items=[])
    publish_plan(other, now=NOW)
    client.force_login(organiser)
    for asked in (other.pk, 99999, "x"):
        assert client.get(f"/organise/{tree.east.code}/remind/", {"plan": asked}).status_code == 404
    for user in (make_leader(tree.west, Role.ORGANISER), make_leader(tree.far), make_person(tree.branch)):
        client.force_login(user)
        for ask in (client.get, client.post):
            assert ask(f"/organise/{tree.branch.code}/remind/").status_code == 404
    assert not reminders().exists()


def test_the_preview_asks_no_more_queries_for_more_people(tree, plan, organiser, django_assert_num_queries):
    reminder_of(tree.root, plan, user=organiser, now=NOW)  # reads the grants, once a request
    with django_assert_num_queries(5) as few:
        reminder_of(tree.root, plan, user=organiser, now=NOW)
    for _ in range(15):
        make_person(tree.branch)
    publish_plan(plan, now=NOW)
    with django_assert_num_queries(len(few)):
        assert len(reminder_of(tree.root, plan, user=organiser, now=NOW).recipients) == 17
