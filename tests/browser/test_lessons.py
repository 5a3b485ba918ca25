"""Lessons of every kind as members meet them: heard, read at an honest pace, not skipped through, and gone on with."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import SIZES, come_in, come_in_with_card
from tests.browser.served import Served
from tests.browser.test_thread import code_for, prepare, wait_for
from tests.media.clips import write_sound

LESSONS = """
import json, sys
from pathlib import Path
from django.core.files import File
from content.articles.models import ArticlePage
from content.portal.models import PortalPage
from learning.courses.models import CoursePage, LessonPage
from media.models import Asset
from members.organisation.models import Organisation
unit, portal = Organisation.objects.get(code="LW"), PortalPage.objects.get()
lines = ["记的时候用原话。", "再念给对方听。", "问我记得对不对。", "当天就写下来。", "三行就够。"]
body = [("text", "".join(f"<p>{line}</p>" for line in lines * 6))]
def publish(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page
publish(portal, ArticlePage(title="把话记准", slug="article", organisation=unit, body=body))
publish(portal, ArticlePage(title="一张便条", slug="note", organisation=unit, body=body[:1]))
course = publish(portal, CoursePage(title="听与记", slug="course", organisation=unit))
with Path(SOUND).open("rb") as file:
    sound = Asset.objects.create(title="录音", type="audio", file=File(file, name="a.mp3"), transcript="先把话听完。")
publish(course, LessonPage(title="听一段", slug="sound", organisation=unit, asset=sound, speaker="贺知秋"))
publish(course, LessonPage(title="读一段", slug="text", organisation=unit, body=body))
"""

LENGTHS = """
from learning.courses.models import StudyItem
print(StudyItem.objects.filter(kind="audio", length_seconds__isnull=False).count())
"""

RECORDED = """
import json
from learning.hours.models import HoursEntry
from learning.progress.models import Progress
print(json.dumps({
    "done": sorted(Progress.objects.completed().values_list("item__title", flat=True)),
    "hours": HoursEntry.objects.count(),
}))
"""


TOGETHER = """
from learning.courses.models import StudyItem
from learning.progress.group_study import GroupStudy
from members.organisation.models import Organisation
from tests.members.gatherings import accept, make_activity, tick_all
activity = make_activity(Organisation.objects.get(affiliations__member__number="01020001"))
tick_all(activity)
GroupStudy.objects.create(activity=activity, item=StudyItem.objects.get(title="听一段"))
accept(activity)
"""

OWN = """
import json
from learning.progress.models import Progress
row = Progress.objects.get(member__number="01020001", item__title="听一段")
print(json.dumps({"how": row.evidence["how"], "spans": row.spans}))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lessons")
    with Served(folder, with_demo=False) as house:
        prepare(house)
        sound = write_sound(folder / "a.mp3", seconds=8)
        house.manage("shell", "--no-imports", "-c", f"SOUND = {str(sound)!r}\n{LESSONS}")
        wait_for(lambda: house.ask(LENGTHS) == 1)
        yield house


@pytest.fixture
def reader(house, open_page):
    """周秀兰 on her phone, signed in; by her card only once."""
    page = open_page(house, width=360)
    if house.ask("from members.accounts.models import User; print(User.objects.filter(username='01010001').count())"):
        come_in(page, "01010001")
    else:
        come_in_with_card(page, "01010001", code_for(house, "01010001"))
    return page


expect.set_options(timeout=20_000)


def say(page: Page):
    return page.locator(".coverage-say")


def scroll_to_the_end(page: Page) -> None:
    page.locator(".reading-body > :last-child").evaluate("end => end.scrollIntoView({ block: 'end' })")


def read_slowly(page: Page) -> None:
    """Line by line, as somebody would who reads fast."""
    height = page.evaluate("() => document.documentElement.scrollHeight")
    for top in range(0, height, 80):
        page.evaluate("top => scrollTo(0, top)", top)
        page.wait_for_timeout(600)


def scrolled(page: Page) -> float:
    return page.evaluate("() => scrollY")


def test_a_sound_is_heard_to_its_end_and_not_skipped_through(house, reader):
    reader.goto("/course/sound/")
    expect(say(reader)).to_have_text(re.compile("还差 8 秒|还差 9 秒"))
    expect(reader.locator("#transcript")).to_contain_text("先把话听完。")
    assert reader.evaluate("() => navigator.mediaSession.metadata.title") == "听一段"
    sound = reader.locator("audio")
    sound.evaluate("sound => { sound.currentTime = sound.duration - 0.5; }")
    reader.get_by_role("button", name="播放").click()
    wait_for(lambda: sound.evaluate("sound => sound.ended"), page=reader)
    reader.wait_for_timeout(1500)
    expect(say(reader)).to_have_text(re.compile("还差"))

    sound.evaluate("sound => { sound.currentTime = 0; }")
    reader.get_by_role("button", name="播放").click()
    expect(reader.get_by_role("button", name="暂停")).to_be_visible()
    wait_for(lambda: sound.evaluate("sound => sound.ended"), page=reader)
    expect(say(reader)).to_have_text("已学完")
    reader.goto("/course/")
    expect(reader.get_by_role("main")).to_contain_text("2 课学完 1 课")


@pytest.mark.parametrize("address", ["/article/", "/course/text/"])
def test_a_text_is_read_at_an_honest_pace_and_not_skipped_through(house, reader, address):
    reader.goto(address)
    expect(say(reader)).to_have_text(re.compile("还没读，约 1 分"))
    expect(reader.get_by_role("button", name="我读完了")).to_be_hidden()
    scroll_to_the_end(reader)
    expect(say(reader)).to_have_text(re.compile("还有 1 段没读到"))

    reader.get_by_role("link", name="回到没读到的地方").click()
    wait_for(lambda: scrolled(reader) < 300, page=reader)
    read_slowly(reader)
    expect(say(reader)).to_have_text("已学完")
    reader.reload()
    expect(say(reader)).to_have_text("已学完")


def test_going_on_leads_to_the_line_where_one_stopped(house, open_page):
    page = open_page(house, width=360)
    come_in_with_card(page, "01010002", code_for(house, "01010002"))
    page.goto("/article/")
    page.evaluate("() => scrollTo(0, 900)")
    expect(say(page)).to_have_text(re.compile("段没读到"))
    page.get_by_role("navigation").get_by_role("link", name="学习").first.click()
    card = page.locator(".continue-card")
    expect(card).to_contain_text("把话记准")
    card.get_by_role("link", name="继续学习").click()
    wait_for(lambda: scrolled(page) > 500, page=page)

    with page.expect_navigation():
        page.get_by_role("button", name="特大").evaluate("button => button.click()")
    assert page.locator("html").get_attribute("data-read") == "xl"
    wait_for(lambda: scrolled(page) > 500, page=page)


def test_without_scripts_a_readers_word_is_taken_when_the_clock_allows_it(house, chromium):
    context = chromium.new_context(
        java_script_enabled=False, base_url=house.url, viewport={"width": 360, "height": SIZES[360]}
    )
    page = context.new_page()
    come_in_with_card(page, "01020001", code_for(house, "01020001"))
    page.goto("/note/")
    page.get_by_role("button", name="我读完了").click()
    expect(page.get_by_role("alert")).to_contain_text("然后再按一次")
    page.wait_for_timeout(12_000)
    page.get_by_role("button", name="我读完了").click()
    expect(say(page)).to_have_text("已学完")
    context.close()


def test_every_lesson_was_paid_once(house):
    assert house.ask(RECORDED) == {"done": ["一张便条", "听一段", "把话记准", "读一段"], "hours": 4}


def test_what_the_group_has_completed_is_still_recorded_when_it_is_heard_alone(house, open_page):
    house.manage("shell", "--no-imports", "-c", TOGETHER)
    page = open_page(house, width=360)
    come_in_with_card(page, "01020001", code_for(house, "01020001"))
    page.goto("/course/sound/")
    expect(say(page)).to_have_text("已学完")
    sound = page.locator("audio")
    page.get_by_role("button", name="播放").click()
    wait_for(lambda: sound.evaluate("sound => sound.currentTime > 2"), page=page)
    page.get_by_role("button", name="暂停").click()
    wait_for(lambda: house.ask(OWN)["spans"])
    assert house.ask(OWN)["how"] == "group"
    expect(say(page)).to_have_text("已学完")
    page.get_by_role("button", name="播放").click()
    wait_for(lambda: sound.evaluate("sound => sound.ended"), page=page)
    wait_for(lambda: house.ask(OWN)["how"] == "covered")
