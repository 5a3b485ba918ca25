"""`make shots [NAMES]`: pictures of the main pages of a fresh demo, at two widths and in both modes, into var/shots."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import Browser, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from tests.browser.conftest import CHROMIUM, QUIET  # noqa: E402 — Django must be set up first
from tests.browser.people import opened, sessions  # noqa: E402
from tests.browser.served import ROOT, Served  # noqa: E402
from tests.shots.pages import SHOTS, Shot  # noqa: E402

FOLDER = ROOT / "var" / "shots"
WIDTHS = (360, 1280)


def main(wanted: list[str]) -> None:
    if not CHROMIUM:
        sys.exit("没有找到 Chromium：请先运行 make system。 Chromium was not found: run `make system` first.")
    shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
    if not wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="shots-") as folder,
        Served(Path(folder), with_demo=True) as house,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        cookies = sessions(browser, house)
        for shot in shots:
            for width in WIDTHS:
                for is_elder in (False, True):
                    picture(browser, house, shot, cookies[shot.who], width=width, is_elder=is_elder)
        browser.close()
    sys.stdout.write(f"{len(shots) * len(WIDTHS) * 2} pictures in {FOLDER.relative_to(ROOT)}\n")


def picture(browser: Browser, house: Served, shot: Shot, cookies: list, *, width: int, is_elder: bool) -> None:
    context = opened(browser, house, width=width, is_elder=is_elder)
    context.add_cookies(cookies)
    page = context.new_page()
    shot.open(page)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height})  # so that what is fixed stands at the end of the page
    name = f"{shot.name}-{width}{'-elder' if is_elder else ''}.png"
    page.screenshot(path=FOLDER / name)
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
