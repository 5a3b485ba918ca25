"""What came to a year after it was closed (补充): lines of the ledger that its figures do not hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.hours.models import HoursEntry, HoursEntryQuerySet
from learning.hours.telling import title_of
from learning.years.figures import homes_of
from learning.years.models import YearClosing, YearFigure
from members.accounts.models import Member
from members.organisation.models import Organisation
from members.roles.policies import under

# A line may carry the moment at which its request began, and stand in the ledger only after the closing.
UNDER_WAY = timedelta(days=1)


@dataclass(frozen=True)
class Supplement:
    """What came to a closed year on one day for one reason; `people` is 1 on a member's own page."""

    on: date
    reason: str
    hours: Decimal
    people: int = 1
    unit: str = ""


@dataclass(frozen=True)
class ClosedYear:
    """How a member's year was closed, and what came to it since."""

    closing: YearClosing
    figure: YearFigure | None
    supplements: list[Supplement]


def closing_of(member: Member, year: int) -> YearClosing | None:
    """By which closing this member's year was closed, if it was."""
    figure = YearFigure.objects.filter(member=member, year=year).select_related("closing").first()
    if figure is not None:
        return figure.closing
    home = homes_of([member.pk], year).get(member.pk)
    found = YearClosing.objects.filter(year=year).reaching(home.path) if home else YearClosing.objects.none()
    return found.order_by("closed_at", "pk").first()


def closed_year(member: Member, year: int, *, entries: HoursEntryQuerySet) -> ClosedYear | None:
    """The closing with its supplements, from the lines that the reader may see; nothing where the year is open."""
    closing = closing_of(member, year)
    if closing is None:
        return None
    figure = YearFigure.objects.filter(member=member, year=year).first()
    lines = entries.filter(member=member).in_year(year).select_related("item").order_by("recorded_at", "pk")
    held = set(figure.lines) if figure else set()
    return ClosedYear(closing, figure, _by_day_and_reason(line for line in lines if line.pk not in held))


def supplements_under(unit: Organisation, closing: YearClosing) -> list[Supplement]:
    """What came since to the years of everybody under the unit, by day, unit and reason; nobody is named."""
    lines = (
        HoursEntry.objects.in_year(closing.year)
        .filter(recorded_at__gte=_first_closed_at(unit, closing) - UNDER_WAY)
        .filter(_of_years_under(unit, closing.year))
        .select_related("item")
        .order_by("recorded_at", "pk")
    )
    lines = list(lines)
    members = {line.member_id for line in lines}
    figures = YearFigure.objects.filter(year=closing.year, member__in=members).select_related("organisation")
    figure_of = {figure.member_id: figure for figure in figures}
    held = {pk for figure in figure_of.values() for pk in figure.lines}
    names = {member: figure.organisation.name for member, figure in figure_of.items()}
    return _by_day_and_reason((line for line in lines if line.pk not in held), names=names, unit=unit.name)


def reason_of(line: HoursEntry) -> str:
    """Why a line came late: the words of the reversal, or what was entered late."""
    if line.reverses_id:
        return _("Taken back: %(reason)s") % {"reason": line.reason or _("the record was corrected")}
    return _("Late entry: %(title)s") % {"title": title_of(line)}


def _first_closed_at(unit: Organisation, closing: YearClosing) -> datetime:
    """Parts of the unit may have been closed before the whole."""
    below = YearClosing.objects.filter(under("organisation__path", [unit.path]), year=closing.year)
    return min([closing.closed_at, *below.values_list("closed_at", flat=True)])


def _of_years_under(unit: Organisation, year: int) -> Q:
    figure = YearFigure.objects.filter(member=OuterRef("member"), year=year)
    here = figure.under(unit)
    lives_here = Q(member__affiliations__until=None) & under("member__affiliations__organisation__path", [unit.path])
    return Q(Exists(here)) | ~Q(Exists(figure)) & lives_here


def _by_day_and_reason(
    lines: Iterable[HoursEntry], *, names: dict[int, str] | None = None, unit: str = ""
) -> list[Supplement]:
    sums: dict[tuple[date, str, str], Decimal] = {}
    people: dict[tuple[date, str, str], set[int]] = {}
    for line in lines:
        key = (timezone.localdate(line.recorded_at), (names or {}).get(line.member_id, unit), reason_of(line))
        sums[key] = sums.get(key, Decimal(0)) + line.hours
        people.setdefault(key, set()).add(line.member_id)
    return [Supplement(on, reason, hours, len(people[on, at, reason]), at) for (on, at, reason), hours in sums.items()]
