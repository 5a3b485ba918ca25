"""What members do, each on their own telephone."""

import re

from playwright.sync_api import Page, expect

from tests.browser.afternoon.offices import follow, follow_in_navigation, main, press
from tests.browser.afternoon.papers import ANSWERS, ARTICLE, PLAN, QUIZ
from tests.browser.test_activity import Taps


def read_the_article_to_its_end(page: Page) -> None:
    """At an honest pace: the page goes along with the reader, and says when it has been read."""
    follow_in_navigation(page, "首页")
    expect(main(page)).not_to_contain_text("这里还没有内容")
    follow(page, ARTICLE)
    said = page.locator(".coverage-say")
    expect(said).not_to_have_text("已学完")
    for place in range(page.locator(".reading-body > *").count()):
        page.locator(".reading-body > *").nth(place).scroll_into_view_if_needed()
        page.wait_for_timeout(800)
    page.locator(".reading-body > :last-child").evaluate("end => end.scrollIntoView({ block: 'center' })")
    expect(said).to_have_text("已学完", timeout=30_000)


def pass_the_quiz(page: Page) -> None:
    follow_in_navigation(page, "学习")
    follow(page, QUIZ)
    press(page, "开始答题")
    for place in range(1, len(ANSWERS) + 1):
        expect(page.locator("h1")).to_have_text(f"第 {place} 题，共 {len(ANSWERS)} 题")
        asked = page.locator("legend").inner_text()
        right = next(answer for question, answer in ANSWERS.items() if question in asked)
        page.locator(".option", has_text=right).click()
        press(page, re.compile("下一题|答完了，去交卷"))
    press(page, "交卷")
    expect(page.locator("h1")).to_contain_text("通过了")


def sign_in_from_the_code(page: Page, number: str, code: str) -> int:
    """What the telephone opens after the scan, and one button; how many taps it took."""
    taps = Taps(page)
    taps.count += 1  # the scan
    page.goto(f"/activities/sign-in/?activity={number}&code={code}")
    taps.press("活动签到")
    expect(page.get_by_text("活动签到好了")).to_be_visible()
    return taps.count


def sign_in_with_six_digits(page: Page, code: str) -> None:
    page.goto("/activities/sign-in/")
    page.get_by_label("会场上的六个数").fill(code)
    press(page, "活动签到")
    expect(page.get_by_text("活动签到好了")).to_be_visible()


def write_into_the_box_of_the_page(page: Page, said: str) -> None:
    page.get_by_text("对这一页有意见建议？").click()
    page.get_by_label("想说什么，直接写").fill(said)
    page.get_by_role("button", name="送出", exact=True).click()
    page.wait_for_url(re.compile(r"/feedback/\d+/$"))
    expect(page.locator("h1")).to_contain_text("前答复")


def register_a_time_away(page: Page, place: str) -> None:
    follow_in_navigation(page, "我的")
    follow(page, "外出登记和报到")
    follow(page, "登记外出")
    page.get_by_label(re.compile("去哪个县")).fill(place)
    press(page, "登记")
    expect(page.get_by_text("登记好了。到了以后，请报到。")).to_be_visible()


def report_in(page: Page, host: str) -> None:
    follow(page, "报到")
    page.get_by_label(re.compile("党组织的名字")).fill(host)
    press(page, "搜索")
    page.locator(".option", has_text=host).click()
    press(page, "报到")
    expect(page.locator("h1")).to_have_text(re.compile(f"已报到，等.*{host}确认"))


def read_the_answer(page: Page, said: str, answer: str) -> None:
    follow_in_navigation(page, "我的")
    follow(page, "我的意见建议")
    follow(page, said)
    expect(page.locator("h1")).to_have_text("您的意见有答复了")
    expect(main(page)).to_contain_text(answer)


def find_the_reminder_and_why_it_came(page: Page) -> None:
    follow_in_navigation(page, "首页")
    follow(page, re.compile("还有 1 项要学"))
    expect(main(page)).to_contain_text(ARTICLE)
    expect(main(page)).not_to_contain_text(QUIZ)
    expect(main(page)).to_contain_text(f"为什么收到：您在学习计划“{PLAN}”里。")
