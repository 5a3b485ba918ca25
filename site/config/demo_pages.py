"""The demo's pages: articles and a course with its lessons, published as an editor would."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.utils.html import escape

from config.demo import texts
from config.installation import found_portal
from content.articles.models import ArticlePage
from learning.courses.models import CoursePage, LessonPage
from media.models import Asset
from members.organisation.models import Organisation

MEDIA = Path(texts.__file__).parent


def load_pages(name: str, unit: Organisation, *, now: datetime) -> None:
    """Three articles and a course of three lessons, under a front door of that name."""
    portal = found_portal(name)
    for article in texts.articles():
        said = {"title": article.title, "summary": article.summary, "author": article.author}
        page = ArticlePage(**said, audience=article.audience, organisation=unit, body=list(_body(article.blocks)))
        portal.add_child(instance=page)
        page.save_revision().publish()
    told = texts.course()
    shared = {"organisation": unit, "audience": told["audience"]}
    course = portal.add_child(instance=CoursePage(title=told["title"], summary=told["summary"], **shared))
    course.save_revision().publish()
    for lesson in told["lessons"]:
        page = LessonPage(title=lesson["title"], summary=lesson["summary"], asset=_asset(lesson, now=now), **shared)
        course.add_child(instance=page)
        page.save_revision().publish()


def _body(blocks: tuple[texts.Block, ...]) -> Iterator[tuple[str, object]]:
    for block in blocks:
        if block.kind == "heading":
            yield "heading", block.lines[0]
        elif block.kind == "quotation":
            yield "quotation", {"text": "\n".join(block.lines), "source": block.source}
        elif block.kind == "paragraph":
            yield "text", f"<p>{escape(block.lines[0])}</p>"
        else:
            tag = "ol" if block.kind == "steps" else "ul"
            yield "text", f"<{tag}>{''.join(f'<li>{escape(line)}</li>' for line in block.lines)}</{tag}>"


def _asset(lesson: dict, *, now: datetime) -> Asset:
    """The committed file with the facts written beside it: the demo needs no probe."""
    video, poster = MEDIA / lesson["video"], MEDIA / lesson["poster"]
    transcript = "\n".join(line["text"] for line in lesson["transcript"])
    with video.open("rb") as film, poster.open("rb") as picture:
        return Asset.objects.create(
            title=lesson["title"],
            type="video",
            file=File(film, name=video.name),
            thumbnail=File(picture, name=poster.name),
            duration=lesson["seconds"],
            size_bytes=video.stat().st_size,
            transcript=transcript,
            status="ready",
            probed_at=now,
        )
