"""From the first question to hours and plan items, and that nothing counts twice."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from learning.completion.actions import publish_plan
from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from learning.courses.models import CompletionRule, StudyItem
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.progress.models import Progress
from learning.quizzes.actions import (
    NothingToAsk,
    publish_quiz,
    revise_question,
    save_answer,
    withdraw_quiz,
)
from learning.quizzes.models import Answer, Attempt, Question, Quiz
from learning.quizzes.queries import reviews_of
from learning.study.actions import begin_quiz, hand_in
from learning.study.admission import NotAdmitted
from members.organisation.rules import Rule
from tests.factories import LONG_AGO, make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, Viewing, make_lesson
from tests.learning.quiz_makers import FOUR, SINGLE, answer, begin, make_bank, make_quiz, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    return make_person(tree.branch).member


@pytest.fixture
def quiz(tree):
    return make_quiz(tree.root)


def hours_of(member) -> list[Decimal]:
    return list(HoursEntry.objects.filter(member=member).order_by("pk").values_list("hours", flat=True))


def test_three_of_four_right_answers_pass_complete_the_item_and_pay_half_an_hour(member, quiz):
    attempt = take(quiz, member, right=3)
    assert (attempt.points, attempt.points_possible, attempt.is_passed) == (3, 4, True)
    progress = Progress.objects.get(member=member, item=quiz.item)
    assert progress.is_completed
    assert progress.evidence == {
        "how": "quiz",
        "quiz": quiz.pk,
        "attempt": 1,
        "points": 3,
        "points_possible": 4,
        "pass_percent": 75,
        "right": 3,
        "asked": 4,
    }
    assert hours_of(member) == [Decimal("0.50")]


def test_too_few_right_answers_leave_the_item_begun_and_it_may_be_tried_again(member, quiz):
    assert not take(quiz, member, right=2).is_passed
    assert not Progress.objects.get(member=member).is_completed
    assert hours_of(member) == []
    again = take(quiz, member, right=4, now=NOON + timedelta(days=1))
    assert (again.number, again.is_passed) == (2, True)
    assert Progress.objects.get(member=member).evidence["attempt"] == 2


def test_passed_once_is_passed_and_pays_once(member, quiz):
    take(quiz, member)
    first = Progress.objects.values().get(member=member)
    take(quiz, member, right=0, now=NOON + timedelta(days=1))
    take(quiz, member, right=4, now=NOON + timedelta(days=2))
    after = Progress.objects.values().get(member=member)
    assert (after["completed_at"], after["evidence"]) == (first["completed_at"], first["evidence"])
    assert hours_of(member) == [Decimal("0.50")]


def test_handing_in_twice_changes_nothing(member, quiz):
    attempt = take(quiz, member, right=3)
    before = list(Attempt.objects.values()), list(Answer.objects.values()), list(Progress.objects.values())
    again = hand_in(attempt=attempt, now=NOON + timedelta(days=1))
    assert again.handed_in_at == NOON
    assert before == (list(Attempt.objects.values()), list(Answer.objects.values()), list(Progress.objects.values()))


def test_an_answer_after_handing_in_is_not_taken(member, quiz):
    attempt = take(quiz, member, right=3)
    assert not save_answer(attempt=attempt, place=4, given=["两分钟"], now=NOON)
    assert attempt.answers.get(place=4).given is None


def test_an_own_value_of_the_quiz_wins_over_the_rule_and_a_units_rule_over_the_general_one(tree, member):
    own = make_quiz(tree.root, hours=Decimal("1.25"))
    Rule.objects.create(
        key="hours.quiz_preset", value="0.75", source="本单位", effective_from=LONG_AGO, organisation=tree.east
    )
    take(own, member)
    take(make_quiz(tree.east, bank=own.bank), member)
    assert hours_of(member) == [Decimal("1.25"), Decimal("0.75")]


def test_a_plan_item_is_begun_with_the_first_question_and_closed_by_passing(tree, member, quiz):
    plan = make_plan(
        title="计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[quiz.item]
    )
    publish_plan(plan, now=NOON)
    attempt = begin(quiz, member)
    assert Completion.objects.get(enrolment__member=member).standing == Standing.DOING
    hand_in(attempt=answer(attempt), now=NOON)
    assert Completion.objects.get(enrolment__member=member).standing == Standing.DONE
    assert Enrolment.objects.get(member=member).standing == Standing.DONE


def test_whoever_may_not_study_here_any_more_neither_begins_nor_hands_in(member, quiz):
    attempt = begin(quiz, member)
    member.user.is_active = False
    member.user.save()
    with pytest.raises(NotAdmitted):
        hand_in(attempt=attempt, now=NOON)
    with pytest.raises(NotAdmitted):
        begin(quiz, member)
    attempt.refresh_from_db()
    assert attempt.handed_in_at is None


# --- what is drawn --------------------------------------------------------------
def test_the_questions_are_drawn_on_the_server_and_stay_for_the_attempt(tree, member):
    bank = make_bank(*(SINGLE | {"text": f"第 {number} 题"} for number in range(30)))
    quiz = make_quiz(tree.root, bank=bank, number_drawn=10)
    attempt = begin_quiz(quiz=quiz, member=member, now=NOON)
    drawn = list(attempt.answers.values_list("question", flat=True))
    assert len(set(drawn)) == 10
    assert begin_quiz(quiz=quiz, member=member, now=NOON + timedelta(days=9)) == attempt
    assert list(attempt.answers.values_list("question", flat=True)) == drawn


def test_a_small_bank_asks_all_it_has_and_an_empty_one_nothing(tree, member):
    quiz = make_quiz(tree.root, number_drawn=50)
    assert begin(quiz, member).answers.count() == 4
    Question.objects.update(is_retired=True)
    with pytest.raises(NothingToAsk):
        begin(quiz, make_person(tree.branch).member)


def test_a_question_that_is_retired_is_not_drawn(tree, member, quiz):
    Question.objects.filter(kind="single").update(is_retired=True)
    assert begin(quiz, member).answers.filter(question__kind="single").count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_that_begin_at_once_one_attempt_is_opened(tree, member, quiz):
    at_once, opened, failed = Barrier(6), [], []

    def run() -> None:
        try:
            at_once.wait(20)
            opened.append(begin_quiz(quiz=quiz, member=member, now=NOON).pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set(opened) == {Attempt.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_of_many_that_hand_in_at_once_one_counts(tree, member, quiz):
    attempt = answer(begin(quiz, member))
    at_once, failed = Barrier(4), []

    def run() -> None:
        try:
            at_once.wait(20)
            hand_in(attempt=attempt, now=NOON)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert hours_of(member) == [Decimal("0.50")]


# --- questions change -------------------------------------------------------------
def test_an_answer_to_an_edited_question_is_marked_by_the_question_as_it_was_asked(member, quiz):
    attempt = answer(begin(quiz, member))
    asked = Question.objects.get(kind="single")
    after = revise_question(question=asked, said=SINGLE | {"key": ["C"], "explanation": "别的理由"})
    assert hand_in(attempt=attempt, now=NOON).points == 4
    asked.refresh_from_db()
    assert (asked.key, asked.is_retired, asked.successor) == (["B"], True, after)
    [review] = [each for each in reviews_of(Attempt.objects.get()) if each.text == SINGLE["text"]]
    assert (review.is_right, review.explanation) == (True, "EXPLAINED-SINGLE")
    later = begin(quiz, member)
    assert later.answers.filter(question=after).exists()
    assert not later.answers.filter(question=asked).exists()


def test_a_question_that_was_never_asked_is_changed_in_place(quiz):
    asked = Question.objects.get(kind="single")
    assert revise_question(question=asked, said=SINGLE | {"key": ["C"]}).pk == asked.pk
    assert Question.objects.count() == len(FOUR)


def test_retiring_an_asked_question_makes_no_successor(member, quiz):
    begin(quiz, member)
    asked = Question.objects.get(kind="single")
    assert revise_question(question=asked, said={"is_retired": True}).pk == asked.pk
    assert Question.objects.filter(is_retired=True).get() == asked


# --- publishing ---------------------------------------------------------------------
def test_publishing_makes_one_item_and_withdrawing_closes_it(tree, member, quiz):
    assert (quiz.item.kind, quiz.item.page, quiz.item.title) == ("quiz", None, quiz.title)
    assert quiz in Quiz.objects.visible_to(member.user)
    withdraw_quiz(quiz=quiz, now=NOON)
    assert StudyItem.objects.get().withdrawn_at == NOON
    assert not Quiz.objects.visible_to(member.user).exists()
    quiz = Quiz.objects.get()
    quiz.title = "换个题目"
    publish_quiz(quiz=quiz, now=NOON)
    item = StudyItem.objects.get()
    assert (item.title, item.withdrawn_at) == ("换个题目", None)


def test_a_quiz_without_questions_is_not_published(tree):
    quiz = make_quiz(tree.root, published=False)
    quiz.bank.questions.update(is_retired=True)
    with pytest.raises(NothingToAsk):
        publish_quiz(quiz=quiz, now=NOON)
    assert not StudyItem.objects.exists()


def test_what_was_passed_stays_passed_when_the_quiz_is_withdrawn(member, quiz):
    take(quiz, member)
    withdraw_quiz(quiz=quiz, now=NOON)
    assert Progress.objects.get().is_completed
    assert hours_of(member) == [Decimal("0.50")]


# --- the quiz of a lesson --------------------------------------------------------------
def lesson_with_quiz(tree, rule: str) -> tuple[StudyItem, Quiz]:
    item = make_lesson(tree.root, seconds=100, completion_rule=rule)
    return item, make_quiz(tree.root, lesson=item.page.specific)


def is_studied(member, item) -> bool:
    return Progress.objects.completed().filter(member=member, item=item).exists()


def test_where_seeing_counts_passing_completes_the_quiz_only(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.COVERED)
    take(quiz, member)
    assert not is_studied(member, item)
    assert not Progress.objects.filter(item=item).exists()


def test_where_the_quiz_counts_passing_completes_the_lesson_and_pays_both_once(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.QUIZ)
    assert not Viewing(member, item).watch(0, 100).is_completed
    take(quiz, member)
    take(quiz, member, now=NOON + timedelta(days=1))
    assert is_studied(member, item)
    assert sorted(hours_of(member)) == [Decimal("0.25"), Decimal("0.50")]
    evidence = Progress.objects.get(item=item).evidence
    assert (evidence["how"], evidence["quiz"], evidence["covered_seconds"]) == ("quiz", quiz.pk, 100)


def test_where_the_quiz_counts_nothing_need_have_been_seen(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.QUIZ)
    take(quiz, member)
    assert is_studied(member, item)


def test_where_both_count_seeing_first_and_passing_then_completes(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.BOTH)
    assert not Viewing(member, item).watch(0, 100).is_completed
    take(quiz, member, right=0)
    assert not is_studied(member, item)
    take(quiz, member)
    assert is_studied(member, item)


def test_where_both_count_passing_first_and_seeing_then_completes(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.BOTH)
    take(quiz, member)
    assert not Progress.objects.filter(item=item).exists()
    viewing = Viewing(member, item)
    assert not viewing.watch(0, 60).is_completed
    assert viewing.watch(60, 100).is_completed
    assert Progress.objects.get(item=item).evidence["how"] == "both"
    assert sorted(hours_of(member)) == [Decimal("0.25"), Decimal("0.50")]


def test_a_lesson_whose_quiz_is_not_there_is_completed_by_seeing_it(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.BOTH)
    withdraw_quiz(quiz=quiz, now=NOON)
    assert Viewing(member, item).watch(0, 100).is_completed


def test_another_rule_never_takes_a_completed_mark_away(tree, member):
    item, _quiz = lesson_with_quiz(tree, CompletionRule.COVERED)
    before = Viewing(member, item).watch(0, 100)
    page = item.page.specific
    page.completion_rule = CompletionRule.BOTH
    page.save_revision().publish()
    item.refresh_from_db()
    assert (item.completion_rule, item.rule_version) == ("both", 2)
    assert Viewing(member, item).watch(0, 10).is_completed
    after = Progress.objects.get(item=item)
    assert (after.completed_at, after.evidence, after.rule_version) == (before.completed_at, before.evidence, 1)


def test_a_quiz_is_for_whom_its_lesson_is(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.BOTH)
    page = item.page.specific
    page.audience, page.organisation = "subtree", tree.west
    page.save_revision().publish()
    quiz.refresh_from_db()
    assert (quiz.audience, quiz.organisation, quiz.item.organisation) == ("subtree", tree.west, tree.west)
    assert not Quiz.objects.visible_to(member.user).exists()


def test_passing_closes_the_plan_item_of_the_lesson_too(tree, member):
    item, quiz = lesson_with_quiz(tree, CompletionRule.QUIZ)
    plan = make_plan(title="计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[item])
    publish_plan(plan, now=NOON)
    take(quiz, member)
    assert Enrolment.objects.get(member=member).standing == Standing.DONE
