"""What people do to come in."""

import re

from playwright.sync_api import Page

PASSWORD = "柳湾的桥头-2026"


def come_in_with_card(page: Page, number: str, code: str, *, password: str = PASSWORD) -> None:
    """The first sign-in: the card, then a password of one's own."""
    page.goto("/accounts/login/")
    page.get_by_role("link", name="用登录卡登录").click()
    page.get_by_label("党员编号").fill(number)
    page.get_by_label("一次性码").fill(code)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile("/accounts/password/choose/"))
    for field in page.locator("main input[type=password]").all():
        field.fill(password)
    page.get_by_role("button", name="就用这个密码").click()
    page.wait_for_url(lambda url: "/accounts/password/" not in url)


def come_in(page: Page, number: str, *, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(number)
    page.locator("#id_password").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
