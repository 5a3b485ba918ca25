"""One phone, a couple: what he studied without a network is his, what she studies is hers, and nothing is lost."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import agree, come_in, come_in_with_card
from tests.browser.served import Served
from tests.browser.test_thread import code_for, prepare, wait_for

HE, SHE, ORGANISER = "01010001", "01010002", "00000001"
ARTICLES = """
from content.articles.models import ArticlePage
from content.portal.models import PortalPage
from members.organisation.models import Organisation
unit, portal = Organisation.objects.get(code="LW"), PortalPage.objects.get()
lines = ["记的时候用原话。", "再念给对方听。", "问我记得对不对。", "当天就写下来。", "三行就够。"]
body = [("text", "".join(f"<p>{line}</p>" for line in lines * 6))]
for title, slug in (("他读的", "his"), ("她读的", "hers")):
    page = portal.add_child(instance=ArticlePage(title=title, slug=slug, organisation=unit, body=body))
    page.save_revision().publish()
"""
READ = """
import json
from learning.progress.models import Progress
rows = Progress.objects.values_list("member__number", "item__title", "covered_seconds").order_by("pk")
print(json.dumps([[number, title] for number, title, seconds in rows if seconds]))
"""
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('study-kept:')).length"
BEATS = "**/study/heartbeat/"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("shared"), with_demo=False) as house:
        prepare(house)
        house.manage("shell", "--no-imports", "-c", ARTICLES)
        yield house


def read_a_little(page: Page) -> None:
    page.wait_for_timeout(2500)
    page.evaluate("() => scrollTo(0, 300)")
    page.wait_for_timeout(2500)


def sign_out(page: Page) -> None:
    page.locator(".site-footer").get_by_role("button", name="退出登录").click()


def test_a_couple_studies_on_one_phone_and_each_gets_only_their_own(house, open_page):
    page = open_page(house)
    come_in_with_card(page, HE, code_for(house, HE))
    page.goto("/his/")
    page.context.set_offline(True)
    read_a_little(page)
    page.evaluate("() => dispatchEvent(new Event('pagehide'))")
    assert page.evaluate(KEPT) == 1
    page.route(BEATS, lambda route: route.abort())
    page.context.set_offline(False)
    page.context.clear_cookies(name="sessionid")  # half an hour later
    page.goto("about:blank")
    page.unroute(BEATS)

    come_in_with_card(page, SHE, code_for(house, SHE))
    page.goto("/hers/")
    expect(page.get_by_role("navigation", name="主导航")).to_contain_text(name_of(house, SHE))
    read_a_little(page)
    page.goto("/study/")
    wait_for(lambda: house.ask(READ) == [[SHE, "她读的"]])
    assert page.evaluate(KEPT) == 1, "his is still here, and was not sent by her"
    sign_out(page)
    page.wait_for_url(lambda url: url.endswith("/"))

    come_in(page, HE)
    wait_for(lambda: [HE, "他读的"] in house.ask(READ))
    assert sorted(house.ask(READ)) == [[HE, "他读的"], [SHE, "她读的"]]
    wait_for(lambda: page.evaluate(KEPT) == 0, page=page)


def test_whoever_signs_out_is_told_of_what_was_not_sent_and_can_send_it(house, open_page):
    page = open_page(house)
    come_in_with_card(page, "01020001", code_for(house, "01020001"))
    page.route(BEATS, lambda route: route.abort())
    page.goto("/his/")
    read_a_little(page)
    page.goto("/me/")
    sign_out(page)
    note = page.get_by_role("alert").filter(has_text="还没有送出")
    expect(note).to_be_visible()
    note.get_by_role("button", name="现在送出").click()
    expect(note.get_by_text("没能送出")).to_be_visible()
    page.unroute(BEATS)
    note.get_by_role("button", name="现在送出").click()
    expect(page.get_by_role("navigation").get_by_role("link", name="登录").first).to_be_visible()
    assert ["01020001", "他读的"] in house.ask(READ)


def test_a_passkey_is_made_and_lets_in(house, open_page):
    """On this machine's own name, which browsers trust without TLS; the authenticator is Chromium's own."""
    home = house.url.replace("127.0.0.1", "localhost")
    page = open_page(SimpleNamespace(url=home), width=1280)
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = key | {"isUserVerified": True, "automaticPresenceSimulation": True}
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/card/")
    page.get_by_label("党员编号").fill(ORGANISER)
    page.get_by_label("一次性码").fill(code_for(house, ORGANISER))
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    for field in page.locator("main input[type=password]").all():
        field.fill("柳湾的桥头-2026")
    page.get_by_role("button", name="就用这个密码").click()
    page.get_by_role("link", name="改用通行密钥").click()
    page.get_by_role("button", name="设置通行密钥").click()
    expect(page.get_by_role("main")).to_contain_text("备用码")
    page.goto("/organise/")
    expect(page).to_have_url(f"{home}/organise/")
    sign_out(page)
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(ORGANISER)
    page.locator("#id_password").fill("柳湾的桥头-2026")
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    agree(page)
    page.goto("/organise/")
    expect(page).to_have_url(f"{home}/organise/")


def name_of(house, number: str) -> str:
    told = f"print(json.dumps(Member.objects.get(number='{number}').name))"
    return house.ask(f"import json; from members.accounts.models import Member; {told}")
