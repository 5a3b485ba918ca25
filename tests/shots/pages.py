"""Which pages are pictured, and who sees them."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Shot:
    name: str
    who: str  # "visitor", or one of the demo's cards: "党员", "支部书记", "组织员", "系统管理员" …
    path: str
    follow: tuple[str, ...] = ()  # links of the main part to follow from there, each the first one of its selector

    def open(self, page: Page) -> None:
        page.goto(self.path)
        for selector in self.follow:
            page.goto(page.locator("main").locator(selector).first.get_attribute("href") or "")


ROW, TABLE_ROW, CARD = ".item-list a", ".stack-table tbody a", ".topic-card a"

SHOTS = (
    Shot("visitor-home", "visitor", "/"),
    Shot("sign-in", "visitor", "/accounts/login/"),
    Shot("sign-in-card", "visitor", "/accounts/card/"),
    Shot("sign-in-help", "visitor", "/accounts/help/"),
    Shot("not-found", "visitor", "/nothing-here/"),
    Shot("home", "党员", "/"),
    Shot("study", "党员", "/study/"),
    Shot("hours", "党员", "/study/hours/"),
    Shot("course", "党员", "/", (CARD,)),
    Shot("lesson", "党员", "/study/", (ROW,)),
    Shot("article", "党员", "/search/?q=会议记录", (".item-list a",)),
    Shot("search", "党员", "/search/?q=会议记录"),
    Shot("search-nothing", "党员", "/search/?q=不存在的词语"),
    Shot("topic", "党员", "/search/?q=议事怎样开得有用", (ROW,)),
    Shot("notices", "党员", "/notices/"),
    Shot("notice", "党员", "/notices/", (".notice-list a",)),
    Shot("quizzes", "党员", "/quizzes/"),
    Shot("quiz", "党员", "/quizzes/", (ROW,)),
    Shot("activities", "党员", "/activities/"),
    Shot("activity", "党员", "/activities/", (ROW,)),
    Shot("checkins", "党员", "/checkins/"),
    Shot("checkins-new", "党员", "/checkins/new/"),
    Shot("messages", "党员", "/me/messages/"),
    Shot("feedback", "党员", "/feedback/"),
    Shot("me", "党员", "/me/"),
    Shot("branch", "支部书记", "/branch/"),
    Shot("branch-records", "支部书记", "/branch/activities/"),
    Shot("branch-activity-new", "支部书记", "/branch/activities/new/"),
    Shot("branch-activity", "支部书记", "/branch/activities/", (ROW,)),
    Shot("branch-people", "支部书记", "/branch/people/"),
    Shot("branch-person", "支部书记", "/branch/people/", (TABLE_ROW,)),
    Shot("branch-away", "支部书记", "/branch/away/"),
    Shot("branch-away-one", "支部书记", "/branch/away/", (TABLE_ROW,)),
    Shot("branch-hosted-one", "支部书记", "/branch/hosted/", (TABLE_ROW,)),
    Shot("branch-away-new", "支部书记", "/branch/away/new/"),
    Shot("branch-hosted", "支部书记", "/branch/hosted/"),
    Shot("branch-feedback", "支部书记", "/branch/feedback/"),
    Shot("branch-feedback-one", "支部书记", "/branch/feedback/", (ROW,)),
    Shot("board-branch", "支部书记", "/organise/"),
    Shot("board-person", "支部书记", "/organise/", (TABLE_ROW,)),
    Shot("board", "组织员", "/organise/"),
    Shot("board-committee", "组织员", "/organise/", (TABLE_ROW,)),
    Shot("plans", "组织员", "/organise/plans/"),
    Shot("plan", "组织员", "/organise/plans/", (ROW,)),
    Shot("plan-new", "组织员", "/organise/plans/new/"),
    Shot("imports", "组织员", "/organise/imports/"),
    Shot("import-new", "组织员", "/organise/imports/new/"),
    Shot("import-batch", "组织员", "/organise/imports/", (ROW,)),
    Shot("register-export", "组织员", "/organise/imports/export/"),
    Shot("remind", "组织员", "/organise/LW0101/remind/"),
    Shot("accounts", "系统管理员", "/accounts/people/"),
    Shot("roles", "安全管理员", "/accounts/roles/"),
    Shot("role-new", "安全管理员", "/accounts/roles/new/"),
    Shot("audit", "审计管理员", "/accounts/audit/"),
)
