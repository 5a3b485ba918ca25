"""The ledger of one year, line by line, for its owner."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.courses.models import StudyItem
from learning.courses.wording import item_about
from learning.hours.models import HoursEntry
from learning.hours.queries import HoursView, hours_of
from learning.quizzes.models import Quiz
from members.accounts.models import Member
from members.activities.models import Activity


@dataclass(frozen=True)
class LedgerLine:
    """`url` is empty where what was studied no longer stands, or is not open to the reader any more."""

    earned_on: date
    title: str
    url: str
    about: str
    category: str
    hours: Decimal


@dataclass(frozen=True)
class Ledger:
    """A year's lines, the latest first, with the sums that /study/ shows, and the years there are."""

    lines: list[LedgerLine]
    sums: HoursView
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
    entries = list(own.in_year(chosen).select_related("item").order_by("-earned_on", "-pk"))
    urls = _addresses({entry.item_id for entry in entries}, request=request)
    return Ledger(
        lines=[_line(entry, urls.get(entry.item_id, "")) for entry in entries],
        sums=hours_of(member, own, now=now, year=chosen),
        years=sorted(known, reverse=True),
    )


def _line(entry: HoursEntry, url: str) -> LedgerLine:
    item = entry.item
    about = item_about(item) if item else ""
    if entry.reverses_id:
        about = _("Taken back: %(reason)s") % {"reason": entry.reason or _("the record was corrected")}
    if entry.is_late_entry:
        about = _(", ").join(filter(None, [about, _("late entry")]))
    title, category = item.title if item else entry.reason, entry.get_category_display()
    return LedgerLine(entry.earned_on, title, url, about, category, entry.hours)


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
