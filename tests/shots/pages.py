"""Which pages are pictured, and who sees them."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Shot:
    name: str
    who: str  # "visitor", or one of the demo's cards: "党员", "支部书记", "组织员", "编辑"
    path: str
    follow: tuple[str, ...] = ()  # links of the main part to follow from there, each the first one of its selector

    def open(self, page: Page) -> None:
        page.goto(self.path)
        for selector in self.follow:
            page.goto(page.locator("main").locator(selector).first.get_attribute("href") or "")


SHOTS = (
    Shot("visitor-home", "visitor", "/"),
    Shot("sign-in", "visitor", "/accounts/login/"),
    Shot("sign-in-card", "visitor", "/accounts/card/"),
    Shot("article", "visitor", "/", (".item-list a",)),
    Shot("not-found", "visitor", "/nothing-here/"),
    Shot("home", "党员", "/"),
    Shot("study", "党员", "/study/"),
    Shot("course", "党员", "/", (".topic-card a",)),
    Shot("lesson", "党员", "/", (".topic-card a", ".item-list a")),
    Shot("search", "党员", "/search/?q=会议记录"),
    Shot("search-nothing", "党员", "/search/?q=不存在的词语"),
    Shot("me", "党员", "/me/"),
    Shot("board", "组织员", "/organise/"),
    Shot("board-committee", "组织员", "/organise/", (".stack-table tbody a",)),
    Shot("board-branch", "支部书记", "/organise/"),
    Shot("board-person", "支部书记", "/organise/", (".stack-table tbody a",)),
)
