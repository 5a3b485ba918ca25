"""What people do to come in."""

import re

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.second_step import set_up_second_step
from tests.browser.served import Served

PASSWORD = "柳湾的桥头-2026"
SIZES = {360: 780, 768: 1024, 1280: 900}
CARD = re.compile(r"^  (\S+).*?编号 (\w+)  一次性码 ([A-Z0-9-]+)", re.MULTILINE)
CODE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")


def opened(browser: Browser, house: Served, *, width: int, is_elder: bool = False) -> BrowserContext:
    """A device of that width; a new one, on which nobody has signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=house.url,
    )
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": "elder", "value": "1", "url": house.url}] if is_elder else [])
    return context


def sessions(browser: Browser, house: Served) -> dict[str, list]:
    """The cookies of everybody who shows the demo, and nobody's. By new cards: the printed ones may have been used."""
    cookies: dict[str, list] = {"visitor": []}
    for who, number, _ in CARD.findall(house.output.read_text()):
        code = CODE.search(house.manage("issue_code", number)).group()
        context = opened(browser, house, width=1280)
        come_in_with_card(context.new_page(), number, code)
        cookies[who] = [cookie for cookie in context.cookies() if cookie["name"] != "elder"]
        context.close()
    return cookies


def come_in_with_card(page: Page, number: str, code: str, *, password: str = PASSWORD) -> None:
    """The first sign-in: the card, a password of one's own; for whoever has a duty the second step, too."""
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
    if "/accounts/2fa/" in page.url:
        set_up_second_step(page, password=password)
    agree(page)


def agree(page: Page) -> None:
    """A member reads the consent and agrees, once; for others nothing happens."""
    if "/me/consent/" in page.url:
        page.get_by_role("button", name="同意，在网上学习").click()
        page.wait_for_url(lambda url: "/me/consent/" not in url)


def come_in(page: Page, number: str, *, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(number)
    page.locator("#id_password").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
