"""The demo's quizzes can be loaded, taken, and read by everybody."""

import re

import pytest
from config.demo_quizzes import FILE, load_quizzes

from learning.quizzes.models import Attempt, Question, QuestionBank, Quiz
from members.organisation.models import Organisation
from tests.factories import make_person, make_tree
from tests.learning.makers import NOON
from tests.test_engine_floor import NEVER_SAID

pytestmark = pytest.mark.django_db


def test_two_banks_and_four_quizzes_with_some_attempts_are_loaded():
    tree = make_tree()
    Organisation.objects.filter(pk=tree.root.pk).update(code="LW")
    for _ in range(40):
        make_person(tree.branch)
    load_quizzes(now=NOON)
    assert QuestionBank.objects.count() == 2
    assert all(bank.questions.live().count() >= 10 for bank in QuestionBank.objects.all())
    assert Quiz.objects.published().count() == 4
    assert Attempt.objects.filter(is_passed=True).exists()
    assert Attempt.objects.open().exists()
    assert set(Question.objects.values_list("kind", flat=True)) == {
        "single",
        "multiple",
        "true_false",
        "fill_in",
    }


def test_the_words_of_the_demo_are_those_of_the_house():
    said = FILE.read_text("utf-8")
    assert not NEVER_SAID.search(said)
    assert not re.search("党费|收入|身份证", said)
