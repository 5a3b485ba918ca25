"""Every main page, in both modes and three widths: WCAG 2.2 AA by axe, and no sideways scroll."""

from pathlib import Path

import pytest

from tests.browser.people import SIZES
from tests.shots.pages import SHOTS

AXE = (Path(__file__).parents[1] / "files" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async ([tags, rules]) => {
    const said = await axe.run(document, {runOnly: tags, rules});
    return said.violations.map(each => `${each.id}: ${each.nodes.map(node => node.html).slice(0, 3).join(" | ")}`);
}"""
OPEN_FOLDS = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_page_is_for_everybody(open_page, demo_house, demo_sessions, shot, elder):
    """In elder mode the contrast is that of AAA, 7:1 (DESIGN §7)."""
    page = open_page(demo_house, width=360, elder=elder)
    page.context.add_cookies(demo_sessions[shot.who])
    shot.open(page)
    assert not flaws_of(page, elder=elder)


def flaws_of(page, *, elder: bool) -> list[str]:
    """What is wrong with the page that stands there, at each width; its folds are opened."""
    found = []
    page.evaluate(OPEN_FOLDS)
    page.evaluate(AXE)
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        flaws = page.evaluate(RUN, [TAGS, {"color-contrast-enhanced": {"enabled": elder}}])
        flaws += ["scrolls sideways"] if page.evaluate(TOO_WIDE) > 0 else []
        found += [f"{width}: {flaw}" for flaw in flaws]
    return found
