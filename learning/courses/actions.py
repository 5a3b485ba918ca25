from datetime import datetime
from html.parser import HTMLParser

from django.db import transaction
from django.utils import timezone

from learning.courses.audience import Audience
from learning.courses.models import CompletionRule, CoursePage, ItemKind, LessonPage, StudyItem, StudyPage
from learning.courses.rules import note_rule
from media.models import Asset
from members.events import Attended
from members.organisation.rules import Rule


@transaction.atomic
def publish_item(page: StudyPage, *, now: datetime) -> StudyItem | None:
    """Makes or renews the study item of a page that has just been published. A course has none: its lessons have."""
    if isinstance(page, CoursePage):
        StudyItem.objects.filter(page__in=page.get_children()).update(course_title=page.title)
        return None
    said = _said_by(page, on=timezone.localdate(now))
    item = StudyItem.objects.filter(page_id=page.pk).first() or StudyItem(page_id=page.pk, published_at=now)
    for name, value in said.items():
        setattr(item, name, value)
    item.withdrawn_at = None
    item.save()
    note_rule(item, now=now)
    return item


@transaction.atomic
def publish_activity(attended: Attended, *, now: datetime) -> StudyItem:
    """Makes or renews the study item of an accepted activity; the title stays when the activity goes."""
    said = {
        "title": attended.title,
        "organisation_id": attended.organisation_id,
        "hours": attended.hours,
        "hours_category": attended.category,
        "withdrawn_at": None,
    }
    fixed = {
        "kind": ItemKind.ACTIVITY,
        "audience": Audience.SUBTREE,
        "completion_rule": CompletionRule.COVERED,
        "published_at": now,
    }
    item, _ = StudyItem.objects.update_or_create(
        activity_id=attended.activity_id, defaults=said, create_defaults=said | fixed
    )
    note_rule(item, now=now)
    return item


def withdraw_item(page: StudyPage, *, now: datetime) -> None:
    """The page is no longer public; what was studied stays."""
    StudyItem.objects.filter(page_id=page.pk, withdrawn_at=None).update(withdrawn_at=now)


@transaction.atomic
def take_lengths(*, now: datetime, limit: int = 100) -> int:
    """Gives the length of its file to every item that was published before that was known. Idempotent."""
    items = list(StudyItem.objects.awaiting_length().select_related("asset")[:limit])
    for item in items:
        item.length_seconds = item.asset.duration
        if StudyItem.objects.filter(pk=item.pk, asset=item.asset).update(length_seconds=item.length_seconds):
            note_rule(item, now=now)
    return len(items)


def _said_by(page: StudyPage, *, on) -> dict:
    asset = page.asset if isinstance(page, LessonPage) else None
    said = {
        "kind": _kind(page, asset),
        "title": page.title,
        "organisation": page.organisation,
        "audience": page.audience,
        "asset": asset,
        "length_seconds": _length(page, asset, on=on),
        "hours": page.hours,
        "hours_category": page.hours_category,
        "completion_rule": page.completion_rule,
        "needed_percent": page.needed_percent,
    }
    if isinstance(page, LessonPage):
        course = page.get_parent()
        said["course_title"] = course.title
        said["course_order"] = list(course.get_children().values_list("pk", flat=True)).index(page.pk) + 1
    return said


def _kind(page: StudyPage, asset: Asset | None) -> str:
    if not isinstance(page, LessonPage):
        return ItemKind.ARTICLE
    if asset is None:
        return ItemKind.TEXT
    return ItemKind.VIDEO if asset.type == "video" else ItemKind.AUDIO


def _length(page: StudyPage, asset: Asset | None, *, on) -> float | None:
    """Seconds: of the file, once it is ready; of a text, its characters at the reading pace of the rule."""
    if asset is not None:
        return asset.duration if asset.status == "ready" else None
    pace = Rule.objects.value("text.characters_per_minute", on=on, organisation=page.organisation)
    return round(characters(page) * 60 / pace, 1) or None


def characters(page: StudyPage) -> int:
    """How many characters a reader reads, without spaces and markup."""
    text = _Text()
    text.feed(page.body.render_as_block())
    return len("".join("".join(text.said).split()))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)
