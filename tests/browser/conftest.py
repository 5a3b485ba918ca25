"""Debian's Chromium against the house as it is served. Every request to another place fails the test."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.people import opened, sessions
from tests.browser.served import Served

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        pytest.skip("没有找到 Chromium：请先运行 make system")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("empty"), with_demo=False) as house:
        yield house


@pytest.fixture(scope="session")
def demo_house(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("demo"), with_demo=True) as house:
        yield house


@pytest.fixture(scope="session")
def demo_sessions(chromium, demo_house):
    return sessions(chromium, demo_house)


@pytest.fixture
def open_page(chromium):
    """Opens a page for one person. Whatever it asks of other places, and every broken rule, fails the test."""
    contexts, faults = [], []

    def open_one(house, *, width: int = 360, elder: bool = False):
        context = opened(chromium, house, width=width, is_elder=elder)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: _note_foreign(request.url, house.url, faults))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: _note_refused(said, page, faults))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, faults


def _note_foreign(asked: str, own: str, faults: list[str]) -> None:
    if not asked.startswith((own, "data:", "blob:")):
        faults.append(f"asked another place: {asked}")


def _note_refused(said, page, faults: list[str]) -> None:
    if said.type == "error" and "Content Security Policy" in said.text:
        faults.append(f"{page.url}: {said.text}")
