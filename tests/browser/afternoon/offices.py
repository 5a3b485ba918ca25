"""What administrators and the organiser do, each on their own telephone."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.afternoon.papers import ARTICLE, BAD_COLUMN, BAD_ROW, PLAN, QUIZ

BY_THE_WORKER = 60_000  # ms; the page asks by itself how far it is
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def main(page: Page):
    return page.get_by_role("main")


def press(page: Page, name: str | re.Pattern) -> None:
    main(page).get_by_role("button", name=name, exact=isinstance(name, str)).first.click()


def follow(page: Page, name: str | re.Pattern) -> None:
    main(page).get_by_role("link", name=name, exact=isinstance(name, str)).first.click()


def follow_in_navigation(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=name).first.click()


def go_to_my_duty(page: Page, name: str) -> None:
    """By one's own page; the second step of signing in was set up at the first entry."""
    follow_in_navigation(page, "我的")
    follow(page, name)


def printed_cards(page: Page) -> dict[str, str]:
    """The one-time codes by number, as somebody reads them from the sheet."""
    cards = page.locator(".sign-card")
    expect(cards.first).to_be_visible()
    return dict(card.locator(".sign-card-code").all_inner_texts() for card in cards.all())


# --- the system administrator and the security administrator ---------------------------------------------------------


def make_an_account_for_the_organiser(page: Page) -> dict[str, str]:
    go_to_my_duty(page, "管理账号")
    page.goto("/accounts/people/new/")
    page.get_by_label("登录用的短名").fill("zuzhi")
    page.get_by_label("怎么称呼").fill("组织员老魏")
    press(page, "建账号")
    expect(main(page)).to_contain_text("组织员老魏")
    press(page, "给一张新的登录卡")
    return printed_cards(page)


def grant(page: Page, *, who: str, role: str, unit: str) -> None:
    """Filled in, read once more with the names, and given."""
    go_to_my_duty(page, "授予和收回角色")
    follow(page, "授予角色")
    page.get_by_label("党员编号或短名").fill(who)
    page.get_by_label("角色").select_option(label=role)
    page.get_by_label(re.compile("负责哪个单位")).fill(unit)
    press(page, "继续")
    expect(main(page)).to_contain_text(unit)
    press(page, "授予")
    expect(page.get_by_text("角色已授予，从现在起有效。")).to_be_visible()


# --- the organiser ---------------------------------------------------------------------------------------------------


def upload(page: Page, kind: str, file: str) -> None:
    follow_in_navigation(page, "组织")
    follow(page, "名单导入")
    follow(page, "导入名单")
    page.get_by_label(kind, exact=True).check()
    page.get_by_label(re.compile("^文件")).set_input_files(file)
    press(page, "先看看")


def import_units(page: Page, file: str) -> None:
    upload(page, "党组织", file)
    press(page, "导入 3 个党组织")
    expect(main(page)).to_contain_text("这份名单已经导入。", timeout=BY_THE_WORKER)
    expect(page.locator("h1")).to_contain_text("新增 3")


def the_bad_row_is_named_and_commented(page: Page, file: str) -> None:
    upload(page, "党员", file)
    expect(page.locator("h1")).to_have_text("有 1 行要改", timeout=BY_THE_WORKER)
    expect(page.get_by_role("row", name=re.compile(f"{BAD_ROW}.*所在组织编码.*没有这个编码的组织"))).to_be_visible()
    with page.expect_download() as download:
        follow(page, re.compile("下载名单"))
    sheet = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    commented = [cell for cells in sheet.iter_rows() for cell in cells if cell.comment]
    assert [(cell.row, cell.column) for cell in commented] == [(BAD_ROW, BAD_COLUMN)]
    assert "没有这个编码的组织" in commented[0].comment.text


def import_people(page: Page, file: str) -> None:
    upload(page, "党员", file)
    expect(page.locator("h1")).to_have_text("新增 5，更新 0", timeout=BY_THE_WORKER)
    press(page, "导入 5 人")
    expect(main(page)).to_contain_text("这份名单已经导入。", timeout=BY_THE_WORKER)
    expect(page.locator("h1")).to_contain_text("新增 5")


def print_cards(page: Page, unit: str, *names: str) -> dict[str, str]:
    """For those whose names are ticked; read from the sheet."""
    page.goto(f"/branch/people/?unit={unit}")
    for name in names:
        page.get_by_label(name, exact=True).check()
    press(page, "给勾选的人印登录卡")
    return printed_cards(page)


def send_out_the_plan(page: Page) -> None:
    """A draft with the article and the quiz; before it goes out, the page says to how many people."""
    follow_in_navigation(page, "组织")
    follow(page, "学习计划")
    follow(page, "新建计划")
    page.get_by_label("计划名称").fill(PLAN)
    page.get_by_label("发给哪个组织").select_option(value="LW")
    press(page, "下一步：选学什么")
    for title in (ARTICLE, QUIZ):
        page.get_by_label(re.compile(title)).check()
    press(page, "下一步：看发给哪些人")
    expect(page.locator("h1")).to_have_text("把计划发给 5 人？")
    expect(page.locator(".lead")).to_contain_text("2 项")
    press(page, "发给 5 人")
    expect(page.locator("main .lead")).to_have_text("党员 5 人，其中应学 5 人，已学完 0 人。")


def accept_the_record(page: Page, topic: str) -> None:
    follow_in_navigation(page, "组织")
    follow(page, "活动记录和审核")
    follow(page, topic)
    press(page, "审核通过")
    expect(page.get_by_text("审核通过，已归档。")).to_be_visible()


def remind_who_is_behind(page: Page) -> None:
    """First the page that says who gets what and who nothing; then the one button."""
    follow_in_navigation(page, "组织")
    follow(page, "看看要发的提醒")
    expect(page.locator("main .lead")).to_have_text("发给 3 人，每人只收到一条。另有 2 人不发。")
    page.get_by_text("看看是哪 3 人").click()
    expect(main(page)).to_contain_text("顾文竹、何春生、裴秋实")
    group = page.locator("section", has=page.get_by_role("heading", name="发到群里的话"))
    expect(group).not_to_contain_text(re.compile("顾文竹|何春生|裴秋实"))
    press(page, "发给 3 人")
    expect(page.get_by_text("已发给 3 人")).to_be_visible()


def nobody_is_left_to_remind(page: Page) -> None:
    follow(page, "看看要发的提醒")
    expect(page.locator("main .lead")).to_have_text("现在没有要提醒的人。另有 5 人不发。")
    expect(main(page).get_by_role("button", name=re.compile("发给"))).to_have_count(0)


# --- the audit administrator -----------------------------------------------------------------------------------------


def find_the_log_whole(page: Page) -> None:
    go_to_my_duty(page, "查看审计日志")
    press(page, "检查日志链")
    expect(page.get_by_text(re.compile(r"日志链完整：共 \d+ 条，没有一条被改过。"))).to_be_visible()
