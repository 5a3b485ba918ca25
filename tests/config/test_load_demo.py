"""The demo as it comes out of the real actions: loaded once, since loading is what takes long, and looked at whole."""

import re
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from config.demo import texts
from config.demo_autumn import TITLE
from config.demo_study import PLAN
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page

from content.articles.models import ArticlePage
from content.search.actions import fold_index_changes
from content.search.queries import found_pages
from learning.board.figures import counts_as_of
from learning.claims.checking import check_claims
from learning.completion.models import DayCount, Delta, Enrolment, HelpNote
from learning.completion.recount import wrong_tallies
from learning.completion.standing import Standing
from learning.courses.models import WITHOUT_PAGE, CoursePage, ItemKind, LessonPage, StudyItem
from learning.hours.checking import check_hours
from learning.hours.models import HoursEntry, HoursQuestion
from learning.plans.models import StudyPlan
from learning.progress.group_study import GroupMark
from learning.progress.models import Progress
from media.models import Asset, AssetStatus
from members.accounts.models import Member, User
from members.audit.models import AuditEvent
from members.audit.queries import broken_links

pytestmark = pytest.mark.django_db
MEMBERS = 120
CARD = re.compile(r"编号 (\w+)  一次性码 (\S+)")
STOP = re.compile(r"[^\u4e00-\u9fff]+")
WORD = 6  # characters: enough to be nobody else's


