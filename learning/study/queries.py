"""What the pages for studying show."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.completion.standing import Standing, item_standing
from learning.completion.wording import say_standing
from learning.courses.models import CoursePage, ItemKind, LessonPage, StudyItem, StudyPage
from learning.courses.wording import item_about
from learning.hours.queries import hours_for
from learning.progress.marks import Mark, marks_of
from learning.progress.models import Progress
from learning.progress.wording import say_by_hand
from learning.quizzes.queries import QuizRow, quiz_of_lesson, rows_of_items
from learning.quizzes.wording import say_what_the_lesson_needs
from learning.study.coverage import Coverage, coverage_from
from learning.study.reading import Reading, pace_of, reading_of
from learning.study.visits import open_visit
from media.delivery import sign_file, sign_poster
from media.models import AssetStatus
from members.accounts.models import Member
from members.organisation.rules import Rule


@dataclass(frozen=True)
class Row:
    """One thing to study in a list: title, where it is, what it is, and how the reader stands with it.

    `place` leads to where a text was left; a player finds that place by itself. `due` is the day that a plan sets,
    `note` what else it says about it.
    """

    title: str
    url: str
    about: str
    standing: str = ""
    say: str = ""
    place: str = ""
    due: str = ""
    note: str = ""


@dataclass(frozen=True)
class Player:
    """All that a player needs; `visit` is empty for a visitor whose study is not recorded."""

    kind: str
    src: str
    poster: str
    visit: str
    length: float
    megabytes: float


@dataclass(frozen=True)
class LessonView:
    item: StudyItem | None
    course: CoursePage
    lessons: list[Row]
    coverage: Coverage | None
    player: Player | None
    reading: Reading | None
    hours: Decimal
    note: str
    next_row: Row | None
    quiz: QuizRow | None = None
    say_quiz: str = ""
    mark: Mark | None = None

    @property
    def is_quiz_next(self) -> bool:
        """Everything has been seen, and the lesson waits for its quiz."""
        seen = self.coverage
        return seen is not None and not seen.is_completed and seen.is_seen


def lesson_view(page: LessonPage, *, request: HttpRequest, now: datetime, visit: str = "") -> LessonView:
    """One lesson for one visitor; a text under the visit given or a new one."""
    course = page.get_parent().specific
    item = (
        StudyItem.objects.visible_to(request.user)
        .filter(page_id=page.pk)
        .select_related("asset", "organisation")
        .first()
    )
    rows = lesson_rows(course, request=request)
    later = [row for row in rows if row.standing != Standing.DONE and row.url != page.get_url(request)]
    is_studied = any(row.standing == Standing.DONE and row.url == page.get_url(request) for row in rows)
    is_open = item is not None and item.length_seconds is not None
    is_text = is_open and item.is_text
    is_playable = is_open and item.asset is not None and item.asset.status == AssetStatus.READY
    on = timezone.localdate(now)
    coverage = coverage_of(item, request=request, on=on) if is_text or is_playable else None
    quiz = quiz_of_lesson(page.pk, user=request.user) if request.user.is_authenticated else None
    return LessonView(
        item=item,
        course=course,
        lessons=rows,
        coverage=coverage,
        player=_player(item, request=request, now=now) if is_playable else None,
        reading=reading_of(item, request=request, now=now, visit=visit) if is_text else None,
        hours=hours_for(item, on=on) if is_open else Decimal(0),
        note="" if is_text or is_playable else _why_it_cannot_be_studied(page),
        next_row=later[0] if later else None,
        quiz=quiz,
        mark=own_mark(item, coverage, request=request),
        say_quiz="" if is_studied or quiz is None or item is None else _what_the_quiz_does(item, quiz, coverage),
    )


def _what_the_quiz_does(item: StudyItem, quiz: QuizRow, coverage: Coverage | None) -> str:
    is_seen = coverage is not None and coverage.is_seen
    how = {"is_passed": quiz.is_passed, "is_seen": is_seen, "is_part_enough": item.is_part_enough}
    return say_what_the_lesson_needs(item.rule_in_force, **how)


def lesson_rows(course: CoursePage, *, request: HttpRequest) -> list[Row]:
    """The lessons of a course that this visitor may see, in their order."""
    items = StudyItem.objects.visible_to(request.user).filter(page__in=course.get_children()).select_related("page")
    return item_rows(sorted(items, key=lambda item: item.page.path), request=request)


def item_rows(items: list[StudyItem], *, request: HttpRequest) -> list[Row]:
    """Items with how the visitor stands with each; the items' pages must have been selected along."""
    own = {p.item_id: p for p in Progress.objects.visible_to(request.user).filter(item__in=items)}
    quizzes = {}
    if any(item.kind == ItemKind.QUIZ for item in items):
        quizzes = rows_of_items(items, user=request.user)
    gap = Rule.objects.value("completion.gap_seconds", on=timezone.localdate())
    return [_row(item, own.get(item.pk), request, quizzes.get(item.pk), gap=gap) for item in items]


