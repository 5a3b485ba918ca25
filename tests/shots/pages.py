"""Which pages are pictured, and who sees them."""

from dataclasses import dataclass
from datetime import date

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
LINK_ROW = ".link-row"
PERSON = ".stack-table a[href*='/people/']"

UNITS = (
    Shot("units", "组织员", "/branch/units/"),
    Shot("units-found", "组织员", "/branch/units/?q=lysq"),
    Shot("unit-committee", "组织员", "/branch/units/", (TABLE_ROW,)),
    Shot("unit-branch", "支部书记", "/branch/units/", (LINK_ROW,)),
    Shot("unit-post-new", "组织员", "/branch/units/LW0101/posts/new/"),
    Shot("unit-contact", "组织员", "/branch/units/LW0101/contact/"),
    Shot("people-found", "组织员", "/branch/people/?unit=LW&q=wang"),
    Shot("people-ended", "组织员", "/branch/people/ended/?unit=LW"),
)

HANDING_OVER = (
    Shot("branch-handovers", "支部书记", "/branch/handovers/"),
    Shot("branch-handover", "支部书记", "/branch/handovers/", (ROW,)),
    Shot("branch-handover-print", "支部书记", "/branch/handovers/", (ROW, ".sheet .link-row")),
    Shot("branch-handover-new", "支部书记", "/branch/handovers/", ("aside .link-row",)),
    Shot("handovers-of-all", "组织员", "/branch/handovers/"),
)
AWAY = (
    Shot("branch-contacts-due", "支部书记", "/branch/away/due/"),
    Shot("branch-contact", "支部书记", "/branch/away/due/", (ROW,)),
    Shot("contacts-of-mine", "支部书记", "/checkins/contacts/"),
    Shot("branch-poster", "支部书记", "/branch/hosted/poster/"),
    Shot("arrive", "党员", "/checkins/at/LW0301/"),
    Shot("arrive-at-home", "党员", "/checkins/at/LW0101/"),
)
PRIVACY = (
    Shot("me-seen", "党员", "/me/seen/"),
    Shot("me-requests", "党员", "/me/requests/"),
    Shot("me-consent", "党员", "/me/consent/"),
    Shot("branch-requests", "支部书记", "/branch/requests/"),
    Shot("branch-request-one", "支部书记", "/branch/requests/", (ROW,)),
    Shot("consent-text", "系统管理员", "/accounts/consent/"),
)
PROGRESS = (
    Shot("confirm", "支部书记", "/organise/", (PERSON, ".item-more a:not([href*=withdraw])")),
    Shot("confirm-withdraw", "支部书记", "/organise/", (PERSON, ".item-more a[href*=withdraw]")),
)
HOURS = (
    Shot("hours-line", "党员", "/study/hours/", (".stack-table td a",)),
    Shot("branch-hours", "支部书记", "/branch/hours/"),
    Shot("branch-hours-new", "支部书记", "/branch/hours/new/"),
    Shot("branch-hours-one", "组织员", "/branch/hours/", (ROW,)),
    Shot("branch-hours-target", "组织员", "/branch/people/?unit=LW0101", (TABLE_ROW, 'a[href$="/hours/"]')),
    Shot("branch-studied", "支部书记", "/branch/activities/", (ROW, 'a[href$="/studied/"]')),
)
UNIT_STEPS = ("open", "change", "move", "merge", "split", "close", "history")

ACCOUNTS = (
    Shot("two-steps", "党员", "/accounts/2fa/"),
    Shot("role-table", "支部书记", "/accounts/roles/table/"),
    Shot("second-steps", "安全管理员", "/accounts/second-step/"),
    Shot("second-step-reset", "安全管理员", "/accounts/second-step/?q=bianji", (".item-list a",)),
    Shot("role-end", "安全管理员", "/accounts/roles/", (TABLE_ROW,)),
)

PLANS = (
    Shot("plan-people", "组织员", "/organise/plans/", (ROW, "a[href$='/people/']")),
    Shot("plan-change", "组织员", "/organise/plans/", (ROW, "a[href$='/change/']")),
    Shot("plan-copy", "组织员", "/organise/plans/", (ROW, "a[href$='/copy/']")),
    Shot("plan-template", "组织员", "/organise/plans/", (".stack > section:last-child .item-list a",)),
)
LAST_YEAR = date.today().year - 1
YEARS = (
    Shot("years", "组织员", "/organise/years/"),
    Shot("year-closed", "组织员", f"/organise/years/{LAST_YEAR}/"),
    Shot("year-open", "组织员", f"/organise/years/{LAST_YEAR + 1}/"),
    Shot("year-branch", "组织员", f"/organise/years/{LAST_YEAR}/?unit=LW0101"),
    Shot("year-ledger", "党员", f"/study/hours/?year={LAST_YEAR}"),
    Shot("year-record", "党员", f"/study/record/{LAST_YEAR}/"),
    Shot("year-record-person", "支部书记", f"/organise/years/{LAST_YEAR}/people/01010002/"),
    Shot("record-code", "visitor", "/records/"),
    Shot("record-unknown", "visitor", "/records/0000-0000-0000-0000/"),
    Shot("record-verified", "支部书记", f"/study/record/{LAST_YEAR}/", (".record-papers a",)),
)

NEEDS_HELP = (
    Shot("study-help", "党员", "/study/help/"),
    Shot("person-help", "支部书记", "/organise/", (PERSON, ".page-title .link-row")),
    Shot("board-then", "组织员", "/organise/?day=2020-01-31"),
)
ABOUT_HOURS = '.item-list a:has-text("学时是怎样算的")'
TRUTH = (
    Shot("hours-line-asked", "支部书记", "/branch/feedback/", (ABOUT_HOURS, "a[href*='/study/hours/']")),
    Shot("board-branch-then", "支部书记", "/organise/?day=2020-01-31"),
    Shot("board-branch-all", "支部书记", "/organise/?who=all"),
    Shot("study-one-plan", "党员", "/study/?plan=2"),
)

SHOTS = (
    *HANDING_OVER,
    *NEEDS_HELP,
    *TRUTH,
    *YEARS,
    *AWAY,
    *PROGRESS,
    *PLANS,
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
    Shot("board-person", "支部书记", "/organise/", (PERSON,)),
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
    *PRIVACY,
    *(Shot(f"unit-{step}", "组织员", f"/branch/units/LW0101/{step}/") for step in UNIT_STEPS),
    Shot("transfers", "支部书记", "/branch/transfers/"),
    Shot("transfer", "支部书记", "/branch/transfers/", (TABLE_ROW,)),
    Shot("transfer-new", "支部书记", "/branch/people/", (TABLE_ROW, 'a[href$="/transfer/"]')),
    *UNITS,
    *ACCOUNTS,
    *HOURS,
)
