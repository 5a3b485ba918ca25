"""What the pages for studying say to whom: lessons of every kind, articles, courses, and the way back to a place."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from learning.courses.actions import take_lengths
from learning.hours.models import HoursEntry
from learning.progress.models import Progress
from learning.quizzes.models import Quiz
from learning.study.visits import open_visit
from media.models import Asset
from tests.factories import make_account, make_person, make_tree
from tests.learning.makers import (
    NOON,
    PACE,
    TEXT_PACE,
    Viewing,
    make_article,
    make_asset,
    make_course,
    make_lesson,
    make_portal,
    make_text,
)
from tests.learning.quiz_makers import make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    make_portal()
    return make_tree()


@pytest.fixture
def person(tree, client):
    person = make_person(tree.branch)
    client.force_login(person)
    return person


def make_sound(organisation, **rest):
    asset = make_asset(type="audio", transcript="先把话听完，\n再说自己的。")
    return make_lesson(organisation, title="听一听", asset=asset, speaker="贺知秋", **rest)


def address(item) -> str:
    return Page.objects.get(pk=item.page_id).specific.get_url()


def shown(client, item, **rest) -> str:
    return client.get(address(item), **rest).content.decode()


def half_read(person, item, *, spans=((0, 60),)):
    """An hour ago, honestly."""
    reading = Viewing(person.member, item, at=timezone.now() - timedelta(hours=1), pace=TEXT_PACE)
    return reading.claim(*spans, after=60)


# --- sound ------------------------------------------------------------------------
def test_a_sound_lesson_has_its_own_look_and_its_words_to_read(client, person, tree):
    html = shown(client, make_sound(tree.root))
    assert "<audio controls" in html
    assert "<video" not in html
    assert 'data-title="听一听" data-artist="贺知秋" data-album="听与记"' in html
    assert re.search(r'<details class="fold" id="transcript" open>.*先把话听完', html, re.DOTALL)
    assert "js/sound" in html
    assert "没听过" in html
    assert "看过" not in re.sub(r'aria-label="[^"]*"', "", html)


def test_a_sound_lesson_goes_on_where_it_was_left(client, person, tree):
    item = make_sound(tree.root)
    half_read(person, item)
    assert 'data-position="60.0"' in shown(client, item)
    assert f'href="{address(item)}"' in client.get("/study/").content.decode()


SEEN = re.compile("看过|看到|看完|正在看|观看|再看|没看")


@pytest.mark.parametrize("rule", ["covered", "both"])
@pytest.mark.parametrize("seen", [0, 60, 100])
def test_of_what_is_heard_nothing_is_said_to_have_been_seen(client, person, tree, rule, seen):
    item = make_sound(tree.root, completion_rule=rule)
    make_quiz(tree.root, lesson_id=item.page_id)
    if seen:
        half_read(person, item, spans=((0, seen),))
    quiz = Quiz.objects.get()
    course = Page.objects.get(pk=item.page_id).get_parent().get_url()
    for path in (address(item), course, "/study/", "/", f"/quizzes/{quiz.pk}/"):
        main = re.search(r"<main.*?</main>", client.get(path).content.decode(), re.DOTALL)[0]
        assert not SEEN.findall(main.replace("看到每一题的答案", "")), path


@pytest.mark.parametrize(("make", "said"), [(make_sound, "上次听到 1 分。"), (make_lesson, "上次看到 1 分。")])
def test_the_card_says_where_one_stopped_as_one_studies(client, person, tree, make, said):
    half_read(person, make(tree.root))
    for path in ("/study/", "/"):
        assert said in client.get(path).content.decode()


@pytest.mark.parametrize("make", [make_article, make_text])
def test_the_card_of_a_text_says_only_what_was_not_read(client, person, tree, make):
    half_read(person, make(tree.root), spans=((0, 30), (60, 80)))
    card = re.search(r'<div class="continue-card">.*?</a>', client.get("/study/").content.decode(), re.DOTALL)[0]
    assert "<p><b>还有 2 段没读到，约 1 分</b></p>" in card
    assert "上次" not in card
    assert "?t=80" in card


def test_a_video_lesson_looks_as_before(client, person, tree):
    html = shown(client, make_lesson(tree.root))
    assert "<video controls" in html
    assert "js/sound" not in html
    assert "没看过" in html


# --- texts ------------------------------------------------------------------------
@pytest.mark.parametrize("make", [make_article, make_text])
def test_a_text_is_handed_out_with_a_signed_visit_to_a_member(client, person, tree, make):
    html = shown(client, make(tree.root))
    assert re.search(r'data-reading data-visit="[^"]+" data-beat-url="/study/heartbeat/" data-length="120.0"', html)
    assert 'data-rate="4" data-covered="0" data-unread="0,120.0"' in html
    assert "还没读，约 2 分" in html
    assert "读完全文就算学完，记 0.25 学时（个人自学）。" in html
    assert "我读完了" in html
    assert 'aria-label="字号"' in html


@pytest.mark.parametrize("make", [make_article, make_text])
def test_what_is_missing_is_said_in_one_sentence(client, person, tree, make):
    item = make(tree.root)
    half_read(person, item, spans=((0, 40), (60, 90)))
    html = shown(client, item)
    assert "还有 2 段没读到，约 1 分" in html
    assert 'data-unread="40.0,60.0,90.0,120.0"' in html


def test_a_text_lesson_is_its_text_and_not_something_about_it(client, person, tree):
    html = shown(client, make_text(tree.root, summary="读一遍大约两分钟。"))
    assert '<p class="reading-deck">读一遍大约两分钟。</p>' in html
    assert "这一课讲什么" not in html
    assert "这一课讲什么" in shown(client, make_lesson(tree.root, summary="一段录像。"))


def test_only_the_end_is_missing_and_the_page_says_so(client, person, tree):
    item = make_article(tree.root)
    half_read(person, item, spans=((0, 118),))
    assert "只剩末尾没读到" in shown(client, item)


@pytest.mark.parametrize("make", [make_article, make_text])
def test_a_text_that_was_read_says_so_and_counts_no_more(client, person, tree, make):
    item = make(tree.root)
    half_read(person, item, spans=((0, 120),))
    html = shown(client, item)
    assert "已学完" in html
    assert "data-reading" not in html
    assert "js/reading" not in html


@pytest.mark.parametrize("make", [make_article, make_text])
def test_who_is_not_signed_in_reads_and_is_told_how_it_would_count(client, tree, make):
    html = shown(client, make(tree.root, audience="public"))
    assert "读读读" in html
    assert "先登录再读" in html
    assert "data-visit" not in html


def test_an_account_that_is_no_members_is_told_that_nothing_is_recorded(client, tree):
    client.force_login(make_account())
    html = shown(client, make_article(tree.root))
    assert "不是党员账号" in html
    assert "data-visit" not in html


# --- «I have read it», without scripts -----------------------------------------------
def press(client, person, item, *, seconds: float):
    opened = timezone.now() - timedelta(seconds=seconds)
    visit = open_visit(member_id=person.member.pk, item_id=item.pk, pace=TEXT_PACE, now=opened)
    return visit, client.post("/study/read/", {"visit": visit})


@pytest.mark.parametrize("make", [make_article, make_text])
def test_pressing_too_soon_keeps_the_page_and_says_how_much_longer(client, person, tree, make):
    item = make(tree.root)
    visit, answer = press(client, person, item, seconds=9)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r"请再读 (19|20) 秒，然后再按一次", html)
    assert f'name="visit" value="{visit}"' in html  # the same clock runs on
    assert 'name="next" value="/study/read/"' not in html
    assert not Progress.objects.exists()


@pytest.mark.parametrize("make", [make_article, make_text])
def test_pressing_in_time_completes_and_leads_back_to_the_end(client, person, tree, make):
    item = make(tree.root)
    _, answer = press(client, person, item, seconds=40)
    assert answer.status_code == 302
    assert answer["Location"] == address(item) + "#reading-end"
    assert Progress.objects.get(member=person.member, item=item).is_completed
    assert HoursEntry.objects.count() == 1


def test_one_cannot_press_for_another(client, person, tree):
    item = make_article(tree.root)
    other = make_person(tree.branch)
    visit = open_visit(
        member_id=other.member.pk, item_id=item.pk, pace=TEXT_PACE, now=timezone.now() - timedelta(hours=1)
    )
    assert client.post("/study/read/", {"visit": visit}).status_code == 404
    assert not Progress.objects.exists()


def test_a_video_is_not_watched_by_saying_so(client, person, tree):
    item = make_lesson(tree.root)
    visit = open_visit(member_id=person.member.pk, item_id=item.pk, pace=PACE, now=timezone.now() - timedelta(hours=1))
    assert client.post("/study/read/", {"visit": visit}).status_code == 404
    assert not Progress.objects.exists()


def test_a_text_of_another_unit_cannot_be_read_by_saying_so(client, person, tree):
    item = make_article(tree.far, audience="subtree")
    assert press(client, person, item, seconds=3600)[1].status_code == 404


@pytest.mark.parametrize("visit", ["", "1~2~3", None])
def test_a_visit_that_is_none_of_ours_leads_to_the_overview_with_a_sentence(client, person, tree, visit):
    answer = client.post("/study/read/", {"visit": visit} if visit is not None else {}, follow=True)
    assert "请重新打开，再读一遍" in answer.content.decode()


def test_pressing_needs_the_token_against_forgery(person, tree):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    assert strict.post("/study/read/", {"visit": "x"}).status_code == 403


# --- what cannot be studied -----------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "sentence"), [("queued", "这一课正在准备，请过几分钟再来。"), ("refused", "这个文件放不了。")]
)
def test_a_file_that_does_not_play_is_said_in_one_sentence(client, person, tree, status, sentence):
    item = make_lesson(tree.root, asset=make_asset(status=status))
    html = shown(client, item)
    assert sentence in html
    assert "<video" not in html


def test_a_file_that_was_replaced_waits_for_the_probe_again(client, person, tree):
    item = make_lesson(tree.root)
    Asset.objects.filter(pk=item.asset_id).update(status="queued")
    assert "这一课正在准备" in shown(client, item)


def test_a_lesson_takes_the_length_of_the_file_that_replaced_another(tree):
    item = make_lesson(tree.root, seconds=100)
    Asset.objects.filter(pk=item.asset_id).update(duration=61.5)
    assert [take_lengths(now=NOON), take_lengths(now=NOON)] == [1, 0]
    item.refresh_from_db()
    assert (item.length_seconds, item.rule_version) == (61.5, 2)


def test_a_lesson_without_file_and_text_says_so(client, person, tree):
    assert "这一课还没有正文" in shown(client, make_text(tree.root, characters=0))


def test_what_was_withdrawn_says_so_and_that_nothing_is_lost(client, person, tree):
    item = make_article(tree.root, title="一封旧信")
    Page.objects.get(pk=item.page_id).specific.unpublish()
    answer = client.get(address(item))
    assert answer.status_code == 410
    assert "《一封旧信》已经撤下" in answer.content.decode()


def test_what_was_withdrawn_says_nothing_to_whom_it_was_never_open(client, person, tree):
    item = make_article(tree.far, audience="subtree")
    Page.objects.get(pk=item.page_id).specific.unpublish()
    assert client.get(address(item)).status_code == 404
    client.logout()
    assert client.get(address(item)).status_code == 302


def test_a_draft_that_was_never_published_is_not_there(client, person, tree):
    from content.articles.models import ArticlePage

    page = make_portal().add_child(instance=ArticlePage(title="草稿", organisation=tree.root, live=False))
    assert client.get(page.get_url()).status_code == 404


# --- courses, and where I was -----------------------------------------------------------
@pytest.fixture
def course(tree):
    course = make_course(tree.root)
    make_lesson(tree.root, title="第一", course=course)
    make_text(tree.root, title="第二", course=course)
    make_text(tree.root, title="第三", course=course)
    return course


def test_a_course_says_how_many_are_done_and_what_is_next(client, person, course):
    first, second = (page.study_item for page in course.get_children()[:2])
    Viewing(person.member, first, at=timezone.now() - timedelta(hours=1)).watch(0, 100)
    half_read(person, second)
    html = client.get(course.get_url()).content.decode()
    assert "3 课学完 1 课" in html
    assert "接着学：第二" in html
    assert "还有 1 段没读到，约 1 分" in html
    main = html[html.index("<main") : html.index("</main>")]
    assert main.count('class="button"') == 1
    assert f'href="{address(second)}?t=60"' in main


def test_a_finished_course_has_nothing_next(client, person, course):
    for page in course.get_children():
        length = page.study_item.length_seconds
        Viewing(person.member, page.study_item, at=timezone.now() - timedelta(hours=1)).watch(0, length)
    html = client.get(course.get_url()).content.decode()
    assert "3 课都学完了" in html
    assert "接着学" not in html


@pytest.mark.parametrize("make", [make_article, make_text])
@pytest.mark.parametrize("url", ["/", "/study/"])
def test_going_on_leads_to_the_place_where_a_text_was_left(client, person, tree, make, url):
    item = make(tree.root)
    half_read(person, item)
    html = client.get(url).content.decode()
    assert "继续学习" in html
    assert f'href="{address(item)}?t=60"' in html
    assert "还有 1 段没读到，约 1 分" in html


def test_a_course_page_asks_no_more_queries_for_more_lessons(client, person, tree, django_assert_max_num_queries):
    course = make_course(tree.root)
    for number in range(12):
        half_read(person, make_text(tree.root, title=f"第 {number} 课", slug=f"l{number}", course=course))
    client.get(course.get_url())
    with django_assert_max_num_queries(20):
        client.get(course.get_url())
