"""The one true thread, from a file to the organiser's number: walked by its people in the house as it is served."""

import re
import time
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import come_in, come_in_with_card

CLIP = Path(__file__).resolve().parents[2] / "site/config/demo/media/lesson-3.mp4"
UNITS = [
    ["编码", "名称", "类型", "上级编码", "行业"],
    ["LW", "柳湾街道党工委", "党工委", "", ""],
    ["LW01", "第一社区党委", "党委", "LW", ""],
    ["LW0101", "第一社区第一党支部", "党支部", "LW01", ""],
    ["LW0102", "第一社区第二党支部", "党支部", "LW01", ""],
]
PEOPLE = [
    ["党员编号", "姓名", "手机号", "所在组织编码", "类别", "入党日期", "职务"],
    ["01010001", "周秀兰", "13900000001", "LW0101", "正式党员", "1985-07-01", ""],
    ["01010002", "顾文竹", "", "LW0101", "正式党员", "1990-07-01", "书记"],
    ["01020001", "裴秋实", "", "LW0102", "预备党员", "2026-03-01", ""],
    ["00000001", "沈砚青", "", "LW", "正式党员", "1998-07-01", ""],
]


def workbook(path: Path, rows: list[list[str]]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


def prepare(house) -> None:
    """What the installer does: begin, import, and give roles."""
    house.manage("begin", "柳湾学堂", "--help-phone", "6120 0137")
    units, people = workbook(house.folder / "units.xlsx", UNITS), workbook(house.folder / "people.xlsx", PEOPLE)
    for command, file in (("import_organisations", units), ("import_members", people)):
        house.manage(command, file, "--dry-run")
        house.manage(command, file)
        house.manage(command, file)  # a second time: nothing changes
    house.manage("shell", "--no-imports", "-c", ROLES)


ROLES = """
from django.utils import timezone
from members.accounts.models import Member, User
from members.organisation.models import Organisation
from members.roles.actions import grant_role
from members.roles.models import Role
now, unit = timezone.now(), Organisation.objects.get(code="LW")
editor = User.objects.create(username="bianji", display_name="何编辑")
grant_role(user=editor, role=Role.EDITOR, organisation=unit, actor=None, now=now)
leader = User.objects.create(username="00000001", display_name="沈砚青")
Member.objects.filter(number="00000001").update(user=leader)
grant_role(user=leader, role=Role.ORGANISER, organisation=unit, actor=None, now=now)
"""

READY = "from media.models import Asset; print(Asset.objects.ready().count())"

PLAN = """
from datetime import date
from django.utils import timezone
from learning.completion.actions import publish_plan
from learning.courses.models import StudyItem
from learning.plans.actions import make_plan
from members.organisation.models import Organisation
year = timezone.localdate().year
plan = make_plan(
    title=f"{year} 年基本学习计划", organisation=Organisation.objects.get(code="LW"),
    starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), items=StudyItem.objects.filter(kind="video"),
)
print(publish_plan(plan, now=timezone.now()))
"""

RAW = """
import json
from learning.completion.models import Enrolment
from learning.completion.recount import wrong_tallies
from learning.hours.models import HoursEntry
present = Enrolment.objects.filter(left_on=None)
print(json.dumps({
    "members": present.count(), "done": present.filter(standing="done").count(),
    "hours": [str(hours) for hours in HoursEntry.objects.values_list("hours", flat=True)],
    "wrong": len(wrong_tallies()),
}))
"""


def code_for(house, number: str) -> str:
    return re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", house.manage("issue_code", number)).group()


def test_from_a_file_to_the_organisers_number(empty_house, open_page):
    house = empty_house
    prepare(house)

    editor = open_page(house, width=1280)
    enter_the_cms(editor, house)
    upload_the_video(editor)
    publish_the_article(editor)
    publish_the_course(editor)
    wait_for(lambda: house.ask(READY) == 1)
    wait_for(lambda: house.manage("shell", "--no-imports", "-c", PLAN).strip() == "4")

    member = open_page(house, width=360)
    come_in_with_card(member, "01010001", code_for(house, "01010001"))
    find_by_a_word_in_the_middle_of_a_sentence(member)
    dragging_to_the_end_does_not_complete(member)
    leaving_and_returning_resumes(member)
    watching_completes(member)

    organiser = open_page(house, width=1280)
    come_in_with_card(organiser, "00000001", code_for(house, "00000001"))
    read_the_board(organiser, house)


def wait_for(is_so, *, seconds: float = 60, page: Page | None = None) -> None:
    """Asks again and again; with a page, so that the page goes on meanwhile. (Its rules allow no polling inside it.)"""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        page.wait_for_timeout(200) if page else time.sleep(1)


def position(page: Page) -> float:
    return page.locator("video").evaluate("video => video.currentTime")


def enter_the_cms(page: Page, house) -> None:
    """A card, a password, a second step: then, and only then, the CMS."""
    come_in_with_card(page, "bianji", code_for(house, "bianji"))
    page.goto("/cms/")
    expect(page).to_have_url(re.compile("/cms/$"))


def upload_the_video(page: Page) -> None:
    page.goto("/cms/media/video/add/")
    page.locator("#id_title").fill("会前三件小事")
    page.locator("#id_file").set_input_files(str(CLIP))
    page.locator("form button[type=submit], form input[type=submit]").last.click()
    page.wait_for_url(re.compile("/cms/media/$"))


def publish_the_article(page: Page) -> None:
    page.goto("/cms/pages/")
    portal = page.get_by_role("link", name="柳湾学堂").first.get_attribute("href")
    number = re.search(r"/pages/(\d+)/", portal).group(1)
    page.goto(f"/cms/pages/add/content/articlepage/{number}/")
    page.locator("#id_title").fill("一次会议怎样记")
    page.locator("#id_summary").fill("散会以前，主持人把会议记录念一遍给大家听，有出入当场改。")
    choose_unit_and_publish(page)
    page.goto(f"/cms/pages/add/learning/coursepage/{number}/")


def publish_the_course(page: Page) -> None:
    page.locator("#id_title").fill("开会前后")
    page.locator("#id_summary").fill("三节短课。")
    choose_unit_and_publish(page)
    page.get_by_role("link", name="开会前后").first.click()
    number = re.search(r"/pages/(\d+)/", page.url).group(1)
    page.goto(f"/cms/pages/add/learning/lessonpage/{number}/")
    page.locator("#id_title").fill("会前三件小事")
    page.locator("#id_summary").fill("备好老花镜，圆桌靠窗，提前十分钟试音。")
    page.get_by_role("button", name=re.compile("选择")).first.click()
    page.locator(".modal").get_by_role("link", name="会前三件小事").click()
    choose_unit_and_publish(page)


def choose_unit_and_publish(page: Page) -> None:
    page.get_by_role("tab", name=re.compile("设置|Settings")).click()
    page.locator("#id_organisation").select_option(label="柳湾街道党工委")
    page.get_by_role("button", name=re.compile("更多动作|More actions")).last.click()
    page.get_by_role("button", name=re.compile("^(发布|Publish)")).last.click()
    expect(page.locator(".messages .success")).to_be_visible()


def find_by_a_word_in_the_middle_of_a_sentence(page: Page) -> None:
    def found() -> bool:
        page.goto("/search/?q=老花镜")
        return page.get_by_role("main").get_by_role("link", name=re.compile("会前三件小事")).count() > 0

    wait_for(found)
    page.get_by_role("main").get_by_role("link", name=re.compile("会前三件小事")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("会前三件小事")


def play(page: Page, *, start: float, seconds: float) -> None:
    page.locator("video").evaluate(
        "(video, at) => { video.muted = true; video.currentTime = at; return video.play(); }", start
    )
    wait_for(lambda: position(page) > start + seconds, page=page)
    page.locator("video").evaluate("video => video.pause()")


def say(page: Page):
    return page.locator(".coverage-say")


def dragging_to_the_end_does_not_complete(page: Page) -> None:
    expect(say(page)).to_have_text(re.compile("还差"))
    play(page, start=0, seconds=4)
    page.locator("video").evaluate("video => { video.currentTime = video.duration - 0.5; return video.play(); }")
    wait_for(lambda: page.locator("video").evaluate("video => video.ended"), page=page)
    expect(say(page)).to_have_text(re.compile(r"还差 1\d 秒|还差 2\d 秒"))


def leaving_and_returning_resumes(page: Page) -> None:
    play(page, start=4, seconds=6)
    expect(say(page)).to_have_text(re.compile(r"还差 1\d 秒"))
    page.goto("/study/")
    row = page.get_by_role("main").locator("li", has_text="会前三件小事").first
    expect(row).to_contain_text("还差")
    page.get_by_role("main").get_by_role("link", name=re.compile("会前三件小事|继续学习")).first.click()
    wait_for(lambda: position(page) > 8, page=page)


def watching_completes(page: Page) -> None:
    length = page.locator("video").evaluate("video => video.duration")
    play(page, start=9.5, seconds=length - 9.5 - 1)
    page.locator("video").evaluate("video => video.play()")
    wait_for(lambda: page.locator("video").evaluate("video => video.ended"), page=page)
    expect(say(page)).to_have_text(re.compile("学完"))
    page.reload()
    expect(say(page)).to_have_text(re.compile("学完"))
    page.goto("/study/")
    expect(page.get_by_role("main")).to_contain_text("0.25")


def read_the_board(page: Page, house) -> None:
    raw = house.ask(RAW)
    assert raw == {"members": 4, "done": 1, "hours": ["0.25"], "wrong": 0}
    page.goto("/")
    page.get_by_role("link", name="组织").first.click()
    expect(page.locator("main .lead")).to_contain_text("4 人")
    page.get_by_role("link", name="第一社区党委").first.click()
    row = page.get_by_role("row", name=re.compile("第一社区第一党支部"))
    expect(row.locator("[data-label=已学完]")).to_have_text("1")
    row.get_by_role("link").first.click()
    expect(page.get_by_role("row", name=re.compile("顾文竹"))).to_contain_text("还差 1 项：会前三件小事。")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("导出")).click()
    book = openpyxl.load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    people = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()][1:]
    assert [(row[1], row[3]) for row in people] == [("周秀兰", "已学完"), ("顾文竹", "还没开始")]
    page.get_by_role("link", name=re.compile("全部")).click()
    page.get_by_role("link", name="周秀兰").click()
    expect(page.get_by_role("main")).to_contain_text("已学完")


@pytest.mark.parametrize("number", ["01010001"])
def test_signing_in_again_needs_the_password_and_no_card(empty_house, open_page, number):
    page = open_page(empty_house, width=360, elder=True)
    come_in(page, number)
    page.goto("/me/")
    expect(page.get_by_role("main")).to_contain_text("周秀兰")