def test_the_demo_is_whole(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    told = said()
    steps = [line for line in told.splitlines() if re.search(r" … [\d.]+ s$", line)]
    assert len(steps) >= 4
    pages_and_items_are_there()
    media_are_ready_and_none_is_empty()
    pages_are_dated_over_the_year()
    the_plan_is_of_several_kinds_and_has_been_studied()
    a_past_day_shows_less_than_today()
    no_day_counts_fewer_than_nobody()
    every_figure_agrees()
    each_audience_sees_its_own()
    everything_is_found_by_a_word_in_the_middle_of_a_sentence()
    the_cards_sign_in(told)
    a_second_run_changes_nothing()


def said() -> str:
    out = StringIO()
    call_command("load_demo", members=MEMBERS, stdout=out)
    return out.getvalue()


def pages_and_items_are_there():
    assert Member.objects.count() == MEMBERS
    assert ArticlePage.objects.live().count() == len(texts.articles()) >= 12
    assert CoursePage.objects.live().count() == len(texts.courses()) == 3
    assert LessonPage.objects.live().count() >= 8
    kinds = Counter(StudyItem.objects.live().values_list("kind", flat=True))
    assert kinds.pop("activity") > 20
    assert kinds == {"article": 15, "video": 4, "audio": 3, "text": 2, "quiz": 4}
    assert not StudyItem.objects.exclude(kind__in=WITHOUT_PAGE).filter(length_seconds=None).exists()
    assert StudyItem.objects.filter(kind="text", length_seconds__lt=120).count() == 0
    assert get_image_model().objects.count() == len(list(texts.PICTURES.iterdir()))


def media_are_ready_and_none_is_empty():
    assert Asset.objects.count() == 7
    for asset in Asset.objects.all():
        assert asset.status == AssetStatus.READY
        assert asset.duration > 20
        assert asset.file.size == asset.size_bytes > 0
        assert len(asset.transcript) > 80
        assert bool(asset.thumbnail) == (asset.type == "video")


def pages_are_dated_over_the_year():
    now = timezone.now()
    days = list(ArticlePage.objects.values_list("first_published_at", flat=True))
    assert all(now - timedelta(days=366) < day < now for day in days)
    assert len({day.date() for day in days}) == len(days)
    for item in StudyItem.objects.filter(page__isnull=False).select_related("page"):
        assert item.published_at == item.page.first_published_at


def the_plan_is_of_several_kinds_and_has_been_studied():
    plan = StudyPlan.objects.get(items__order=len(PLAN))
    assert StudyPlan.objects.published().count() == 3
    assert plan.items.count() == len(PLAN)
    assert {item.item.kind for item in plan.items.select_related("item")} == {"article", "video", "audio", "text"}
    standings = Counter(Enrolment.objects.values_list("standing", flat=True))
    assert {Standing.TODO, Standing.DOING, Standing.DONE} <= set(standings)
    done = Progress.objects.completed()
    assert set(done.values_list("item__kind", flat=True)) == set(ItemKind)
    assert Progress.objects.unfinished().exists()
    assert {"lesson", "quiz", "attendance", "by_hand"} <= set(HoursEntry.objects.values_list("source", flat=True))
    assert GroupMark.objects.exists()
    assert set(HoursQuestion.objects.values_list("feedback__state", flat=True)) == {"open", "answered"}
    assert [note.cleared_at is None for note in HelpNote.objects.order_by("since")] == [False, True, True]
    assert check_hours() == check_claims() == []


def no_day_counts_fewer_than_nobody():
    changes = [*DayCount.objects.values_list("plan", "organisation", "standing", "day", "change")]
    changes += Delta.objects.filter(plan_item=None).values_list("plan", "organisation", "standing", "day", "change")
    sums = Counter()
    for plan, unit, standing, day, change in sorted(changes, key=lambda line: line[3]):
        sums[plan, unit, standing, day] += change
    so_far = Counter()
    for (plan, unit, standing, _), change in sums.items():
        so_far[plan, unit, standing] += change
        assert so_far[plan, unit, standing] >= 0


def a_past_day_shows_less_than_today():
    plan, today = StudyPlan.objects.get(title=TITLE), timezone.localdate()
    unit, days = plan.organisation, [today - timedelta(days=days) for days in (61, 45, 30, 0)]
    done = [counts_as_of(plan, [unit], day=day)[unit.pk].done for day in days]
    assert done == sorted(done)
    assert 0 == done[0] < done[2] < done[3]


def every_figure_agrees():
    assert not Delta.objects.exists()
    assert wrong_tallies() == []
    assert AuditEvent.objects.exists()
    assert broken_links() == []


def each_audience_sees_its_own():
    guest, organiser = AnonymousUser(), User.objects.get(username="zuzhiyuan")
    assert set(ArticlePage.objects.visible_to(guest).values_list("audience", flat=True)) == {"public"}
    assert ArticlePage.objects.visible_to(organiser).count() == ArticlePage.objects.count()
    told = ArticlePage.objects.get(audience="subtree")
    members = Member.objects.exclude(user=None).select_related("user")
    inside = members.affiliated_under(told.organisation)
    assert inside.exists()
    for member in members:
        may_see = ArticlePage.objects.visible_to(member.user).filter(pk=told.pk).exists()
        assert may_see == inside.filter(pk=member.pk).exists()


def everything_is_found_by_a_word_in_the_middle_of_a_sentence():
    while fold_index_changes(now=timezone.now()):
        pass
    organiser = User.objects.get(username="zuzhiyuan")
    texts_of = {article.title: _longest(article.blocks) for article in texts.articles()}
    for course in texts.courses():
        texts_of[course.title] = course.summary
        texts_of |= {each.title: each.transcript or _longest(each.blocks) for each in course.lessons}
    for title, text in texts_of.items():
        sentence = max(STOP.split(text), key=len)
        word = sentence[(len(sentence) - WORD) // 2 :][:WORD]
        found = [page.title for page in found_pages(word, user=organiser)[:5]]
        assert title in found, (title, word, found)


def _longest(blocks: tuple[texts.Block, ...]) -> str:
    return max((line for block in blocks if block.kind == "paragraph" for line in block.lines), key=len)


def the_cards_sign_in(told: str):
    cards = CARD.findall(told)
    assert len(cards) == 7
    for number, code in cards:
        user = authenticate(None, username=number, password=code.replace("-", ""))
        assert user is not None, number
        assert user.must_choose_password


def a_second_run_changes_nothing():
    tables = [model for room in ("members", "learning", "content", "media") for model in _models(room)]
    before = {model: _rows(model) for model in (*tables, Page)}
    assert "没有改动" in said()
    assert {model: _rows(model) for model in (*tables, Page)} == before


def _models(room: str):
    return apps.get_app_config(room).get_models()


def _rows(model) -> list[tuple]:
    return list(model._base_manager.order_by("pk").values_list())
