"""What a member sees of the plans: one list by what is due, hints of order and windows, and studying once more."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from learning.completion.actions import align_plan, publish_plan
from learning.completion.models import Completion, Enrolment
from learning.completion.recount import wrong_tallies
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.plans.shape import ItemShape
from learning.progress.models import PastMark, Progress
from learning.quizzes.models import Attempt
from learning.study.again import study_again
from learning.study.agenda import agenda_of
from members.accounts.models import StudyWay
from tests.factories import make_person, make_tree
from tests.learning.makers import NOON, Viewing, make_course, make_lesson, make_text
from tests.learning.plan_makers import reshape
from tests.learning.quiz_makers import make_quiz, take

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOON)
YEAR = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def lessons(tree):
    course = make_course(tree.root)
    return [make_lesson(tree.root, title=title, course=course, seconds=60) for title in ("第一课", "第二课", "第三课")]


@pytest.fixture
def person(tree):
    return make_person(tree.branch)


@pytest.fixture
def member(person):
    return person.member


def plan_of(unit, lessons, *, title="全年计划", **more):
    plan = make_plan(title=title, organisation=unit, **{**YEAR, "items": lessons, **more})
    publish_plan(plan, now=NOON)
    return plan


@pytest.fixture
def study(client, person, monkeypatch):
    """What /study/ says to the member, some days after the first of June 2026."""
    client.force_login(person)

    def shown(address="/study/", *, days: int = 0) -> str:
        monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=days))
        html = client.get(address).content.decode()
        monkeypatch.undo()
        return html

    return shown


def places(html: str, *words: str) -> list[int]:
    return [html.index(word) for word in words]


# --- the list --------------------------------------------------------------------------
def test_two_plans_make_one_list_ordered_by_what_is_due(tree, lessons, study):
    one, two, three = lessons
    plan_of(tree.root, [], items=(ItemShape(one.pk), ItemShape(two.pk, due_on=date(2026, 7, 1))))
    plan_of(
        tree.branch,
        [],
        title="支部计划",
        items=(ItemShape(three.pk, due_on=date(2026, 6, 10)), ItemShape(one.pk, due_on=date(2026, 6, 20))),
    )
    html = study()
    assert [html.count(f">{each.title}</a>") for each in lessons] == [1, 1, 1]
    found = places(html, ">第三课</a>", "6 月 10 日前", ">第一课</a>", "6 月 20 日前", ">第二课</a>", "7 月 1 日前")
    assert found == sorted(found)
    assert "支部计划" in html


def test_the_list_can_be_narrowed_to_one_plan(tree, lessons, study):
    plan_of(tree.root, lessons[:1])
    other = plan_of(tree.branch, lessons[1:2], title="支部计划")
    html = study(f"/study/?plan={other.pk}")
    assert ">第二课</a>" in html
    assert ">第一课</a>" not in html
    assert ">第一课</a>" in study("/study/?plan=no-plan")


def test_required_comes_before_offered_and_what_opens_later_says_when(tree, lessons, study):
    one, two, three = lessons
    items = (
        ItemShape(one.pk, is_required=False, due_on=date(2026, 6, 5)),
        ItemShape(two.pk, opens_on=date(2026, 12, 1)),
        ItemShape(three.pk),
    )
    plan_of(tree.root, [], items=items)
    html = study()
    found = places(html, ">第三课</a>", ">第二课</a>", "12 月 1 日起", ">第一课</a>", "选学")
    assert found == sorted(found)
    assert "6 月 5 日前" not in html, "what is only offered is not pressed"


def test_past_its_day_it_stands_first_and_can_still_be_studied(tree, lessons, study):
    one, two, _ = lessons
    plan_of(tree.root, [], items=(ItemShape(one.pk), ItemShape(two.pk, due_on=date(2026, 6, 1))))
    html = study(days=1)
    found = places(html, ">第二课</a>", "<b>已过期限，可补学</b>", ">第一课</a>")
    assert found == sorted(found)
    assert "逾期" not in html


def test_the_order_of_a_plan_is_a_hint_and_no_lock(tree, lessons, member, study):
    plan_of(tree.root, lessons, is_in_order=True)
    html = study()
    assert html.count("先学《第一课》") == 2
    assert "先要学的是" in study(lessons[2].page.get_url())
    Viewing(member, lessons[2]).watch(0, 60)
    assert Completion.objects.get(plan_item__item=lessons[2]).standing == "done"
    Viewing(member, lessons[0]).watch(0, 60)
    assert "先学" not in study()


def test_what_is_left_of_a_plan_that_is_over_can_be_studied_under_a_fold(tree, lessons, member, study):
    Viewing(member, lessons[0]).watch(0, 60)
    plan_of(tree.root, lessons[:2], ends_on=date(2026, 5, 31))
    html = study()
    assert "已结束的计划里还有 1 项没学" in html
    assert ">第二课</a>" in html
    assert ">第一课</a>" not in html


@pytest.mark.parametrize("way", [{"flexible_study": True}, {"study_way": StudyWay.PAPER}])
def test_nothing_presses_who_studies_otherwise(tree, lessons, person, study, way):
    type(person.member).objects.filter(pk=person.member.pk).update(**way)
    plan_of(tree.root, [], items=(ItemShape(lessons[0].pk, due_on=date(2026, 6, 1)),))
    assert "6 月 1 日前" not in study()
    assert "可补学</b>" not in study(days=1)


def test_the_page_costs_the_same_for_more_plans_and_more_items(tree, lessons, study, django_assert_max_num_queries):
    plan_of(tree.root, lessons[:1])
    study()
    with django_assert_max_num_queries(24) as few:
        study()
    for number in range(3):
        plan_of(tree.root, lessons, title=f"又一个 {number}", is_in_order=True)
    with django_assert_max_num_queries(len(few)):
        study()


def test_the_list_itself_takes_at_most_twelve_queries(tree, lessons, person, rf, django_assert_max_num_queries):
    quiz = make_quiz(tree.root)
    for number in range(4):
        plan_of(tree.root, [*lessons, quiz.item], title=f"计划 {number}", is_in_order=True, counts_earlier=number > 1)
    request = rf.get("/study/")
    request.user = person
    agenda_of(request, now=NOON)  # Wagtail reads once where its pages hang
    with django_assert_max_num_queries(12):
        assert len(agenda_of(request, now=NOON).open_rows) == 4


# --- once more -------------------------------------------------------------------------
def anew(tree, items, **more):
    return plan_of(tree.root, items, title="重学", counts_earlier=False, **{"starts_on": TODAY, **more})


def standing(plan, item) -> str:
    return Completion.objects.get(enrolment__plan=plan, plan_item__item=item).standing


LAST_YEAR = NOON - timedelta(days=300)


def test_a_plan_that_does_not_count_what_was_studied_before_says_so_and_offers_to_begin_anew(
    tree, lessons, member, study, client
):
    Viewing(member, lessons[0], at=LAST_YEAR).watch(0, 60)
    earlier, plan = plan_of(tree.root, lessons[:1]), anew(tree, lessons[:1])
    assert "2025 年学过，这次要再学一遍" in study()
    page = lessons[0].page.get_url()
    assert "再学一遍</button>" in study(page)
    pressed = [study_again(member=member, item=lessons[0], now=NOON) for _ in "ab"]
    assert pressed == [True, False]
    assert (standing(earlier, lessons[0]), standing(plan, lessons[0])) == ("done", "doing")
    assert "再学一遍</button>" not in study(page)
    viewing = Viewing(member, lessons[0], at=NOON + timedelta(seconds=1))
    viewing.watch(0, 30)
    assert standing(plan, lessons[0]) == "doing"
    viewing.watch(30, 60)
    assert (standing(earlier, lessons[0]), standing(plan, lessons[0])) == ("done", "done")
    assert PastMark.objects.get().completed_at < LAST_YEAR + timedelta(hours=1)
    assert not wrong_tallies()


def test_the_button_begins_anew_and_leads_to_the_lesson(tree, lessons, member, person, client):
    Viewing(member, lessons[0], at=timezone.now() - timedelta(days=300)).watch(0, 60)
    today = timezone.localdate()
    anew(tree, lessons[:1], starts_on=today, ends_on=today + timedelta(days=30))
    client.force_login(person)
    answer = client.post(f"/study/again/{lessons[0].pk}/")
    assert answer.url == lessons[0].page.get_url()
    assert Progress.objects.get().state == "studying"
    client.post(f"/study/again/{lessons[0].pk}/")
    assert PastMark.objects.count() == 1


def test_nothing_is_begun_anew_that_no_running_plan_asks_for(tree, lessons, member):
    Viewing(member, lessons[0], at=LAST_YEAR).watch(0, 60)
    plan_of(tree.root, lessons[:1])
    assert not study_again(member=member, item=lessons[0], now=NOON)
    plan = anew(tree, lessons[:1], ends_on=TODAY)
    assert not study_again(member=member, item=lessons[0], now=NOON + timedelta(days=1))
    Enrolment.objects.filter(plan=plan).update(left_on=TODAY)
    assert not study_again(member=member, item=lessons[0], now=NOON)
    assert Progress.objects.get().is_completed


def test_a_page_that_was_open_before_brings_nothing_along(tree, lessons, member):
    Viewing(member, lessons[0], at=LAST_YEAR).watch(0, 60)
    plan = anew(tree, lessons[:1])
    before = Viewing(member, lessons[0], at=NOON - timedelta(hours=1))
    study_again(member=member, item=lessons[0], now=NOON)
    before.now = NOON
    before.claim((0, 60), after=3)
    assert standing(plan, lessons[0]) == "doing"
    assert Progress.objects.get().covered_seconds <= 6


def test_a_quiz_that_was_passed_before_does_not_pass_the_lesson_again(tree, member, study):
    lesson = make_lesson(tree.root, seconds=60, completion_rule="both")
    quiz = make_quiz(tree.root, lesson=lesson.page.specific)
    Viewing(member, lesson, at=LAST_YEAR).watch(0, 60)
    take(quiz, member, now=LAST_YEAR + timedelta(minutes=5))
    take(quiz, member, now=NOON - timedelta(days=3))  # passed once more, still before it is begun anew
    plan = anew(tree, [lesson, quiz.item])
    assert standing(plan, lesson) == "todo"
    for item in (lesson, quiz.item):
        assert study_again(member=member, item=item, now=NOON)
    Viewing(member, lesson, at=NOON + timedelta(seconds=1)).watch(0, 60)
    assert (standing(plan, lesson), standing(plan, quiz.item)) == ("doing", "doing")
    assert "这次测验也要再通过一次" in study(lesson.page.get_url())
    take(quiz, member, now=NOON + timedelta(minutes=5))
    assert (standing(plan, lesson), standing(plan, quiz.item)) == ("done", "done")
    assert Attempt.objects.filter(is_passed=True).count() == 3


def test_hours_and_marks_of_before_stay(tree, lessons, member):
    Viewing(member, lessons[0], at=LAST_YEAR).watch(0, 60)
    before = list(HoursEntry.objects.values_list("pk", "hours"))
    anew(tree, lessons[:1])
    study_again(member=member, item=lessons[0], now=NOON)
    assert list(HoursEntry.objects.values_list("pk", "hours")) == before
    assert PastMark.objects.filter(member=member, item=lessons[0]).exists()


def test_a_plan_that_counts_earlier_study_after_all_asks_no_more(tree, lessons, member, study):
    Viewing(member, lessons[0], at=LAST_YEAR).watch(0, 60)
    plan = anew(tree, lessons[:1])
    study_again(member=member, item=lessons[0], now=NOON)
    reshape(plan, counts_earlier=True)
    align_plan(type(plan).objects.get(pk=plan.pk), now=NOON)
    assert standing(plan, lessons[0]) == "done"
    assert "再学一遍" not in study()


def test_a_text_is_studied_again_from_its_first_line(tree, member):
    text = make_text(tree.root)
    Progress.objects.create(
        member=member, item=text, state="completed", started_at=LAST_YEAR, touched_at=LAST_YEAR, completed_at=LAST_YEAR
    )
    anew(tree, [text])
    assert study_again(member=member, item=text, now=NOON)
    row = Progress.objects.get()
    assert (row.spans, row.covered_seconds, row.completed_at, row.started_at) == ([], 0, None, NOON)
