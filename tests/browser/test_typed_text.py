"""Somebody writes, and the session ends, the page is left, the device is given back: nothing typed is lost or left."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.people import PASSWORD, come_in

FORM = "/accounts/people/new/"
ADMINISTRATOR = f"""
from django.utils import timezone
from members.accounts.models import User
from members.roles.actions import grant_role
from members.roles.models import Role
for name in ("keeper", "other"):
    user, is_new = User.objects.get_or_create(username=name, defaults={{"display_name": name}})
    user.set_password("{PASSWORD}")
    user.one_time_until = None
    user.drafts.all().delete()
    user.save()
    grant_role(user=user, role=Role.SYSTEM_ADMIN, organisation=None, actor=None, now=timezone.now())
"""
SAID = "罗 生（社区学堂的值班同志）"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"


def ready(house, open_page, **rest) -> Page:
    house.manage("shell", "--no-imports", "-c", ADMINISTRATOR)
    page = open_page(house, **rest)
    come_in(page, "keeper")
    return page


def write(page: Page, name: str = "luosheng") -> None:
    page.goto(FORM)
    page.locator("#id_username").fill(name)
    page.locator("#id_display_name").fill(SAID)


def expect_everything(page: Page, name: str = "luosheng") -> None:
    expect(page.locator("#id_display_name")).to_have_value(SAID)
    expect(page.locator("#id_username")).to_have_value(name)


def expect_nothing_kept(page: Page) -> None:
    """Asked from outside: the rules of the page allow no polling inside it."""
    until = time.monotonic() + 10
    while page.evaluate(KEPT):
        assert time.monotonic() < until
        page.wait_for_timeout(100)


def end_the_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def test_a_session_that_ends_in_the_middle_loses_nothing(demo_house, open_page):
    page = ready(demo_house, open_page)
    name = f"a{int(time.time())}"
    write(page, name)
    end_the_session(page)
    page.get_by_role("button", name="建账号").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    expect(page.get_by_role("main")).to_contain_text("登录过期了，您写的都还在")
    page.locator("#id_login").fill("keeper")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(FORM))
    expect_everything(page, name)
    page.get_by_role("button", name="建账号").click()
    page.wait_for_url(re.compile(r"/accounts/people/\d+/$"))
    page.goto(FORM)
    expect(page.locator("#id_display_name")).to_have_value("")
    expect(page.locator(".draft-found")).to_have_count(0)
    expect_nothing_kept(page)


def test_what_was_typed_is_offered_when_the_page_is_opened_again(demo_house, open_page):
    page = ready(demo_house, open_page, elder=True)
    write(page)
    expect(page.locator(".draft-note")).to_have_text("已保存在本机和服务器")
    page.goto("/me/")
    page.goto(FORM)
    expect(page.get_by_role("main")).to_contain_text("找到您上次没写完的内容")
    page.get_by_role("link", name="用它").click()
    expect_everything(page)
    page.goto(FORM)
    page.get_by_role("button", name="不用").click()
    expect(page.locator(".draft-found")).to_have_count(0)
    page.reload()
    expect(page.locator(".draft-found")).to_have_count(0)


def test_without_a_network_the_device_keeps_it(demo_house, open_page):
    page = ready(demo_house, open_page)
    page.goto(FORM)
    page.context.set_offline(True)
    page.locator("#id_username").fill("luosheng")
    page.locator("#id_display_name").fill(SAID)
    expect(page.locator(".draft-note")).to_have_text("已保存在本机")
    page.wait_for_timeout(2000)
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")
    come_in(page, "keeper")
    page.goto(FORM)
    page.locator(".draft-found [data-use], .draft-found a").first.click()
    expect_everything(page)


def test_another_person_on_the_same_device_is_offered_nothing(demo_house, open_page):
    page = ready(demo_house, open_page)
    write(page, "forkeeper")
    expect(page.locator(".draft-note")).to_have_text("已保存在本机和服务器")
    end_the_session(page)
    come_in(page, "other")
    page.goto(FORM)
    expect(page.locator(".draft-found")).to_have_count(0)
    expect(page.locator("#id_display_name")).to_have_value("")


def test_signing_out_leaves_nothing_on_the_device(demo_house, open_page):
    page = ready(demo_house, open_page)
    write(page)
    expect(page.locator(".draft-note")).to_have_text("已保存在本机和服务器")
    assert page.evaluate(KEPT) > 0
    page.get_by_role("contentinfo").get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/$"))
    expect(page.get_by_role("link", name="登录").first).to_be_visible()
    expect_nothing_kept(page)
