"""What editors do with banks, questions and quizzes, and what they cannot do."""

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from learning.courses.models import StudyItem
from learning.quizzes.models import Question, QuestionBank, Quiz
from members.accounts.models import User
from members.organisation.rules import Rule
from tests.factories import LONG_AGO, make_editor, make_leader, make_person, make_tree
from tests.learning.makers import make_lesson, make_portal
from tests.learning.quiz_makers import begin, make_bank, make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=LONG_AGO.date())
    make_portal()
    return make_tree()


@pytest.fixture
def editor(tree):
    client = Client()
    client.force_login(make_editor(tree.root))
    return client


def question(bank, **said) -> dict:
    fields = {"bank": bank.pk, "kind": "single", "text": "几点开会？", "option_a": "九点", "option_b": "十点"}
    return fields | {"answer": "b", "explanation": "", "points": "1", "difficulty": "", "tags": ""} | said


def quiz(tree, bank, **said) -> dict:
    fields = {"title": "小测", "bank": bank.pk, "number_drawn": "4", "pass_percent": "60", "hours": "", "lesson": ""}
    return fields | {"organisation": tree.root.pk, "audience": "members"} | said


def test_an_editor_makes_a_bank_a_question_and_a_quiz_and_publishes_it(tree, editor):
    assert editor.post("/cms/questionbank/new/", {"name": "会议", "organisation": ""}).status_code == 302
    bank = QuestionBank.objects.get()
    assert editor.post("/cms/question/new/", question(bank)).status_code == 302
    made = Question.objects.get()
    assert (made.options, made.key, made.kind) == (["九点", "十点"], ["B"], "single")
    assert editor.post("/cms/quiz/new/", quiz(tree, bank)).status_code == 302
    assert not StudyItem.objects.exists()
    edit = f"/cms/quiz/edit/{Quiz.objects.get().pk}/"
    assert editor.post(edit, quiz(tree, bank, is_published="on", hours="1.5")).status_code == 302
    item = StudyItem.objects.get()
    assert (item.kind, item.title, str(item.hours), item.withdrawn_at) == ("quiz", "小测", "1.50", None)
    assert editor.post(edit, quiz(tree, bank)).status_code == 302
    item.refresh_from_db()
    assert item.withdrawn_at is not None
    assert not Quiz.objects.published().exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"answer": "D"}, "答案要写已有选项的字母"),
        ({"kind": "multiple", "answer": "A"}, "多选题的答案至少写两个字母"),
        ({"kind": "true_false", "answer": "对"}, "这种题型没有选项"),
        ({"option_b": ""}, "选择题至少要有两个选项"),
        ({"points": "0"}, "分值是 1 到 100 的整数"),
    ],
)
def test_a_question_is_checked_by_the_rules_of_the_workbook(tree, editor, said, sentence):
    response = editor.post("/cms/question/new/", question(make_bank(name="会议"), **said))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Question.objects.filter(text="几点开会？").exists()


def test_a_bank_takes_no_question_twice(tree, editor):
    bank = make_bank()
    editor.post("/cms/question/new/", question(bank))
    response = editor.post("/cms/question/new/", question(bank, text=" 几点开会? "))
    assert "已经有同样的题" in response.content.decode()
    assert Question.objects.filter(bank=bank, text="几点开会？").count() == 1


def test_editing_an_asked_question_makes_its_successor_and_the_list_shows_only_that(tree, editor):
    bank = make_bank()
    begin(make_quiz(tree.root, bank=bank), make_person(tree.branch).member)
    asked = Question.objects.get(kind="single")
    page = editor.get(f"/cms/question/edit/{asked.pk}/").content.decode()
    assert 'value="三天"' in page
    said = question(bank, text=asked.text, option_a="一天", option_b="四天", answer="B")
    assert editor.post(f"/cms/question/edit/{asked.pk}/", said).status_code == 302
    asked.refresh_from_db()
    assert (asked.options, asked.is_retired) == (["一天", "三天", "十天"], True)
    assert asked.successor.options == ["一天", "四天"]
    listed = editor.get("/cms/question/").content.decode()
    assert f"/cms/question/edit/{asked.successor_id}/" in listed
    assert f"/cms/question/edit/{asked.pk}/" not in listed
    refused = editor.post(f"/cms/question/edit/{asked.pk}/", said)
    assert "请改新的那一道" in refused.content.decode()
    assert Question.objects.filter(kind="single").count() == 2


def test_a_question_is_taken_out_and_put_back_without_a_successor(tree, editor):
    bank = make_bank()
    editor.post("/cms/question/new/", question(bank))
    made = Question.objects.get(text="几点开会？")
    editor.post(f"/cms/question/edit/{made.pk}/", question(bank, is_retired="on"))
    made.refresh_from_db()
    assert (made.is_retired, made.successor) == (True, None)
    editor.post(f"/cms/question/edit/{made.pk}/", question(bank))
    made.refresh_from_db()
    assert not made.is_retired


def test_a_quiz_without_questions_is_not_published_and_says_why(tree, editor):
    bank = QuestionBank.objects.create(name="空")
    response = editor.post("/cms/quiz/new/", quiz(tree, bank, is_published="on"))
    assert "还没有可以出的题" in response.content.decode()
    assert not Quiz.objects.exists()


def test_a_quiz_after_a_lesson_is_for_the_readers_of_the_lesson(tree, editor):
    lesson = make_lesson(tree.west, audience="subtree").page
    said = quiz(tree, make_bank(), lesson=lesson.pk, is_published="on")
    assert editor.post("/cms/quiz/new/", said).status_code == 302
    made = Quiz.objects.get()
    assert (made.lesson_id, made.organisation, made.audience) == (lesson.pk, tree.west, "subtree")


def test_nothing_is_deleted_here(tree, editor):
    made = make_quiz(tree.root)
    for path in (f"quiz/delete/{made.pk}", f"questionbank/delete/{made.bank_id}"):
        editor.post(f"/cms/{path}/")
    editor.post(f"/cms/question/delete/{made.bank.questions.first().pk}/")
    assert (Quiz.objects.count(), QuestionBank.objects.count(), Question.objects.count()) == (1, 1, 4)


def test_only_editors_enter_and_the_grant_opens_exactly_this(tree, editor):
    for user in (make_leader(tree.root), make_person(tree.root)):
        client = Client()
        client.force_login(user)
        for path in ("quiz", "question", "questionbank"):
            assert client.get(f"/cms/{path}/").status_code == 403
    user = User.objects.get(groups__isnull=False)
    assert {name for name in user.get_all_permissions() if name.startswith("learning.")} == {
        f"learning.{action}_{model}" for action in ("add", "change") for model in ("questionbank", "question", "quiz")
    }


def test_no_page_of_the_cms_names_who_has_taken_a_quiz(tree, editor):
    person = make_person(tree.branch, name="欧阳测试")
    made = make_quiz(tree.root)
    begin(made, person.member)
    for path in ("quiz/", f"quiz/edit/{made.pk}/", f"quiz/usage/{made.pk}/", f"quiz/history/{made.pk}/", "question/"):
        html = editor.get(f"/cms/{path}").content.decode()
        assert person.member.name not in html
        assert person.member.number not in html
    question_pk = made.bank.questions.first().pk
    assert person.member.name not in editor.get(f"/cms/question/usage/{question_pk}/").content.decode()
    assert not ModelLogEntry.objects.filter(content_type__model__in=("attempt", "answer")).exists()