def coverage_of(item: StudyItem, *, request: HttpRequest, on: date) -> Coverage:
    """How much of an item this visitor has seen; all of it is open where nothing was recorded yet."""
    progress = Progress.objects.visible_to(request.user).filter(item=item).first()
    gap = Rule.objects.value("completion.gap_seconds", on=on)
    return coverage_from(progress, item, gap=gap)


def own_mark(item: StudyItem | None, coverage: Coverage | None, *, request: HttpRequest) -> Mark | None:
    """How it counts as studied, where it does."""
    if item is None or coverage is None or not coverage.is_completed:
        return None
    return marks_of(Progress.objects.visible_to(request.user).filter(item=item).select_related("item")).get(item.pk)


def page_view(page: StudyPage, *, request: HttpRequest, now: datetime, visit: str = "") -> dict:
    """What the template of a study page is given, besides the page itself."""
    if isinstance(page, LessonPage):
        return {"lesson": lesson_view(page, request=request, now=now, visit=visit)}
    if isinstance(page, CoursePage):
        rows = lesson_rows(page, request=request)
        done = sum(row.standing == Standing.DONE for row in rows)
        ahead = next((row for row in rows if row.standing != Standing.DONE), None)
        return {"lessons": rows, "lessons_done": done, "next_row": ahead}
    return _article_view(page, request=request, now=now, visit=visit)


def _article_view(page: StudyPage, *, request: HttpRequest, now: datetime, visit: str) -> dict:
    readable = StudyItem.objects.visible_to(request.user).select_related("organisation")
    item = readable.filter(page_id=page.pk).first()
    view = {"item": item, "about": item_about(item) if item else ""}
    if item is None or item.length_seconds is None:
        return view
    reading = reading_of(item, request=request, now=now, visit=visit)
    coverage = coverage_of(item, request=request, on=timezone.localdate(now))
    return view | {
        "reading": reading,
        "coverage": coverage,
        "mark": own_mark(item, coverage, request=request),
    }


def _player(item: StudyItem, *, request: HttpRequest, now: datetime) -> Player:
    member = Member.objects.visible_to(request.user).recorded().first()
    pace = pace_of(item, on=timezone.localdate(now))
    return Player(
        kind=item.kind,
        src=sign_file(user_id=request.user.pk or 0, asset=item.asset, now=now),
        poster=sign_poster(user_id=request.user.pk or 0, asset=item.asset, now=now) if item.asset.thumbnail else "",
        visit=open_visit(member_id=member.pk, item_id=item.pk, pace=pace, now=now) if member else "",
        length=item.length_seconds,
        megabytes=round(item.asset.size_bytes / 1_000_000, 1),
    )


def _row(item: StudyItem, progress: Progress | None, request: HttpRequest, quiz: QuizRow | None, *, gap: float) -> Row:
    standing = item_standing(
        is_started=progress is not None,
        is_completed=progress is not None and progress.is_completed,
        is_flexible=False,
        is_online=True,
    )
    say = say_standing(standing)
    if standing == Standing.DOING and item.length_seconds:
        say = coverage_from(progress, item, gap=gap).say
    if progress is not None and progress.is_by_hand:
        say = say_by_hand()
    if quiz is not None and not (progress and progress.is_completed):
        return Row(item.title, quiz.url, quiz.about, quiz.standing, quiz.say)
    if item.is_withdrawn:
        return Row(item.title, "", item_about(item), standing, say if standing == Standing.DONE else _("Withdrawn"))
    return Row(item.title, _url(item, request, quiz), item_about(item), standing, say, place_of(progress, item))


def _url(item: StudyItem, request: HttpRequest, quiz: QuizRow | None) -> str:
    if item.page:
        return item.page.get_url(request)
    if item.activity_id:
        return reverse("activities:activity", args=[item.activity_id])
    return quiz.url if quiz else ""


def address_of(item: StudyItem, request: HttpRequest) -> str:
    """Where an item is studied."""
    quiz = rows_of_items([item], user=request.user).get(item.pk) if item.kind == ItemKind.QUIZ else None
    return _url(item, request, quiz) or reverse("learning:study")


def place_of(progress: Progress | None, item: StudyItem) -> str:
    """Where a text that is being read was left, as the end of its address."""
    is_open = progress is not None and not progress.is_completed and item.is_text
    return f"?t={int(progress.position_seconds)}" if is_open else ""


def _why_it_cannot_be_studied(page: LessonPage) -> str:
    if page.asset is None:
        return _("This lesson has no text yet. The editors are still writing it.")
    if page.asset.status == AssetStatus.REFUSED:
        return _("This file cannot be played. The editors can see why, and put another one in its place.")
    return _("This lesson is being made ready. Come back in a few minutes.")
