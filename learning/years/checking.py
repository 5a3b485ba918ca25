"""Whether the closed years still say the truth: what was closed and what came since is what the ledger holds."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext as _

from learning.completion.nightly import CHECKS
from learning.hours.models import HoursEntry
from learning.years.models import YearFigure
from learning.years.supplements import UNDER_WAY

AT_ONCE = 500


def faults_of_closings() -> list[str]:
    """A sentence for each closed year of a member that does not add up any more; none where all is well."""
    waiting = YearFigure.objects.select_related("closing__organisation").order_by("year", "pk").iterator(AT_ONCE)
    found: list[str] = []
    while some := list(islice(waiting, AT_ONCE)):
        found.extend(_faults(some))
    return found


def _faults(figures: list[YearFigure]) -> Iterator[str]:
    lines = _lines(figures)
    for figure in figures:
        own = lines[figure.member_id, figure.year]
        held: dict[str, Decimal] = defaultdict(Decimal)
        for pk in figure.lines:
            if pk in own:
                held[own[pk].category] += own[pk].hours
        missing = sum(pk not in own for pk in figure.lines)
        unseen = [pk for pk in own.keys() - set(figure.lines) if own[pk].recorded_at < _earliest(figure)]
        said = {category: Decimal(hours) for category, hours in figure.hours.items()}
        if missing:
            yield _say(figure, _("%(number)d lines that were closed are gone") % {"number": missing})
        elif dict(held) != said:
            was, today = sum(said.values(), Decimal(0)), sum(held.values(), Decimal(0))
            yield _say(figure, _("closed with %(was)s hours, its lines hold %(today)s") % {"was": was, "today": today})
        if unseen:
            yield _say(figure, _("%(number)d lines from before the closing are not in it") % {"number": len(unseen)})


def _earliest(figure: YearFigure) -> datetime:
    return figure.closing.closed_at - UNDER_WAY


def _lines(figures: list[YearFigure]) -> dict[tuple[int, int], dict[int, HoursEntry]]:
    found: dict[tuple[int, int], dict[int, HoursEntry]] = defaultdict(dict)
    years = {figure.year for figure in figures}
    entries = HoursEntry.objects.filter(member__in=[figure.member_id for figure in figures], year__in=years)
    for line in entries.only("member_id", "year", "category", "hours", "recorded_at"):
        found[line.member_id, line.year][line.pk] = line
    return found


def _say(figure: YearFigure, what: str) -> str:
    about = {"year": figure.year, "unit": figure.closing.organisation, "member": figure.member_id, "what": what}
    return _("Year %(year)d of %(unit)s, member with key %(member)d: %(what)s") % about


CHECKS["closings"] = lambda: len(faults_of_closings())
