"""The demo's pages: courses with their lessons, then articles, published as an editor would, on days of the past."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files import File
from django.utils.html import escape
from wagtail.images import get_image_model
from wagtail.models import Page

from config.demo import texts
from config.installation import found_portal
from content.articles.models import ArticlePage
from learning.courses.models import CoursePage, LessonPage, StudyItem, StudyPage
from media.models import Asset
from members.organisation.models import Organisation


def load_pages(name: str, *, now: datetime) -> dict[str, Page]:
    """All courses, lessons and articles under a front door of that name; lessons and articles by their keys."""
    portal = found_portal(name)
    units = {unit.code: unit for unit in Organisation.objects.all()}
    pages: dict[str, Page] = {}
    for course in texts.courses():
        _publish_course(portal, course, units[course.unit], pages, now=now)
    for article in sorted(texts.articles(), key=lambda each: -each.days_ago):
        body = list(_body(article.blocks, pages))
        said = {"title": article.title, "summary": article.summary, "author": article.author, "body": body}
        page = ArticlePage(**said, audience=article.audience, organisation=units[article.unit])
        pages[article.key] = _publish(portal, page, at=now - timedelta(days=article.days_ago))
    return pages


def _publish_course(
    portal: Page, course: texts.Course, unit: Organisation, pages: dict[str, Page], *, now: datetime
) -> None:
    shared = {"organisation": unit, "audience": course.audience}
    at = now - timedelta(days=course.days_ago)
    parent = _publish(portal, CoursePage(title=course.title, summary=course.summary, **shared), at=at)
    for lesson in course.lessons:
        asset = None if lesson.kind == "text" else _asset(lesson, now=now)
        said = {"title": lesson.title, "summary": lesson.summary, "body": list(_body(lesson.blocks, pages))}
        pages[lesson.key] = _publish(parent, LessonPage(**said, asset=asset, **shared), at=at)


def _publish(parent: Page, page: StudyPage, *, at: datetime) -> Page:
    """Published now, dated as if it had been then."""
    page.first_published_at = at
    parent.add_child(instance=page)
    page.save_revision().publish()
    StudyItem.objects.filter(page_id=page.pk).update(published_at=at)
    return page


def _body(blocks: tuple[texts.Block, ...], pages: dict[str, Page]) -> Iterator[tuple[str, object]]:
    for block in blocks:
        if block.kind == "heading":
            yield "heading", block.lines[0]
        elif block.kind == "quotation":
            yield "quotation", {"text": "\n".join(block.lines), "source": block.source}
        elif block.kind == "paragraph":
            yield "text", f"<p>{escape(block.lines[0])}</p>"
        elif block.kind == "picture":
            seen, caption = block.lines
            yield "picture", {"image": _image(block.source, caption), "text": seen, "caption": caption}
        elif block.kind == "read_on":
            yield "page_link", {"page": pages[block.source], "why": block.lines[0]}
        else:
            tag = "ol" if block.kind == "steps" else "ul"
            yield "text", f"<{tag}>{''.join(f'<li>{escape(line)}</li>' for line in block.lines)}</{tag}>"


def _image(name: str, title: str):
    with (texts.PICTURES / name).open("rb") as picture:
        return get_image_model().objects.create(title=title, file=File(picture, name=name))


def _asset(lesson: texts.Lesson, *, now: datetime) -> Asset:
    """The committed file with its length as it was written down when it was made: the demo needs no probe."""
    asset = Asset(title=lesson.title, type=lesson.kind, duration=lesson.seconds, transcript=lesson.transcript)
    asset.status, asset.probed_at, asset.size_bytes = "ready", now, lesson.file.stat().st_size
    with lesson.file.open("rb") as recording:
        asset.file = File(recording, name=lesson.file.name)
        if lesson.kind == "video":
            with lesson.poster.open("rb") as picture:
                asset.thumbnail = File(picture, name=lesson.poster.name)
                asset.save()
        else:
            asset.save()
    return asset
