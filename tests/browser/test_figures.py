"""The figures and who may ask about them: the ledger, the need for help, a plan that is changed, the board."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_axe import flaws_of

MODES = pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])


@MODES
def test_a_member_asks_about_a_line_of_the_ledger(open_page, demo_house, demo_sessions, elder):
    page = as_somebody(open_page, demo_house, demo_sessions, "党员", width=360, elder=elder)
    page.goto("/study/")
    page.get_by_role("link", name="学时明细").first.click()
    expect(page.get_by_text("学时记录用于学习安排与提醒，不作为考评依据").first).to_be_visible()
    page.get_by_role("link", name=re.compile("我有疑问")).first.click()
    page.get_by_role("main").get_by_role("textbox").first.fill("这一次我也参加了，怎么没有算？")
    page.get_by_role("button", name="发出提问").click()
    expect(page.get_by_role("main")).to_contain_text("前答复")


@MODES
def test_a_member_asks_for_help_and_the_branch_sees_who_and_why(open_page, demo_house, demo_sessions, elder):
    member = as_somebody(open_page, demo_house, demo_sessions, "党员", width=360, elder=elder)
    member.goto("/study/help/")
    for fold in member.get_by_text("换一项困难").all():  # asked before
        fold.click()
    reasons = member.get_by_role("radio")
    (reasons.nth(1) if reasons.first.is_checked() else reasons.first).check()
    member.get_by_role("main").get_by_role("button").last.click()
    expect(member).to_have_url(re.compile("/study/$"))
    secretary = as_somebody(open_page, demo_house, demo_sessions, "支部书记", width=1280, elder=elder)
    secretary.goto("/organise/")
    expect(secretary.get_by_role("main")).to_contain_text("需要帮助")


@MODES
def test_an_organiser_sees_whom_a_change_touches_before_it_is_saved(open_page, demo_house, demo_sessions, elder):
    page = as_somebody(open_page, demo_house, demo_sessions, "组织员", width=1280, elder=elder)
    page.goto("/organise/plans/")
    page.locator("main .item-list a").first.click()
    page.get_by_role("link", name="修改计划").click()
    offered = page.get_by_label("选学，不作要求").first
    offered.set_checked(not offered.is_checked())
    page.get_by_role("button", name="下一步：看看会影响谁").click()
    expect(page.get_by_role("heading", name="这样改计划？")).to_be_visible()
    assert not flaws_of(page, elder=elder)
    page.get_by_role("button", name="就这样改").click()
    expect(page.get_by_role("main")).to_contain_text("计划已改好")


@MODES
def test_an_organiser_reads_the_board_of_today_and_of_a_past_day(open_page, demo_house, demo_sessions, elder):
    page = as_somebody(open_page, demo_house, demo_sessions, "组织员", width=1280, elder=elder)
    page.goto("/organise/")
    expect(page.get_by_role("main")).to_contain_text("应学")
    page.get_by_label("截至").select_option(index=1)
    page.get_by_role("button", name="查看").click()
    expect(page).to_have_url(re.compile("asof=20"))
    expect(page.get_by_role("main")).to_contain_text("应学")


def as_somebody(open_page, house, sessions, who: str, *, width: int, elder: bool):
    page = open_page(house, width=width, elder=elder)
    page.context.add_cookies(sessions[who])
    return page
