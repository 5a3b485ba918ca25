"""The ledger of one year, line by line, for its owner."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.courses.models import StudyItem
from learning.courses.wording import item_about
from learning.hours.evidence import say_evidence
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.queries import HoursLine, HoursView, hours_of
from learning.hours.questions import questions_about
from learning.hours.telling import title_of
from learning.progress.group_study import GroupMark
from learning.quizzes.models import Quiz
from members.accounts.models import Member
from members.activities.models import Activity
from members.feedback.models import Feedback


@dataclass(frozen=True)
class LedgerLine:
    """`url` is empty where what was studied no longer stands, or is not open to the reader any more.

    `how` says for what the hours were given; `question` is the latest that was asked about the line.
    """

    pk: int
    earned_on: date
    title: str
    url: str
    about: str
    how: str
    category: str
    hours: Decimal
    question: Feedback | None


@dataclass(frozen=True)
class Ledger:
    """A year's lines, the latest first, the sums that /study/ shows, the same by source, and the years there are."""

    lines: list[LedgerLine]
    sums: HoursView
    by_source: list[HoursLine]
    years: list[int]


def ledger_of(request: HttpRequest, *, year: str, now: datetime) -> Ledger | None:
    """One's own ledger of that year, or of this one where that has none; nothing for who is no member."""
    member = Member.objects.visible_to(request.user).first()
    if member is None:
        return None
    own = HoursEntry.objects.visible_to(request.user)
    this_year = timezone.localdate(now).year
    known = {this_year, *own.values_list("year", flat=True).distinct().order_by()}
    chosen = next((each for each in known if str(each) == year), this_year)
    of_year = own.in_year(chosen)
    return Ledger(
        lines=lines_of(list(with_words(of_year).order_by("-earned_on", "-pk")), request=request),
        sums=hours_of(member, own, now=now, year=chosen),
        by_source=_by_source(of_year),
        years=sorted(known, reverse=True),
    )


def with_words(entries):
    """With what a line needs to be put into words."""
    return entries.select_related("item", "approved_by", "member")


def lines_of(entries: list[HoursEntry], *, request: HttpRequest) -> list[LedgerLine]:
    """These lines in words, with the way to what was studied, as far as the reader may go it."""
    items = {entry.item_id for entry in entries}
    urls, studied = _addresses(items, request=request), _studied_there(entries)
    questions = questions_about(entries)
    return [
        LedgerLine(
            pk=entry.pk,
            earned_on=entry.earned_on,
            title=title_of(entry),
            url=urls.get(entry.item_id, ""),
            about=_about(entry),
            how=say_evidence(entry, studied[entry.member_id, entry.item_id]),
            category=entry.get_category_display(),
            hours=entry.hours,
            question=questions.get(entry.pk),
        )
        for entry in entries
    ]


def _about(entry: HoursEntry) -> str:
    about = item_about(entry.item) if entry.item and not entry.reverses_id else ""
    words = [about, _("late entry") if entry.is_late_entry else ""]
    return _(", ").join(filter(None, words))


def _by_source(entries) -> list[HoursLine]:
    sums = dict(entries.values_list("source").annotate(Sum("hours")).order_by())
    return [HoursLine(str(source.label), sums[source]) for source in HoursSource if source in sums]


def _studied_there(entries: list[HoursEntry]) -> dict[tuple[int, int | None], list[str]]:
    """What each member studied in each activity."""
    marks = GroupMark.objects.filter(
        member__in={entry.member_id for entry in entries}, together__in={entry.item_id for entry in entries}
    )
    found = defaultdict(list)
    for mark in marks.select_related("item").order_by("item__title"):
        found[mark.member_id, mark.together_id].append(mark.item.title)
    return found


def _addresses(item_ids: set[int | None], *, request: HttpRequest) -> dict[int, str]:
    pages = StudyItem.objects.visible_to(request.user).filter(pk__in=item_ids, page__isnull=False)
    quizzes = Quiz.objects.visible_to(request.user).filter(item__in=item_ids)
    activities = Activity.objects.visible_to(request.user).filter(study_item__in=item_ids)
    return {
        **{item.pk: item.page.get_url(request) for item in pages.select_related("page")},
        **{item: reverse("learning:quiz", args=[pk]) for item, pk in quizzes.values_list("item_id", "pk")},
        **{
            item: reverse("activities:activity", args=[pk])
            for item, pk in activities.values_list("study_item__pk", "pk")
        },
    }
