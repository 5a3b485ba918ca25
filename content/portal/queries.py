from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.http import HttpRequest

from content.articles.models import ArticlePage
from content.portal.models import NoticePage, NoticePageQuerySet, OpenPage, TopicPage, UnitPage
from learning.courses.audience import open_pages, own_path
from learning.courses.models import CoursePage, LessonPage, StudyItem
from learning.study.overview import Overview, overview_of
from learning.study.queries import Row, item_rows
from members.messages.models import Message
from members.messages.queries import newest_unread
from members.organisation.models import Organisation
from members.roles.policies import superior_paths

LATEST = 6
LATEST_OF_A_KIND = 4  # a course of twelve lessons shall not push out the articles
NOTICES_AT_HOME = 5
OWED_AT_HOME = 4


@dataclass(frozen=True)
class Home:
    overview: Overview | None
    newest: list[Row]
    courses: list[CoursePage]
    topics: list[TopicPage]
    notices: list[NoticePage]
    unit_page: UnitPage | None
    message: Message | None

    @property
    def is_empty(self) -> bool:
        """Neither something to find nor something owed: what is owed is not named a second time among what is new."""
        is_owing = self.overview is not None and bool(self.overview.agenda.open_rows)
        return not (is_owing or self.newest or self.courses or self.topics)


@dataclass(frozen=True)
class Pick:
    """A line of a topic: a page of ours, or something on another site (`host`)."""

    row: Row
    host: str = ""


def home_of(request: HttpRequest, *, now: datetime) -> Home:
    """The front door for one visitor: what is owed (members only), what is new, and where to find more."""
    user = request.user
    overview = overview_of(request, now=now)
    owed = {row.url for row in overview.agenda.open_rows[:OWED_AT_HOME]} if overview else set()
    return Home(
        overview=overview,
        newest=[row for row in _newest_rows(request) if row.url not in owed],
        courses=list(CoursePage.objects.visible_to(user).order_by("-first_published_at", "-pk")[:LATEST]),
        topics=list(TopicPage.objects.visible_to(user).order_by("-first_published_at", "-pk")[:LATEST]),
        notices=list(notices_for(user)[:NOTICES_AT_HOME]),
        unit_page=unit_page_of(user),
        message=newest_unread(user),
    )


def notices_for(user) -> NoticePageQuerySet:
    """The notices that this visitor may see, the newest first."""
    return NoticePage.objects.visible_to(user).newest_first()


def unit_page_of(user) -> UnitPage | None:
    """The page of the unit to which this person belongs, or of the nearest unit above that has one."""
    path = own_path(user) if user.is_authenticated else ""
    pages = UnitPage.objects.visible_to(user).filter(organisation__path__in=superior_paths(path))
    return pages.order_by("-organisation__path", "pk").first() if path else None


def page_after_merger(page: UnitPage, *, user) -> UnitPage | None:
    """Where the page of a merged unit leads: to its successor's, or to the nearest one above that has a page."""
    successor = page.organisation.successor
    if successor is None:
        return None
    pages = UnitPage.objects.visible_to(user).filter(organisation__path__in=superior_paths(successor.path))
    return pages.exclude(pk=page.pk).order_by("-organisation__path", "pk").first()


def open_page_view(page: OpenPage, *, request: HttpRequest) -> dict:
    """What the template of an open page is given, besides the page itself."""
    if isinstance(page, TopicPage):
        return {"picks": picks_of(page, request=request)}
    if isinstance(page, UnitPage):
        mine = StudyItem.objects.visible_to(request.user).filter(organisation_id=page.organisation_id)
        newest = mine.filter(page__isnull=False).select_related("page").order_by("-published_at", "-pk")
        notices = notices_for(request.user).filter(organisation_id=page.organisation_id)
        return {
            "newest": item_rows(list(newest[:LATEST]), request=request),
            "notices": list(notices[:NOTICES_AT_HOME]),
            "helper": helper_of(page.organisation),
        }
    return {}


def helper_of(unit: Organisation) -> Organisation | None:
    """The unit itself, or the nearest one above it that can be called."""
    at_or_above = Organisation.objects.filter(path__in=superior_paths(unit.path)).exclude(help_phone="")
    return at_or_above.order_by("-path").first()


def picks_of(topic: TopicPage, *, request: HttpRequest) -> list[Pick]:
    """What belongs to a topic, in the editor's order; a page that this visitor may not see is left out."""
    chosen = [block.value.pk for block in topic.picks if block.block_type == "page" and block.value]
    rows = _page_rows(chosen, request=request)
    found = []
    for block in topic.picks:
        if block.block_type == "link":
            link = Row(block.value["title"], block.value["url"], block.value["why"])
            found.append(Pick(link, host=urlsplit(link.url).hostname or ""))
        elif block.value and block.value.pk in rows:
            found.append(Pick(rows[block.value.pk]))
    return found


def _page_rows(pks: list[int], *, request: HttpRequest) -> dict[int, Row]:
    """Pages as lines of a list, by their numbers; a course has no item of its own and is named as what it is."""
    pages = open_pages(request.user).filter(pk__in=pks)
    rows = {page.pk: Row(page.title, page.get_url(request), page.page_type_display_name) for page in pages}
    items = list(StudyItem.objects.visible_to(request.user).filter(page__in=list(rows)).select_related("page"))
    return rows | {item.page_id: row for item, row in zip(items, item_rows(items, request=request), strict=True)}


def _newest_rows(request: HttpRequest) -> list[Row]:
    """The latest articles and lessons together, the newest first."""
    items: list[StudyItem] = []
    for kind in (ArticlePage, LessonPage):
        pages = kind.objects.visible_to(request.user)
        latest = StudyItem.objects.visible_to(request.user).filter(page__in=pages.values("pk"))
        items += latest.select_related("page").order_by("-published_at", "-pk")[:LATEST_OF_A_KIND]
    items.sort(key=lambda item: (item.published_at, item.pk), reverse=True)
    return item_rows(items, request=request)
