"""Lessons, plans and beats for tests."""

from datetime import UTC, date, datetime, timedelta

from django.core.files.base import ContentFile
from wagtail.models import Page, Site

from content.articles.models import ArticlePage
from content.portal.models import PortalPage
from learning.courses.models import CoursePage, LessonPage, StudyItem
from learning.progress.pace import Pace
from learning.study.actions import record_beat
from learning.study.beats import Beat
from learning.study.visits import open_visit, read_visit
from media.models import Asset
from members.organisation.models import Organisation

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
PACE = Pace(rate=2, slack_seconds=5, gap_seconds=3, bank_seconds=7200)
TEXT_PACE = Pace(rate=4, slack_seconds=5, gap_seconds=3, bank_seconds=7200)


def make_portal() -> PortalPage:
    """The front door as root of the default site."""
    portal = PortalPage.objects.first()
    if portal is None:
        root = Page.objects.filter(depth=1).first() or Page.add_root(title="root", slug="root")
        portal = root.add_child(instance=PortalPage(title="柳湾学堂", slug="portal"))
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": portal, "site_name": "柳湾学堂"}
        )
    return portal


def make_asset(*, seconds: float = 100, status: str = "ready", **rest) -> Asset:
    fields = {"title": "录像", "type": "video", "duration": seconds, "status": status, **rest}
    return Asset.objects.create(file=ContentFile(b"\0" * 2048, name="lesson.mp4"), **fields)


def make_lesson(organisation: Organisation, *, title: str = "把话听完整", seconds: float = 100, **rest) -> StudyItem:
    """A published lesson of a course of its own (or of `course`); its study item."""
    course = rest.pop("course", None) or make_course(organisation)
    asset = rest.pop("asset", None) or make_asset(seconds=seconds)
    page = course.add_child(instance=LessonPage(title=title, organisation=organisation, asset=asset, **rest))
    page.save_revision().publish()
    return StudyItem.objects.get(page_id=page.pk)


def make_text(organisation: Organisation, *, characters: int = 520, **rest) -> StudyItem:
    """A published text lesson of so many characters: 520 are two minutes, if the rules say 260 a minute."""
    course = rest.pop("course", None) or make_course(organisation)
    page = LessonPage(organisation=organisation, body=paragraphs(characters), **{"title": "读一读", **rest})
    return _published(course.add_child(instance=page))


def make_article(organisation: Organisation, *, characters: int = 520, **rest) -> StudyItem:
    """A published article of so many characters; its study item."""
    page = ArticlePage(organisation=organisation, body=paragraphs(characters), **{"title": "一封短信", **rest})
    return _published(make_portal().add_child(instance=page))


def paragraphs(characters: int) -> list[tuple[str, str]]:
    """Text of so many characters in paragraphs of at most one hundred."""
    lengths = [min(100, characters - start) for start in range(0, characters, 100)]
    return [("text", f"<p>{'读' * length}</p>") for length in lengths]


def _published(page) -> StudyItem:
    page.save_revision().publish()
    return StudyItem.objects.get(page_id=page.pk)


def make_course(organisation: Organisation, title: str = "听与记") -> CoursePage:
    course = make_portal().add_child(instance=CoursePage(title=title, organisation=organisation))
    course.save_revision().publish()
    return course


class Viewing:
    """One member in front of one lesson: `watch` sends an honest beat and lets the clock run along."""

    def __init__(self, member, item: StudyItem, *, at: datetime = NOON, pace: Pace = PACE) -> None:
        self.member, self.item, self.now, self.seq = member, item, at, 0
        self.visit = read_visit(open_visit(member_id=member.pk, item_id=item.pk, pace=pace, now=at), now=at)

    def claim(self, *spans, after: float = 0, seq: int | None = None):
        """Says that `spans` were seen, `after` seconds on the server's clock."""
        self.now += timedelta(seconds=after)
        self.seq += seq is None
        beat = Beat(seq=self.seq if seq is None else seq, spans=spans, position=spans[-1][1] if spans else 0)
        return record_beat(self.visit, beat, now=self.now)

    def watch(self, start: float, end: float):
        return self.claim((start, end), after=end - start)


THIS_YEAR = (date(2026, 1, 1), date(2026, 12, 31))
