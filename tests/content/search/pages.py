"""Pages to search for, with only what matters to a test."""

import json
from datetime import UTC, datetime

from django.contrib.auth.models import AnonymousUser
from wagtail.models import Locale, Page, Site

from content.articles.models import ArticlePage
from content.portal.models import PortalPage
from content.search.actions import fold_index_changes
from content.search.queries import found_pages
from learning.courses.models import CoursePage, LessonPage, StudyPage
from members.organisation.models import Organisation
from tests.factories import make_organisation

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VISITOR = AnonymousUser()


def portal() -> PortalPage:
    """The portal of the only site; made where there is none."""
    page = PortalPage.objects.first()
    if page is None:
        Locale.objects.get_or_create(language_code="zh-hans")
        top = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
        page = top.add_child(instance=PortalPage(title="首页", slug="portal"))
        Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": page})
        Site.clear_site_root_paths_cache()
    return page


def _publish(parent: Page, page: StudyPage, text: str) -> StudyPage:
    page.body = json.dumps([{"type": "text", "value": f"<p>{text}</p>"}])
    if page.organisation_id is None:
        page.organisation = Organisation.objects.first() or make_organisation()
    return Page.objects.get(pk=parent.pk).add_child(instance=page)


def make_article(title: str, text: str = "", *, audience: str = "public", **rest) -> ArticlePage:
    return _publish(portal(), ArticlePage(title=title, audience=audience, **rest), text)


def make_course(title: str, text: str = "", *, audience: str = "public", **rest) -> CoursePage:
    return _publish(portal(), CoursePage(title=title, audience=audience, **rest), text)


def make_lesson(course: CoursePage, title: str, text: str = "", *, audience: str = "public", **rest) -> LessonPage:
    return _publish(course, LessonPage(title=title, audience=audience, **rest), text)


def fold() -> int:
    return fold_index_changes(now=NOW)


def titles(query: str, user=VISITOR) -> list[str]:
    return [page.title for page in found_pages(query, user=user)]
