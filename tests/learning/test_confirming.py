"""A leader's word: it completes like own study, says everywhere that it is a leader's word, and can be taken back."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.completion.models import Completion
from learning.completion.recount import wrong_tallies
from learning.courses.models import ItemKind, StudyItem
from learning.hours.checking import check_hours
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.progress.models import Confirmation, PastMark, Progress
from learning.study.actions import confirm_by_hand, withdraw_confirmation
from learning.study.again import study_again
from learning.study.confirming import NotConfirmed
from learning.study.forgetting import drop_detail
from members.audit.models import AuditEvent
from members.messages.models import Message
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, Viewing, make_lesson
from tests.learning.quiz_makers import make_quiz, take

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def secretary(tree):
    return make_leader(tree.branch)


@pytest.fixture
def member(tree):
    return make_person(tree.branch, name="沈青禾").member


@pytest.fixture
def item(tree):
    return make_lesson(tree.root, seconds=100)


@pytest.fixture
def plan(tree, item, member):
    year = timezone.localdate().year
    days = [day.replace(year=year) for day in THIS_YEAR]
    plan = make_plan(title="计划", organisation=tree.root, starts_on=days[0], ends_on=days[1], items=[item])
    publish_plan(plan, now=NOON)
    return plan


def confirmed(member, item, by, *, now=NOON):
    return confirm_by_hand(member=member, item=item, reason="在支部一起看过", by=by, now=now)


def withdrawn(confirmation, by, *, now=LATER) -> bool:
    return withdraw_confirmation(confirmation=confirmation, reason="记错了人", by=by, now=now)


def hours(member) -> Decimal:
    return HoursEntry.objects.filter(member=member).aggregate(sum=Sum("hours"))["sum"] or Decimal(0)


def standing(member) -> str:
    return Completion.objects.get(enrolment__member=member).standing


def standing_in(plan) -> str:
    return Completion.objects.get(enrolment__plan=plan, enrolment__member__name="沈青禾").standing


# --- confirming ---------------------------------------------------------------------------
def test_a_confirmation_completes_pays_once_closes_the_plan_item_and_is_told(member, item, plan, secretary):
    confirmation = confirmed(member, item, secretary)
    progress = Progress.objects.get(member=member, item=item)
    assert progress.is_completed
    assert progress.evidence == {"how": "by_hand", "confirmation": confirmation.pk}
    assert (hours(member), standing(member)) == (Decimal("0.25"), "done")
    event = AuditEvent.objects.get(action="study.confirmed")
    assert (event.actor, event.object_id) == (secretary.pk, str(confirmation.pk))
    message = Message.objects.get(to=member, topic__startswith="study.confirmation")
    assert "在支部一起看过" in message.text
    assert wrong_tallies() == []


def test_what_is_studied_already_is_not_confirmed(member, item, secretary):
    Viewing(member, item).watch(0, 100)
    with pytest.raises(NotConfirmed):
        confirmed(member, item, secretary)
    assert not Confirmation.objects.exists()
    assert hours(member) == Decimal("0.25")


def test_confirming_twice_stands_once(member, item, secretary):
    confirmed(member, item, secretary)
    with pytest.raises(NotConfirmed):
        confirmed(member, item, secretary)
    assert Confirmation.objects.count() == 1


def test_nobody_confirms_for_themselves(item, secretary):
    with pytest.raises(NotConfirmed):
        confirmed(secretary.member, item, secretary)
    assert not Progress.objects.exists()


# --- taking it back -----------------------------------------------------------------------
def test_taking_it_back_takes_the_mark_and_its_hours_and_leaves_nothing_begun(member, item, plan, secretary):
    confirmation = confirmed(member, item, secretary)
    assert withdrawn(confirmation, secretary)
    assert not Progress.objects.filter(member=member).exists()
    assert (hours(member), standing(member)) == (Decimal(0), "todo")
    assert [line.hours for line in HoursEntry.objects.order_by("pk")] == [Decimal("0.25"), Decimal("-0.25")]
    assert Message.objects.filter(to=member, topic__startswith="study.confirmation").count() == 2
    assert wrong_tallies() == []


def test_taking_it_back_twice_changes_nothing(member, item, secretary):
    confirmation = confirmed(member, item, secretary)
    assert withdrawn(confirmation, secretary)
    assert not withdrawn(confirmation, secretary, now=LATER + timedelta(days=1))
    assert HoursEntry.objects.count() == 2
    assert Message.objects.filter(to=member, topic__startswith="study.confirmation").count() == 2


def test_what_was_seen_before_the_confirmation_stays_seen_after_it(member, item, plan, secretary):
    viewing = Viewing(member, item)
    viewing.watch(0, 60)
    confirmation = confirmed(member, item, secretary, now=viewing.now)
    assert withdrawn(confirmation, secretary)
    progress = Progress.objects.get(member=member)
    assert (progress.state, progress.spans, progress.covered_seconds) == ("studying", [[0.0, 60.0]], 60)
    assert standing(member) == "doing"
    assert Viewing(member, item, at=LATER).watch(60, 100).is_completed
    assert hours(member) == Decimal("0.25")


def test_own_study_stands_when_a_confirmation_is_taken_back(tree, member, secretary):
    quiz = make_quiz(tree.root)
    confirmation = confirmed(member, quiz.item, secretary)
    take(quiz, member, right=3, now=LATER)
    assert not withdrawn(confirmation, secretary, now=LATER + timedelta(days=1))
    progress = Progress.objects.get(member=member, item=quiz.item)
    assert (progress.state, progress.evidence["how"]) == ("completed", "quiz")
    assert hours(member) == Decimal("0.50")


def test_after_it_was_taken_back_it_can_be_confirmed_again_and_is_paid_again(member, item, secretary):
    withdrawn(confirmed(member, item, secretary), secretary)
    confirmed(member, item, secretary, now=LATER)
    assert [line.hours for line in HoursEntry.objects.order_by("pk")] == [
        Decimal("0.25"),
        Decimal("-0.25"),
        Decimal("0.25"),
    ]


def test_when_the_traces_are_gone_the_study_begins_anew(member, item, secretary):
    viewing = Viewing(member, item)
    viewing.watch(0, 60)
    confirmation = confirmed(member, item, secretary, now=viewing.now)
    drop_detail(before=LATER)
    withdrawn(confirmation, secretary)
    progress = Progress.objects.get(member=member)
    assert (progress.spans, progress.covered_seconds, progress.state) == ([], 0, "studying")


# --- what was filed when the item was begun anew ---------------------------------------------
LAST_YEAR = NOON - timedelta(days=300)


@pytest.fixture
def anew(tree, item, member):
    """A plan that asks for the item once more, whatever was studied before this day."""

    def begin(*items):
        first = timezone.localdate(NOON)
        days = {"starts_on": first, "ends_on": first + timedelta(days=100)}
        plan = make_plan(title="重学", organisation=tree.root, items=items or [item], counts_earlier=False, **days)
        publish_plan(plan, now=NOON)
        assert all(study_again(member=member, item=each, now=NOON) for each in items or [item])
        return plan

    return begin


def test_a_filed_confirmation_is_taken_back_with_its_hours_once_and_told(member, item, plan, secretary, anew):
    confirmation = confirmed(member, item, secretary, now=LAST_YEAR)
    anew()
    assert (hours(member), standing_in(plan)) == (Decimal("0.25"), "done")
    assert withdrawn(confirmation, secretary)
    assert not withdrawn(confirmation, secretary, now=LATER + timedelta(days=1))
    assert not PastMark.objects.exists()
    assert Progress.objects.get().state == "studying"
    assert [line.hours for line in HoursEntry.objects.order_by("pk")] == [Decimal("0.25"), Decimal("-0.25")]
    assert standing_in(plan) == "doing"
    assert Message.objects.filter(to=member, topic__startswith="study.confirmation").count() == 2
    assert AuditEvent.objects.filter(action="study.confirmation_withdrawn").count() == 1
    assert wrong_tallies() == check_hours() == []


def test_what_was_studied_once_more_stays_when_the_filed_confirmation_goes(member, item, secretary, anew):
    confirmation = confirmed(member, item, secretary, now=LAST_YEAR)
    again = anew()
    Viewing(member, item, at=NOON + timedelta(minutes=1)).watch(0, 100)
    assert not withdrawn(confirmation, secretary)
    assert not PastMark.objects.exists()
    assert (Progress.objects.get().is_completed, standing_in(again)) == (True, "done")
    assert dict(HoursEntry.objects.values_list("year").annotate(Sum("hours"))) == {2025: 0, 2026: Decimal("0.25")}
    assert check_hours() == []


def test_a_quiz_passed_before_it_was_begun_anew_stands_instead_of_the_word(tree, member, secretary, anew):
    quiz = make_quiz(tree.root)
    confirmation = confirmed(member, quiz.item, secretary, now=LAST_YEAR)
    take(quiz, member, right=3, now=LAST_YEAR + timedelta(days=1))
    anew(quiz.item)
    assert not withdrawn(confirmation, secretary)
    assert PastMark.objects.get().evidence["how"] == "quiz"
    assert hours(member) == Decimal("0.50")
    other = confirmed(member, make_quiz(tree.root).item, secretary, now=LAST_YEAR)
    anew(other.item)
    take(other.item.quiz, member, right=3, now=LATER)  # only after it was begun anew
    withdrawn(other, secretary)
    assert not PastMark.objects.filter(item=other.item).exists()


def test_a_leader_finds_it_on_the_persons_page(client, tree, member, item, plan, secretary, anew):
    confirmation = confirmed(member, item, secretary, now=timezone.now() - timedelta(days=300))
    PastMark.objects.create(
        member=member,
        item=item,
        completed_at=confirmation.at,
        evidence=Progress.objects.get().evidence,
        rule_version=1,
    )
    Progress.objects.update(state="studying", completed_at=None, evidence={})
    client.force_login(secretary)
    page = person_page(client, tree, member)
    assert "以前学完过，后来重新学" in page
    assert "由书记确认：在支部一起看过" in page
    back = re.search(r'href="([^"]*/withdraw/[^"]*)"', page)[1]
    assert back == f"{address(tree, member, item, f'withdraw/{confirmation.pk}/')}?plan={plan.pk}"
    assert "在支部一起看过" in client.get(back).content.decode()
    assert client.post(back, {"reason": ""}).status_code == 422
    page = client.get(client.post(back, {"reason": "记错了人"}).url).content.decode()
    assert "以前学完过" not in page
    assert client.get(back).status_code == 404
    client.force_login(make_leader(tree.west))
    assert client.get(back).status_code == 404


# --- the pages ------------------------------------------------------------------------------
def address(tree, member, item, end="") -> str:
    return f"/organise/{tree.branch.code}/people/{member.number}/confirm/{item.pk}/{end}"


def person_page(client, tree, member) -> str:
    return client.get(f"/organise/{tree.branch.code}/people/{member.number}/").content.decode()


def test_a_secretary_confirms_from_the_persons_page_and_takes_it_back(client, tree, member, item, plan, secretary):
    client.force_login(secretary)
    link = re.search(r'href="([^"]*/confirm/[^"]*)"', person_page(client, tree, member))[1]
    assert link == f"{address(tree, member, item)}?plan={plan.pk}"
    assert "确认" in client.get(link).content.decode()
    answer = client.post(link, {"reason": "在支部一起看过"})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "由书记确认：在支部一起看过" in page
    assert "已学完，由书记确认" in page
    back = re.search(r'href="([^"]*/withdraw/[^"]*)"', page)[1]
    assert "在支部一起看过" in client.get(back).content.decode()
    page = client.get(client.post(back, {"reason": "记错了人"}).url).content.decode()
    assert "由书记确认" not in page
    assert "还没开始" in page


def test_who_has_no_account_is_confirmed_all_the_same(client, tree, item, plan, secretary):
    member = make_member(tree.branch)
    publish_plan(plan, now=NOON)
    client.force_login(secretary)
    assert client.post(address(tree, member, item), {"reason": "在支部一起看过"}).status_code == 302
    assert Progress.objects.get(member=member).is_completed


def test_what_a_plan_asks_for_once_more_can_be_confirmed_once_more(member, item, secretary):
    """The first confirmation stands; the item was begun anew."""
    confirmed(member, item, secretary)
    Progress.objects.all().delete()
    confirmed(member, item, secretary, now=LATER)
    assert Confirmation.objects.standing().count() == 2


def test_the_member_reads_in_the_list_and_on_the_lesson_that_it_was_confirmed(client, member, item, plan, secretary):
    confirmed(member, item, secretary)
    client.force_login(member.user)
    assert "已学完，由书记确认" in client.get("/study/").content.decode()
    assert "由书记确认：在支部一起看过" in client.get(item.page.get_url()).content.decode()


def test_without_a_reason_nothing_is_confirmed_and_the_form_says_so(client, tree, member, item, plan, secretary):
    client.force_login(secretary)
    answer = client.post(address(tree, member, item), {"reason": "  "})
    assert answer.status_code == 422
    assert "理由" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_a_long_reason_is_refused_with_what_was_typed(client, tree, member, item, plan, secretary):
    client.force_login(secretary)
    answer = client.post(address(tree, member, item), {"reason": "看" * 101})
    assert answer.status_code == 422
    assert "看" * 101 in answer.content.decode()


def test_what_is_studied_meanwhile_leads_back_with_a_word(client, tree, member, item, plan, secretary):
    Viewing(member, item).watch(0, 100)
    client.force_login(secretary)
    answer = client.get(address(tree, member, item), follow=True)
    assert "已经学完了" in answer.content.decode()


@pytest.mark.parametrize("place", ["far", "sibling", "group"])
def test_who_leads_another_unit_finds_no_such_page(client, tree, member, item, plan, place):
    client.force_login(make_leader(getattr(tree, place)))
    assert client.get(address(tree, member, item)).status_code == 404
    assert client.post(address(tree, member, item), {"reason": "看过"}).status_code == 404
    assert not Confirmation.objects.exists()


def test_an_organiser_above_may_confirm_and_a_secretary_not_for_themselves(client, tree, member, item, plan, secretary):
    client.force_login(make_leader(tree.east, Role.ORGANISER))
    assert client.get(address(tree, member, item)).status_code == 200
    client.force_login(secretary)
    assert client.get(address(tree, secretary.member, item)).status_code == 404
    assert "/confirm/" not in person_page(client, tree, secretary.member)


def test_only_what_stands_in_a_plan_and_no_activity_is_confirmed_here(client, tree, member, item, plan, secretary):
    other = make_lesson(tree.root, title="计划外", seconds=60)
    client.force_login(secretary)
    assert client.get(address(tree, member, other)).status_code == 404
    StudyItem.objects.filter(pk=item.pk).update(kind=ItemKind.ACTIVITY)
    assert client.get(address(tree, member, item)).status_code == 404
    assert "/confirm/" not in person_page(client, tree, member)
