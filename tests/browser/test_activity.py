"""An activity as its people hold it in their hands: the budgets of taps, counted."""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import come_in_with_card

SECRETARY, MEMBER = "01010001", "01010002"


class Taps:
    """Presses, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, name: str | re.Pattern, role: str = "button") -> None:
        self.count += 1
        self.page.get_by_role("main").get_by_role(role, name=name, exact=isinstance(name, str)).first.click()

    def tick(self, label: str) -> None:
        self.count += 1
        self.page.get_by_text(label, exact=True).first.click()


def signed_in(open_page, house, number: str, **rest) -> Page:
    page = open_page(house, **rest)
    come_in_with_card(page, number, house.manage("issue_code", number).split()[-1])
    return page


def test_a_secretary_records_an_activity_and_a_member_signs_in_from_the_code(open_page, demo_house):
    member = signed_in(open_page, demo_house, MEMBER, elder=True)
    secretary = signed_in(open_page, demo_house, SECRETARY)
    secretary.goto("/branch/")
    secretary.get_by_role("link", name=re.compile("记一次活动")).click()
    secretary.get_by_label("主题", exact=True).fill("清理河边小路")
    taps = Taps(secretary)
    taps.tick("主题党日")
    taps.press("下一步：谁到了")
    secretary.wait_for_url(re.compile(r"/branch/activities/\d+/$"))
    record = secretary.url

    secretary.goto(f"{record}code/")
    secretary.get_by_role("button", name="打开活动签到").click()
    code = secretary.locator(".digits").inner_text()
    number = re.search(r"/(\d+)/$", record).group(1)
    own = Taps(member)
    own.count += 1  # the scan opens the page
    member.goto(f"/activities/sign-in/?activity={number}&code={code}")
    own.press("活动签到")
    expect(member.get_by_text("活动签到好了")).to_be_visible()
    assert own.count <= 2

    secretary.goto(record)
    expect(secretary.locator(".attend:checked")).to_have_count(1)
    taps.press("全部到会")
    people = secretary.locator(".people > li")
    for place in (3, 4):
        taps.count += 1
        people.nth(place).locator(".person").click()
    taps.count += 1
    people.nth(3).locator(".leave").click()
    secretary.get_by_label("会议记录").fill("分三组清理，每组认领一段。")
    taps.press("提交")
    secretary.wait_for_url("**/branch/")
    expect(secretary.get_by_text("已提交。审核通过，或者要改什么，都会显示在这里。")).to_be_visible()
    assert taps.count <= 10


def test_everything_about_activities_works_without_script(chromium, open_page, demo_house):
    secretary = signed_in(open_page, demo_house, SECRETARY)
    context = chromium.new_context(
        java_script_enabled=False, base_url=demo_house.url, storage_state=secretary.context.storage_state()
    )
    page = context.new_page()
    page.goto("/branch/activities/new/")
    page.get_by_label("主题", exact=True).fill("学会用电用火的几个好习惯")
    page.get_by_text("党课", exact=True).first.click()
    page.get_by_role("button", name="下一步：谁到了").click()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已提交。", exact=False)).to_be_visible()
    context.close()
