"""Pages of the portal, with only what matters to a test."""

from wagtail.models import Page

from content.articles.models import ArticlePage
from content.portal.models import NoticePage, OpenPage, TopicPage, UnitPage
from learning.courses.audience import Audience
from members.organisation.models import Organisation
from tests.learning.makers import make_portal


def publish(page: Page) -> Page:
    """The page, published under the front door."""
    make_portal().add_child(instance=page)
    page.save_revision().publish()
    return page


def make_open_page(kind: type[OpenPage], title: str, unit: Organisation, *, audience=Audience.PUBLIC, **rest):
    return publish(kind(title=title, organisation=unit, audience=audience, **rest))


def make_notice(title: str, unit: Organisation, **rest) -> NoticePage:
    return make_open_page(NoticePage, title, unit, **rest)


def make_topic(title: str, unit: Organisation, *, picks=(), **rest) -> TopicPage:
    return make_open_page(TopicPage, title, unit, picks=list(picks), **rest)


def make_unit_page(title: str, unit: Organisation, **rest) -> UnitPage:
    return make_open_page(UnitPage, title, unit, **rest)


def make_article(title: str, unit: Organisation, *, audience=Audience.PUBLIC, **rest) -> ArticlePage:
    text = [("text", f"<p>{title}</p>")]
    return publish(ArticlePage(title=title, organisation=unit, audience=audience, body=text, **rest))


def link(title: str = "县志", url: str = "https://archive.example/zhi", why: str = "先看第二章") -> tuple[str, dict]:
    return "link", {"title": title, "url": url, "why": why}
