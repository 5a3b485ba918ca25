"""A quiz on a telephone: an answer is kept when it is chosen, also while the network is away."""

from playwright.sync_api import Page, expect

from tests.browser.people import come_in_with_card

# A member who has tried nothing yet, a card for them, and a quiz.
PREPARE = """
import json
from config.demo_quizzes import load_quizzes
from django.utils import timezone
from learning.quizzes.models import Quiz
from members.accounts.codes import issue_code
from members.accounts.models import Member
now = timezone.now()
Quiz.objects.exists() or load_quizzes(now=now)
member = Member.objects.filter(user__isnull=False, attempts=None).order_by("number").last()
print(json.dumps([member.number, issue_code(actor=None, now=now, member=member), Quiz.objects.earliest("pk").pk]))
"""
GIVEN = """
import json
from learning.quizzes.models import Answer
print(json.dumps([answer.given for answer in Answer.objects.filter(attempt__member__number={number!r})]))
"""


def choose(page: Page) -> None:
    written = page.locator("main input[type=text]")
    if written.count():
        written.fill("长辈版")
        written.blur()
    else:
        page.locator("main .option").first.click()


def test_an_answer_is_kept_at_once_and_a_lost_network_loses_nothing(demo_house, open_page):
    number, code, quiz = demo_house.ask(PREPARE)
    page = open_page(demo_house)
    come_in_with_card(page, number, code)
    page.goto(f"/quizzes/{quiz}/")
    page.get_by_role("button", name="开始答题").click()
    choose(page)
    expect(page.get_by_text("答案已经保存。")).to_be_visible()
    page.goto(f"/quizzes/{quiz}/attempt/")
    expect(page.locator("h1")).to_have_text("第 2 题，共 5 题")

    page.context.set_offline(True)
    choose(page)
    expect(page.get_by_text("网络断了。")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("答案已经保存。")).to_be_visible()
    given = demo_house.ask(GIVEN.format(number=number))
    assert [answer is not None for answer in given] == [True, True, False, False, False]

    page.goto(f"/quizzes/{quiz}/attempt/check/")
    expect(page.locator("h1")).to_have_text("还有 3 题没有答")
    page.get_by_role("button", name="就这样交卷").click()
    expect(page.locator("h1")).to_contain_text("5 题答对")
    expect(page.locator(".answer-review")).to_have_count(5)
