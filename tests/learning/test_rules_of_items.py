"""What an item asks for has versions: a mark keeps its own, who is in the middle is measured by the newest."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.completion.actions import publish_plan
from learning.completion.models import Completion
from learning.completion.recount import wrong_tallies
from learning.courses.models import CompletionRule, ItemKind, ItemRule, StudyItem
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.progress.marks import marks_of
from learning.progress.models import Progress
from learning.progress.spans import clipped, covered, merged
from learning.quizzes.actions import publish_quiz, withdraw_quiz
from learning.quizzes.models import Attempt
from learning.study.actions import complete_by_new_rule
from learning.study.coverage import coverage_from
from learning.tasks import turn_cranks
from tests.factories import make_leader, make_person, make_tree
from tests.learning.makers import NOON, TEXT_PACE, THIS_YEAR, Viewing, make_asset, make_lesson, make_text
from tests.learning.quiz_makers import make_quiz, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def person(tree):
    return make_person(tree.branch)


@pytest.fixture
def member(person):
    return person.member


def publish_again(item: StudyItem, **changes) -> StudyItem:
    page = item.page.specific
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return StudyItem.objects.get(pk=item.pk)


def versions(item: StudyItem) -> list[tuple]:
    fields = ("version", "completion_rule", "needed_percent", "length_seconds")
    return list(ItemRule.objects.filter(item=item).order_by("version").values_list(*fields))


# --- versions ---------------------------------------------------------------------------
def test_a_rule_is_written_down_when_it_changes_and_only_then(tree):
    item = make_lesson(tree.root, seconds=100)
    assert versions(item) == [(1, "covered", 100, 100.0)]
    publish_again(item, title="改了标题")
    assert len(versions(item)) == 1
    item = publish_again(item, needed_percent=80)
    assert item.rule_version == 2
    assert versions(item) == [(1, "covered", 100, 100.0), (2, "covered", 80, 100.0)]


def test_a_longer_file_is_a_new_version_and_the_first_length_is_none(tree):
    item = make_lesson(tree.root, seconds=100)
    item.asset.duration = 130
    item.asset.save()
    turn_cranks()
    assert versions(item) == [(1, "covered", 100, 100.0), (2, "covered", 100, 130.0)]
    waiting = make_lesson(tree.root, title="还在处理", asset=make_asset(status="queued"))
    assert versions(waiting) == [(1, "covered", 100, None)]
    waiting.asset.status = "ready"
    waiting.asset.save()
    turn_cranks()
    assert versions(waiting) == [(1, "covered", 100, 100.0)]


def test_a_quiz_that_opens_or_closes_is_a_new_version_of_its_lesson(tree):
    item = make_lesson(tree.root, seconds=100, completion_rule=CompletionRule.BOTH)
    quiz = make_quiz(tree.root, lesson=item.page.specific)
    withdraw_quiz(quiz=quiz, now=NOON)
    assert [rule for _, rule, _, _ in versions(item)] == ["covered", "both", "covered"]


def test_changing_a_rule_erases_no_mark_and_the_mark_names_its_version(tree, member):
    item = make_lesson(tree.root, seconds=100, needed_percent=60)
    viewing = Viewing(member, item)
    assert viewing.watch(0, 60).is_completed
    publish_again(item, needed_percent=100)
    turn_cranks()
    progress = Progress.objects.select_related("item").get(member=member)
    assert (progress.state, progress.rule_version) == ("completed", 1)
    mark = marks_of([progress])[item.pk]
    assert (mark.version, mark.rule) == (1, "看够全长的 60%")
    assert mark.how == "看够了要求的部分"


# --- a part is enough --------------------------------------------------------------------
def test_any_part_of_the_asked_size_is_enough(tree, member):
    viewing = Viewing(member, make_lesson(tree.root, seconds=100, needed_percent=80))
    viewing.watch(0, 40)
    progress = viewing.watch(50, 89)
    assert not progress.is_completed
    assert viewing.watch(95, 96).is_completed
    assert HoursEntry.objects.get(member=member).hours == Decimal("0.25")


def test_of_a_text_the_end_is_asked_for_all_the_same(tree, member):
    item = make_text(tree.root, needed_percent=50)  # 120 s
    reading = Viewing(member, item, pace=TEXT_PACE)
    assert not reading.claim((0, 100), after=60).is_completed
    assert reading.claim((119, 120), after=2).is_completed


# --- who holds enough when a rule becomes milder --------------------------------------------
def test_who_holds_enough_by_the_new_rule_has_completed_it_at_once(tree, member):
    item = make_lesson(tree.root, seconds=100)
    plan = make_plan(title="计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[item])
    publish_plan(plan, now=NOON)
    Viewing(member, item).watch(0, 85)
    other = make_person(tree.branch).member
    publish_plan(plan, now=NOON)
    Viewing(other, item).watch(0, 40)
    publish_again(item, needed_percent=80)
    states = dict(Progress.objects.values_list("member", "state"))
    assert states == {member.pk: "completed", other.pk: "studying"}
    assert HoursEntry.objects.get().member == member
    assert Completion.objects.get(enrolment__member=member).standing == "done"
    assert Progress.objects.get(member=member).rule_version == 2
    assert wrong_tallies() == []


def lower(quiz, percent: int) -> None:
    quiz.pass_percent = percent
    publish_quiz(quiz=quiz, now=NOON)
    turn_cranks()


def test_another_bar_of_a_quiz_is_a_new_version_of_it_and_of_its_lesson(tree):
    item = make_lesson(tree.root, seconds=100, completion_rule=CompletionRule.BOTH)
    plain = make_lesson(tree.root, title="只看", seconds=100)
    quiz = make_quiz(tree.root, lesson=item.page.specific, pass_percent=75)
    before = versions(item)
    lower(quiz, 75)
    assert versions(item) == before
    lower(quiz, 50)
    bars = ItemRule.objects.order_by("version").values_list("pass_percent", flat=True)
    assert list(bars.filter(item=quiz.item)) == [75, 50]
    assert list(bars.filter(item=item)) == [None, 75, 50]
    make_quiz(tree.root, lesson=plain.page.specific)
    assert list(bars.filter(item=plain)) == [None]  # there the quiz is for oneself only


def test_a_mark_of_a_quiz_keeps_the_bar_by_which_it_was_made(tree, member):
    quiz = make_quiz(tree.root, pass_percent=75)
    take(quiz, member, right=3)
    lower(quiz, 100)
    progress = Progress.objects.select_related("item").get(member=member)
    assert (progress.is_completed, progress.rule_version, progress.evidence["pass_percent"]) == (True, 1, 75)
    mark = marks_of([progress])[quiz.item_id]
    assert (mark.version, mark.rule) == (1, "通过测验（每 100 分答到 75 分）")
    assert not take(quiz, make_person(tree.branch).member, right=3).is_passed


@pytest.mark.parametrize("rule", [CompletionRule.QUIZ, CompletionRule.BOTH])
def test_who_has_passed_by_the_lower_bar_has_completed_quiz_and_lesson_at_once(tree, member, rule):
    item = make_lesson(tree.root, seconds=100, completion_rule=rule)
    quiz = make_quiz(tree.root, lesson=item.page.specific, pass_percent=75)
    other = make_person(tree.branch).member
    for each, right in ((member, 2), (other, 1)):
        if rule == CompletionRule.BOTH:
            Viewing(each, item).watch(0, 100)
        assert not take(quiz, each, right=right).is_passed
    assert not Progress.objects.completed().exists()
    lower(quiz, 50)
    done = Progress.objects.completed().values_list("member", "item", "rule_version").order_by("item")
    assert list(done) == [(member.pk, each.pk, each.rules.count()) for each in (item, quiz.item)]
    assert list(HoursEntry.objects.values_list("member", flat=True).distinct()) == [member.pk]
    assert Progress.objects.get(member=member, item=quiz.item).evidence["pass_percent"] == 50
    assert [each.is_passed for each in Attempt.objects.order_by("member")] == [True, False]
    lower(quiz, 90)
    assert Progress.objects.completed().count() == 2


def test_settling_by_a_new_rule_may_be_stopped_and_repeated(tree):
    item = make_lesson(tree.root, seconds=100)
    people = [make_person(tree.branch).member for _ in range(3)]
    for each in people:
        Viewing(each, item).watch(0, 90)
    StudyItem.objects.filter(pk=item.pk).update(needed_percent=80, rule_version=2)
    said = {"completion_rule": "covered", "needed_percent": 80, "length_seconds": 100, "since": NOON}
    ItemRule.objects.create(item=item, version=2, **said)
    assert complete_by_new_rule(now=NOON, limit=2)
    assert Progress.objects.completed().count() == 2
    assert complete_by_new_rule(now=NOON, limit=2)
    assert Progress.objects.completed().count() == 3
    assert not complete_by_new_rule(now=NOON)
    assert HoursEntry.objects.count() == 3


def test_who_has_seen_all_is_done_when_the_quiz_is_taken_away(tree, member):
    item = make_lesson(tree.root, seconds=100, completion_rule=CompletionRule.BOTH)
    quiz = make_quiz(tree.root, lesson=item.page.specific)
    assert not Viewing(member, item).watch(0, 100).is_completed
    withdraw_quiz(quiz=quiz, now=NOON)
    turn_cranks()
    assert Progress.objects.get(member=member, item=item).is_completed


def test_who_began_under_an_old_rule_is_measured_by_the_new_one(tree, member):
    item = make_lesson(tree.root, seconds=100, needed_percent=50)
    viewing = Viewing(member, item)
    viewing.watch(0, 40)
    publish_again(item, needed_percent=90)
    assert not viewing.watch(40, 60).is_completed
    assert viewing.watch(60, 91).is_completed


moments = st.floats(-5, 130).map(lambda value: round(value, 1))


@given(
    st.lists(st.tuples(moments, moments), max_size=6),
    st.integers(50, 100),
    st.sampled_from([ItemKind.VIDEO, ItemKind.TEXT]),
    st.floats(0.5, 125).map(lambda value: round(value, 3)),
)
def test_the_sentence_the_gaps_and_the_rule_never_disagree(claim, percent, kind, length):
    item = StudyItem(kind=kind, length_seconds=length, needed_percent=percent, completion_rule="covered")
    spans = merged(clipped(claim, length))
    progress = Progress(item=item, spans=spans, covered_seconds=round(covered(spans, length, 3), 1))
    said = coverage_from(progress, item, gap=3)
    assert said.is_seen == progress.has_seen_enough(gap=3)
    if not said.is_seen:
        assert said.gaps
        assert said.missing <= sum(gap.end - gap.start for gap in said.gaps) + 0.001
        assert "学够" not in said.say
        assert not re.search(r"还差 0 秒|约 0", said.say)


# --- what the pages say ---------------------------------------------------------------------
def test_the_sentence_says_what_is_missing_of_the_part_and_the_gaps_where_it_may_be_made_up(client, tree, person):
    item = make_lesson(tree.root, seconds=100, needed_percent=80)
    Viewing(person.member, item).watch(0, 50)
    client.force_login(person)
    page = client.get(item.page.get_url()).content.decode()
    assert "还差 30 秒" in page
    assert "任选" in page
    assert "00:50–01:40" in page


def test_lists_say_the_sentence_of_the_page(client, tree, person):
    year = [day.replace(year=timezone.localdate().year) for day in THIS_YEAR]
    item = make_lesson(tree.root, seconds=100, needed_percent=80)
    quizzed = make_lesson(tree.root, title="有测验", seconds=100, completion_rule=CompletionRule.BOTH)
    make_quiz(tree.root, lesson=quizzed.page.specific)
    for each, seen in ((item, 50), (quizzed, 100)):
        Viewing(person.member, each).watch(0, seen)
    plan = make_plan(title="计划", organisation=tree.root, starts_on=year[0], ends_on=year[1], items=[item, quizzed])
    publish_plan(plan, now=NOON)
    client.force_login(person)
    for url in ("/study/", item.page.get_parent().get_url()):
        assert "还差 30 秒" in client.get(url).content.decode()
    for url in ("/study/", quizzed.page.get_url(), quizzed.page.get_parent().get_url()):
        assert "还差通过课后测验" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("kind", "said"),
    [("watch", "看完全部"), ("quiz", "测验 4 题答对 3 题")],
)
def test_a_member_reads_how_it_counts_and_a_leader_the_same_words(client, tree, person, kind, said):
    year = [day.replace(year=timezone.localdate().year) for day in THIS_YEAR]
    rule = CompletionRule.QUIZ if kind == "quiz" else CompletionRule.COVERED
    item = make_lesson(tree.root, seconds=100, completion_rule=rule)
    plan = make_plan(title="计划", organisation=tree.root, starts_on=year[0], ends_on=year[1], items=[item])
    publish_plan(plan, now=NOON)
    if kind == "quiz":
        take(make_quiz(tree.root, lesson=item.page.specific), person.member, right=3, now=NOON + timedelta(hours=1))
    else:
        Viewing(person.member, item).watch(0, 100)
    client.force_login(person)
    own = client.get(item.page.get_url()).content.decode()
    client.force_login(make_leader(tree.branch))
    led = client.get(f"/organise/{tree.branch.code}/people/{person.member.number}/").content.decode()
    for page in (own, led):
        assert "怎么算学完的" in page
        assert f"2026 年 6 月 1 日，{said}" in page
        assert "规则" in page


@pytest.mark.parametrize(("percent", "is_fit"), [(49, False), (50, True), (100, True), (101, False)])
def test_editors_may_ask_for_half_of_it_at_least(tree, percent, is_fit):
    page = make_lesson(tree.root).page.specific
    page.needed_percent = percent
    found = {}
    try:
        page.full_clean()
    except ValidationError as error:
        found = error.message_dict
    assert ("needed_percent" not in found) == is_fit
