"""Every figure of the afternoon counted once more from the tables, and what the pages say beside it."""

from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.afternoon.offices import follow_in_navigation

TABLES = """
import json
from collections import Counter
from django.db.models import Count, Sum
from learning.completion.recount import wrong_tallies
from learning.hours.models import HoursEntry
from learning.plans.models import StudyPlan
from learning.progress.models import Progress
from learning.quizzes.models import Attempt
from members.accounts.models import Member
from members.activities.models import Attendance
from members.audit.queries import broken_links
from members.feedback.models import Feedback
from members.messages.models import Message
from members.organisation.models import Affiliation, Participation

asked = set(StudyPlan.objects.get().items.values_list("item_id", flat=True))
numbers = list(Member.objects.order_by("number").values_list("number", flat=True))
read = set(Progress.objects.completed().values_list("member__number", "item_id"))
passed = set(Attempt.objects.filter(is_passed=True).values_list("member__number", "quiz__item_id"))
done = Counter(number for number, item in read | passed if item in asked)
begun = set(Progress.objects.filter(item__in=asked).values_list("member__number", flat=True))
begun |= set(Attempt.objects.filter(quiz__item__in=asked).values_list("member__number", flat=True))
present = Affiliation.objects.filter(until=None).order_by("member__number")
seen = Attendance.objects.order_by("activity_id", "member__number")
sent = Message.objects.filter(sent_at__isnull=False)
sums = HoursEntry.objects.values_list("member__number", "category").annotate(Sum("hours"))
print(json.dumps({
    "standing": {
        number: "done" if done[number] == len(asked) else "doing" if number in begun else "todo" for number in numbers
    },
    "hours": [[*row[:2], f"{row[2]:.2f}"] for row in sums.order_by("member__number", "category")],
    "affiliations": list(map(list, present.values_list("member__number", "organisation__code"))),
    "participations": list(map(list, Participation.objects.values_list("member__number", "organisation__code"))),
    "attendance": list(map(list, seen.values_list("activity__topic", "member__number", "state", "is_by_code"))),
    "feedback": list(map(list, Feedback.objects.values_list("organisation__code", "state"))),
    "reminded": sorted(sent.filter(topic__startswith="study.plan").values_list("to__number", flat=True)),
    "wrong_tallies": len(wrong_tallies()),
    "broken_links": len(broken_links()),
}))
"""


def the_board_and_its_workbook_say(page: Page, standing: dict[str, str]) -> None:
    """The committee's board, the sum in its last row, and both sheets of the workbook."""
    number = Counter(standing.values())
    figures = [len(standing), len(standing), number["done"], number["doing"], number["todo"], 0, 0, 0]
    follow_in_navigation(page, "组织")
    expect(page.locator("main .lead")).to_have_text("党员 5 人，其中应学 5 人，已学完 1 人。")
    cells = page.locator("tr.total td.number").all_inner_texts()
    assert [int(cell) for cell in cells] == figures
    with page.expect_download() as download:
        page.get_by_role("link", name="导出表格").click()
    book = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    rows = [[cell.value for cell in row] for row in book["单位"].iter_rows()]
    assert next(row for row in rows if str(row[1]).startswith("合计"))[2:10] == figures
    people = [[cell.value for cell in row] for row in book["党员名单"].iter_rows()][1:]
    words = {"done": "已学完", "doing": "正在学", "todo": "还没开始"}
    assert {row[0]: row[3] for row in people} == {each: words[state] for each, state in standing.items()}


def the_member_reads_these_hours(page: Page, hours: dict[str, str]) -> None:
    """What counts stands in the table, what one has studied alone beside it."""
    follow_in_navigation(page, "学习")
    group, alone = (f"{Decimal(hours[each]).normalize():f}" for each in ("group", "self"))
    table = page.locator(".sum-table")
    expect(table.get_by_role("row", name="集体学习")).to_contain_text(group)
    expect(table.get_by_role("row", name="已记学时")).to_contain_text(group)
    expect(page.get_by_role("main")).to_contain_text(f"个人自学 {alone} 学时另外记着")
    expect(page.get_by_role("main")).to_contain_text("计划里的内容都学完了。")
