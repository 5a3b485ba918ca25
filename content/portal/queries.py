from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from content.articles.models import ArticlePage
from learning.courses.models import CoursePage, StudyItem
from learning.study.overview import Overview, overview_of
from learning.study.queries import Row, item_rows
from members.messages.models import Message
from members.messages.queries import newest_unread

LATEST = 6


@dataclass(frozen=True)
class Home:
    overview: Overview | None
    articles: list[Row]
    courses: list[CoursePage]
    newest: Message | None


def home_of(request: HttpRequest, *, now: datetime) -> Home:
    """The front door for one visitor: what is owed (members only), and the latest to study."""
    articles = ArticlePage.objects.visible_to(request.user)
    items = StudyItem.objects.visible_to(request.user).filter(page__in=articles.values("pk")).select_related("page")
    return Home(
        overview=overview_of(request, now=now),
        articles=item_rows(list(items.order_by("-published_at", "-pk")[:LATEST]), request=request),
        courses=list(CoursePage.objects.visible_to(request.user).order_by("-first_published_at")[:LATEST]),
        newest=newest_unread(request.user),
    )
