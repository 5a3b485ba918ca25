"""Taking a quiz in a browser, with and without script, and what a browser never gets to see."""

import re

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.courses.models import CompletionRule
from learning.plans.actions import make_plan
from learning.quizzes.actions import withdraw_quiz
from learning.quizzes.models import Attempt, Question
from tests.factories import make_account, make_leader, make_person, make_tree
from tests.learning.makers import THIS_YEAR, Viewing, make_lesson
from tests.learning.quiz_makers import FOUR, begin, make_bank, make_quiz, take

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="(?:csrfmiddlewaretoken|about|draft|draft_of)" value="[^"]+"|(?:nonce|data-keep)="[^"]+"')


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def person(tree):
    return make_person(tree.branch)


@pytest.fixture
def quiz(tree):
    return make_quiz(tree.root)


@pytest.fixture
def client(person):
    client = Client()
    client.force_login(person)
    return client


def page(client, path: str) -> str:
    response = client.get(path, follow=True)
    assert response.status_code == 200, path
    return response.content.decode()


def keep(client, attempt, place: int, *answers: str, go: str = "next", **rest):
    data = {"attempt": attempt.pk, "place": place, "answer": answers, "go": go, **rest}
    return client.post(f"/quizzes/{attempt.quiz_id}/attempt/", data)


# --- the whole way, without script ------------------------------------------------
def test_a_quiz_from_the_first_page_to_the_result(client, quiz):
    assert "还有 1 个测验可以做" in page(client, "/quizzes/")
    start = page(client, f"/quizzes/{quiz.pk}/")
    assert "4 题，不限时" in start
    assert "答对 3 题就算通过" in start
    first = client.post(f"/quizzes/{quiz.pk}/begin/", follow=True)
    assert first.redirect_chain[-1][0] == f"/quizzes/{quiz.pk}/attempt/?n=1"
    attempt = Attempt.objects.get()
    right = {"single": ["B"], "multiple": ["A", "C"], "true_false": ["true"], "fill_in": [" 两分钟　"]}
    for answer in attempt.answers.select_related("question"):
        assert f"第 {answer.place} 题，共 4 题" in page(client, f"/quizzes/{quiz.pk}/attempt/?n={answer.place}")
        response = keep(client, attempt, answer.place, *right[answer.question.kind])
    assert response.url == f"/quizzes/{quiz.pk}/attempt/check/"
    assert "4 题都答了，可以交卷" in page(client, response.url)
    result = client.post(f"/quizzes/attempts/{attempt.pk}/hand-in/", follow=True)
    html = result.content.decode()
    assert "通过了，" in html
    assert "4 题答对 4 题" in html
    assert "EXPLAINED-SINGLE" in html
    assert "测验都通过了" in page(client, "/quizzes/")


def test_a_failed_attempt_says_so_kindly_and_shows_what_is_right(client, quiz, person):
    attempt = take(quiz, person.member, right=0)
    html = page(client, f"/quizzes/attempts/{attempt.pk}/")
    assert "未通过，可再试，" in html
    assert "4 题答对 0 题" in html
    assert html.count("这题再想想") == 4
    assert html.count("没有作答") == 4
    for said in ("B　三天", "A　时间；C　到会的人", "SECRETKEY 或 两分钟", "再试一次"):
        assert said in html
    assert "未通过，可再试" in page(client, "/quizzes/")


def test_a_worse_attempt_after_a_passed_one_says_that_it_stays_passed(client, quiz, person):
    take(quiz, person.member)
    worse = take(quiz, person.member, right=1)
    html = page(client, f"/quizzes/attempts/{worse.pk}/")
    assert "以前已经通过" in html
    assert "通过一次就算通过" in html


def test_answers_are_kept_at_every_step_and_found_again(client, quiz, person):
    attempt = begin(quiz, person.member)
    places = {answer.question.kind: answer.place for answer in attempt.answers.select_related("question")}
    assert keep(client, attempt, places["single"], "C", go="back").status_code == 302
    keep(client, attempt, places["multiple"], "A", "B")
    keep(client, attempt, places["true_false"], "false")
    keep(client, attempt, places["fill_in"], "一刻钟")
    other = Client()
    other.force_login(person)
    assert 'value="C" checked' in page(other, f"/quizzes/{quiz.pk}/attempt/?n={places['single']}")
    several = page(other, f"/quizzes/{quiz.pk}/attempt/?n={places['multiple']}")
    assert re.findall(r'value="(\w)" checked', several) == ["A", "B"]
    assert 'value="false" checked' in page(other, f"/quizzes/{quiz.pk}/attempt/?n={places['true_false']}")
    assert 'value="一刻钟"' in page(other, f"/quizzes/{quiz.pk}/attempt/?n={places['fill_in']}")
    assert "接着做，去交卷" in page(other, f"/quizzes/{quiz.pk}/")


def test_opening_it_again_goes_on_with_the_first_question_without_an_answer(client, quiz, person):
    attempt = begin(quiz, person.member)
    keep(client, attempt, 1, "B")
    assert "接着做第 2 题" in page(client, f"/quizzes/{quiz.pk}/")
    assert client.get(f"/quizzes/{quiz.pk}/attempt/").url.endswith("?n=2")
    client.post(f"/quizzes/{quiz.pk}/begin/")
    assert Attempt.objects.get() == attempt


def test_back_and_next_lead_where_they_say(client, quiz, person):
    attempt = begin(quiz, person.member)
    assert keep(client, attempt, 2, go="back").url.endswith("?n=1")
    assert keep(client, attempt, 2).url.endswith("?n=3")
    assert keep(client, attempt, 4).url.endswith("/check/")
    assert keep(client, attempt, 1, go="back").url.endswith("/check/")


def test_a_script_keeps_an_answer_without_leaving_the_page(client, quiz, person):
    attempt = begin(quiz, person.member)
    response = keep(client, attempt, 1, "B", go="stay")
    assert (response.status_code, response.content) == (204, b"")
    assert attempt.answers.get(place=1).given == ["B"]


def test_the_last_look_names_what_is_missing_and_hands_in_all_the_same(client, quiz, person):
    attempt = begin(quiz, person.member)
    keep(client, attempt, 1, "B")
    html = page(client, f"/quizzes/{quiz.pk}/attempt/check/")
    assert "还有 3 题没有答" in html
    assert "去答第 2 题" in html
    client.post(f"/quizzes/attempts/{attempt.pk}/hand-in/")
    attempt.refresh_from_db()
    assert attempt.points == 1


# --- what never reaches a browser before handing in ------------------------------------
def everything_open(client, quiz, attempt) -> list[bytes]:
    """Every byte of every answer that an open attempt gets: bodies and headers."""
    paths = ["/quizzes/", f"/quizzes/{quiz.pk}/", f"/quizzes/{quiz.pk}/attempt/check/", "/study/"]
    paths += [f"/quizzes/{quiz.pk}/attempt/?n={place}" for place in range(1, 5)]
    responses = [client.get(path) for path in paths]
    responses += [client.get(f"/quizzes/{quiz.pk}/attempt/"), client.post(f"/quizzes/{quiz.pk}/begin/")]
    responses += [keep(client, attempt, place, "A", go="stay") for place in range(1, 4)]
    responses += [keep(client, attempt, place, "A", go="next") for place in range(1, 4)]
    responses += [client.get(f"/quizzes/attempts/{attempt.pk}/"), client.get(f"/quizzes/{quiz.pk}/attempt/?n=99")]
    return [TOKEN.sub(b"", each.content) + repr(sorted(each.headers.items())).encode() for each in responses]


def test_neither_key_nor_explanation_reaches_the_browser_while_an_attempt_is_open(client, quiz, person):
    attempt = begin(quiz, person.member)
    for said in everything_open(client, quiz, attempt):
        assert b"EXPLAINED" not in said
        assert b"SECRETKEY" not in said
        assert "两分钟".encode() not in said


def test_every_byte_of_an_open_attempt_is_the_same_whatever_the_key_is(client, quiz, person):
    attempt = begin(quiz, person.member)
    everything_open(client, quiz, attempt)  # what the first look changes (an answer, a cookie) is there now
    before = everything_open(client, quiz, attempt)
    keys = {"single": ["C"], "multiple": ["B", "C"], "true_false": [False], "fill_in": ["别的"]}
    for kind, key in keys.items():
        Question.objects.filter(kind=kind).update(key=key, explanation="别的理由")
    assert everything_open(client, quiz, attempt) == before


# --- whose it is --------------------------------------------------------------------------
def test_nobody_else_sees_or_moves_an_attempt_not_even_who_leads(tree, client, quiz, person):
    attempt, done = begin(quiz, person.member), None
    others = [make_person(tree.branch), make_leader(tree.branch), make_leader(tree.root)]
    done = take(make_quiz(tree.root, bank=quiz.bank), person.member)
    for user in others:
        other = Client()
        other.force_login(user)
        for answer in (
            other.get(f"/quizzes/attempts/{done.pk}/"),
            other.post(f"/quizzes/attempts/{attempt.pk}/hand-in/"),
            other.post(f"/quizzes/attempts/{done.pk}/hand-in/"),
            keep(other, attempt, 1, "B"),
        ):
            assert answer.status_code == 404
        assert get_user(other).pk == user.pk
    attempt.refresh_from_db()
    assert (attempt.handed_in_at, attempt.answers.get(place=1).given) == (None, None)


def test_an_attempt_at_another_quiz_is_not_taken_here(tree, client, quiz, person):
    elsewhere = begin(make_quiz(tree.root, bank=quiz.bank), person.member)
    data = {"attempt": elsewhere.pk, "place": 1, "answer": "B", "go": "next"}
    assert client.post(f"/quizzes/{quiz.pk}/attempt/", data).status_code == 404


@pytest.mark.parametrize(
    "data",
    [{}, {"attempt": "x", "place": "1"}, {"attempt": "1", "place": "99999999"}, {"attempt": "9" * 40, "place": "1"}],
)
def test_nonsense_is_refused_without_breaking(client, quiz, person, data):
    begin(quiz, person.member)
    assert client.post(f"/quizzes/{quiz.pk}/attempt/", data).status_code == 404


def test_pressing_hand_in_twice_leads_to_the_same_result(client, quiz, person):
    attempt = begin(quiz, person.member)
    first = client.post(f"/quizzes/attempts/{attempt.pk}/hand-in/")
    again = client.post(f"/quizzes/attempts/{attempt.pk}/hand-in/")
    assert first.url == again.url == f"/quizzes/attempts/{attempt.pk}/"


def test_an_answer_from_an_old_page_leads_to_the_result_and_changes_nothing(client, quiz, person):
    attempt = take(quiz, person.member, right=1)
    newer = begin(quiz, person.member)
    response = keep(client, attempt, 2, "A")
    assert response.url == f"/quizzes/attempts/{attempt.pk}/"
    assert attempt.answers.get(place=2).given is None
    assert newer.answers.get(place=2).given is None
    assert "以交卷时的答案为准" in page(client, response.url)


def test_a_quiz_of_another_organisation_and_a_draft_are_not_there(tree, client, person):
    far = make_quiz(tree.far, audience="subtree")
    near = make_quiz(tree.branch, audience="subtree", title="本支部的测验", bank=far.bank)
    draft = make_quiz(tree.branch, published=False, bank=far.bank)
    for quiz in (far, draft):
        for path in ("", "attempt/", "attempt/check/"):
            assert client.get(f"/quizzes/{quiz.pk}/{path}").status_code == 404
        assert client.post(f"/quizzes/{quiz.pk}/begin/").status_code == 404
    assert page(client, "/quizzes/").count("item-title") == 1
    assert near.title in page(client, "/quizzes/")


def test_a_withdrawn_quiz_is_closed_but_its_results_stay_ones_own(client, quiz, person):
    done = take(quiz, person.member)
    begun = begin(quiz, person.member)
    withdraw_quiz(quiz=quiz, now=timezone.now())
    assert client.get(f"/quizzes/{quiz.pk}/attempt/?n=1").status_code == 404
    assert client.post(f"/quizzes/attempts/{begun.pk}/hand-in/").status_code == 404
    html = page(client, f"/quizzes/attempts/{done.pk}/")
    assert "再做一遍" not in html


def test_an_account_that_is_no_members_may_look_but_not_begin(quiz):
    client = Client()
    client.force_login(make_account())
    assert "不记录答题" in page(client, f"/quizzes/{quiz.pk}/")
    assert client.post(f"/quizzes/{quiz.pk}/begin/").status_code == 404


def test_a_quiz_whose_questions_were_taken_out_says_so(client, quiz):
    quiz.bank.questions.update(is_retired=True)
    assert "题目正在准备" in page(client, f"/quizzes/{quiz.pk}/")
    assert "题目正在准备" in client.post(f"/quizzes/{quiz.pk}/begin/", follow=True).content.decode()


def test_text_of_questions_is_text(client, tree, person):
    bank = make_bank(FOUR[0] | {"text": "<script>x</script>", "options": ["<b>a", "<i>b", "c"], "explanation": "<u>e"})
    attempt = take(make_quiz(tree.root, bank=bank), person.member)
    html = page(client, f"/quizzes/attempts/{attempt.pk}/")
    for raw in ("<script>x", "<b>a", "<i>b", "<u>e"):
        assert raw not in html


# --- where quizzes are met --------------------------------------------------------------
def test_the_list_costs_the_same_for_any_number_of_quizzes(client, tree, person):
    bank = make_bank()
    for number in range(3):
        take(make_quiz(tree.root, bank=bank, title=f"测验 {number}"), person.member, right=number)
    client.get("/quizzes/")
    few = count_queries(client)
    for number in range(20):
        make_quiz(tree.root, bank=bank, title=f"又一个 {number}")
    assert count_queries(client) == few


def count_queries(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get("/quizzes/")
    return len(asked)


def test_a_quiz_of_a_plan_is_a_link_with_its_state_on_my_page(client, tree, person, quiz):
    year = tuple(day.replace(year=timezone.localdate().year) for day in THIS_YEAR)
    plan = make_plan(title="计划", organisation=tree.root, starts_on=year[0], ends_on=year[1], items=[quiz.item])
    publish_plan(plan, now=timezone.now())
    html = page(client, "/study/")
    assert f'href="/quizzes/{quiz.pk}/"' in html
    assert 'href="/quizzes/"' in html
    take(quiz, person.member, right=0)
    assert "未通过，可再试" in page(client, "/study/")
    take(quiz, person.member)
    assert "已学完" in page(client, "/study/")
    withdraw_quiz(quiz=quiz, now=timezone.now())
    assert f'href="/quizzes/{quiz.pk}/"' not in page(client, "/study/")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (CompletionRule.COVERED, "测验供您自己试一试"),
        (CompletionRule.QUIZ, "通过这个测验，这一课就算学完"),
        (CompletionRule.BOTH, "这一课从头到尾学过，测验也通过，就算学完"),
    ],
)
def test_a_lesson_shows_its_quiz_and_says_what_is_missing(client, tree, person, rule, sentence):
    item = make_lesson(tree.root, completion_rule=rule)
    quiz = make_quiz(tree.root, lesson=item.page.specific)
    address = item.page.specific.get_url()
    html = page(client, address)
    assert f'href="/quizzes/{quiz.pk}/"' in html
    assert sentence in html
    take(quiz, person.member)
    html = page(client, address)
    assert sentence not in html or rule == CompletionRule.COVERED
    assert ("测验已经通过，再把这一课没学的部分学了" in html) == (rule == CompletionRule.BOTH)
    assert "通过了" in html
    assert item.title in page(client, f"/quizzes/attempts/{Attempt.objects.get().pk}/")


def test_a_lesson_that_has_been_seen_says_that_only_the_quiz_is_missing(client, tree, person):
    item = make_lesson(tree.root, completion_rule=CompletionRule.BOTH, seconds=100)
    make_quiz(tree.root, lesson=item.page.specific)
    Viewing(person.member, item).watch(0, 100)
    html = page(client, item.page.specific.get_url())
    assert "内容都学过了，还差通过课后测验" in html
    assert "这一课的内容都学过了，再通过测验，就算学完" in html
    course = page(client, item.page.get_parent().specific.get_url())
    assert "内容都学过了，还差通过课后测验" in course
    assert "还差 0 秒" not in html + course
