from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelsearch.backends.base import BaseSearchResults
from wagtail.models import Page

from content.articles.models import ArticlePage
from content.search.documents import texts_of
from content.search.marks import Segment, marked, piece
from learning.courses.audience import open_pages
from learning.courses.models import CoursePage, ItemKind, LessonPage


@dataclass(frozen=True)
class Entry:
    """A page as a line of the list: what was asked for is marked in its title and in the piece below."""

    url: str
    kind: str
    is_near: bool
    title: list[Segment]
    piece: list[Segment]


def found_pages(query: str, *, user) -> BaseSearchResults:
    """Pages of every kind that this visitor may open, best first."""
    return open_pages(user).specific().search(query)


def exact_count(results: BaseSearchResults) -> int:
    """How many have the words themselves. Another backend finds nothing else."""
    return getattr(results, "exact_count", results.count())


def entries(pages: Sequence[Page], exact: int, query: str, request: HttpRequest) -> list[Entry]:
    """What the list of results says about each page, in the order given; after the first `exact` all are only near."""
    prefetch_related_objects([page for page in pages if isinstance(page, LessonPage)], "asset")
    return [_entry(page, place >= exact, query, request) for place, page in enumerate(pages)]


def _entry(page: Page, is_near: bool, query: str, request: HttpRequest) -> Entry:
    texts = [page.summary, *(text for text in texts_of(page) if text != page.title)]
    return Entry(
        url=page.get_url(request) or page.url_path,
        kind=kind_of(page),
        is_near=is_near,
        title=marked(page.title, query, is_near=is_near),
        piece=marked(piece(texts, query, is_near=is_near), query, is_near=is_near),
    )


def kind_of(page: Page) -> str:
    """What a page is, in one word for the reader."""
    if isinstance(page, CoursePage):
        return _("Course")
    if isinstance(page, ArticlePage):
        return str(ItemKind.ARTICLE.label)
    if not isinstance(page, LessonPage):
        return capfirst(page._meta.verbose_name)
    asset = page.asset
    kind = {None: ItemKind.TEXT, "audio": ItemKind.AUDIO, "video": ItemKind.VIDEO}[asset and asset.type]
    return str(kind.label)
