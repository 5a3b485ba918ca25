"""What branch secretaries do, each on their own telephone."""

import re

from playwright.sync_api import Page, expect

from tests.browser.afternoon.offices import follow, follow_in_navigation, main, press
from tests.browser.test_activity import Taps


def begin_a_record(page: Page, topic: str) -> Taps:
    follow_in_navigation(page, "支部")
    follow(page, re.compile("记一次活动"))
    page.get_by_label("主题", exact=True).fill(topic)
    taps = Taps(page)
    taps.tick("主题党日")
    taps.press("下一步：谁到了")
    page.wait_for_url(re.compile(r"/branch/activities/\d+/$"))
    return taps


def record_an_activity_with_everybody(page: Page, topic: str) -> int:
    """From the typed topic to the submitted record; how many taps it took."""
    taps = begin_a_record(page, topic)
    everybody = page.get_by_role("button", name="全部到会")
    if everybody.count():
        taps.press("全部到会")
    expect(page.locator(".attend:checked")).to_have_count(3)
    page.get_by_label("会议记录").fill("分三组清理，每组认领一段。")
    taps.press("提交")
    expect(page.get_by_text("已提交。审核通过，或者要改什么，都会显示在这里。")).to_be_visible()
    return taps.count


def open_the_code_of_an_activity(page: Page, topic: str) -> None:
    begin_a_record(page, topic)
    follow(page, "扫码活动签到")
    press(page, "打开活动签到")
    expect(page.locator(".digits")).to_be_visible()


def shown_code(page: Page) -> tuple[str, str]:
    """The number of the activity and the six digits that the hall sees now."""
    page.reload()
    number = re.search(r"/activities/(\d+)/code/", page.url).group(1)
    return number, page.locator(".digits").inner_text()


def close_the_code(page: Page) -> None:
    press(page, "结束活动签到")
    expect(page.locator(".attend:checked")).to_have_count(2)


def receive(page: Page, name: str) -> None:
    follow_in_navigation(page, "支部")
    follow(page, re.compile("来这里报到的党员"))
    expect(page.locator("h1")).to_contain_text("1 人")
    follow(page, name)
    press(page, "接收")
    expect(page.get_by_text("已接收。")).to_be_visible()


def see_who_is_away(page: Page, name: str, host: str) -> None:
    follow_in_navigation(page, "支部")
    follow(page, re.compile("外出的党员"))
    row = page.get_by_role("row", name=re.compile(name))
    expect(row).to_contain_text(host)


def answer_the_feedback(page: Page, said: str, answer: str) -> None:
    follow_in_navigation(page, "支部")
    follow(page, re.compile("意见建议"))
    follow(page, said)
    expect(main(page)).to_contain_text("周秀兰")
    page.get_by_label("答复内容").fill(answer)
    press(page, "送出答复")
    expect(page.get_by_text("答复好了，对方现在就能看到。")).to_be_visible()
