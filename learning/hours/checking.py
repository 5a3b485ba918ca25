"""Whether ledger and marks agree: what nobody should ever find, in plain sentences. Reads only."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from learning.courses.models import ItemKind
from learning.hours.models import HoursEntry, HoursSource
from learning.progress.group_study import GroupMark
from learning.progress.models import BY_GROUP, PastMark, Progress

SHOWN = 50  # of each kind
STUDIED = (HoursSource.LESSON, HoursSource.QUIZ)


def check_hours(*, year: int | None = None) -> list[str]:
    """What is wrong in the ledger of that year, or of every year; empty where all agrees."""
    lines = HoursEntry.objects.all() if year is None else HoursEntry.objects.in_year(year)
    return [
        *_said(_crooked(lines), _("%(who)s, line %(line)s: the reversal is not the opposite of what it takes back")),
        *_said(_between(lines), _("%(who)s, line %(line)s: the hours are not in quarters")),
        *_said(_elsewhere(lines), _("%(who)s, line %(line)s: stands in another year than the day of the line")),
        *_twice(lines),
        *_said(_without_mark(lines), _("%(who)s, line %(line)s: hours of “%(title)s” without a mark of the year")),
        *_said(_beside_group(lines), _("%(who)s, line %(line)s: “%(title)s” counts alone and in a group")),
        *_without_line(year),
    ]


def _standing(lines: QuerySet) -> QuerySet:
    return lines.filter(reverses=None, reversed_by=None)


def _said(lines: QuerySet, sentence: str) -> Iterator[str]:
    for line in lines.select_related("member", "item").order_by("pk")[:SHOWN]:
        title = line.item.title if line.item else ""
        yield sentence % {"who": line.member.number, "line": line.pk, "title": title}


def _crooked(lines: QuerySet) -> QuerySet:
    same = Q(hours=-F("reverses__hours"))
    for name in ("member", "category", "earned_on", "source"):
        same &= Q(**{name: F(f"reverses__{name}")})
    return lines.filter(reverses__isnull=False).exclude(same) | lines.filter(reverses=None, hours__lt=0)


def _between(lines: QuerySet) -> QuerySet:
    odd = [hours for hours in lines.order_by().values_list("hours", flat=True).distinct() if hours * 4 % 1]
    return lines.filter(hours__in=odd)


def _elsewhere(lines: QuerySet) -> QuerySet:
    return lines.exclude(year=F("earned_on__year"))


def _twice(lines: QuerySet) -> Iterator[str]:
    many = _standing(lines).filter(item__isnull=False).values("member__number", "item__title", "year")
    for each in many.annotate(times=Count("pk")).filter(times__gt=1).order_by("member__number")[:SHOWN]:
        said = {"who": each["member__number"], "title": each["item__title"], **each}
        yield _("%(who)s: “%(title)s” counts %(times)s times in %(year)s") % said


def _without_mark(lines: QuerySet) -> QuerySet:
    asked = {"member": OuterRef("member"), "item": OuterRef("item")}
    of_year = asked | {"completed_at__year": OuterRef("year")}
    is_marked = Exists(_own(Progress.objects.completed()).filter(**of_year))
    is_filed = Exists(_own(PastMark.objects.all()).filter(**of_year))
    took_part = Exists(Progress.objects.completed().filter(**asked))
    standing = _standing(lines).filter(hours__gt=0)
    alone = standing.filter(source__in=STUDIED).exclude(is_marked).exclude(is_filed)
    return alone | standing.filter(source=HoursSource.ATTENDANCE).exclude(took_part)


def _beside_group(lines: QuerySet) -> QuerySet:
    return _standing(lines).filter(_shared_in(OuterRef("year")), source__in=STUDIED, hours__gt=0)


def _without_line(year: int | None) -> Iterator[str]:
    sentence = _("%(who)s: “%(title)s” is completed in %(year)s and has no line")
    for marks in (_own(Progress.objects.completed()), _own(PastMark.objects.all())):
        of_year = marks if year is None else marks.filter(completed_at__year=year)
        alone = of_year.exclude(item__kind=ItemKind.ACTIVITY).exclude(_shared_in(OuterRef("completed_at__year")))
        unpaid = alone.exclude(_paid(year=OuterRef("completed_at__year")))
        for mark in unpaid.select_related("member", "item").order_by("pk")[:SHOWN]:
            yield sentence % {"who": mark.member.number, "title": mark.item.title, "year": mark.completed_at.year}
    yield from _attended_without_line(year)


def _attended_without_line(year: int | None) -> Iterator[str]:
    attended = Progress.objects.completed().filter(item__kind=ItemKind.ACTIVITY, item__hours__gt=0)
    for mark in attended.exclude(_paid()).select_related("member", "item").order_by("pk")[:SHOWN]:
        held_on = date.fromisoformat(mark.evidence["held_on"]) if "held_on" in mark.evidence else None
        if year is None or held_on is None or held_on.year == year:
            said = {"who": mark.member.number, "title": mark.item.title}
            yield _("%(who)s: took part in “%(title)s” and has no line") % said


def _own(marks: QuerySet) -> QuerySet:
    """Marks of one's own; of an erased one with a group mark beside it nobody knows any more whose it was."""
    shared = GroupMark.objects.filter(member=OuterRef("member"), item=OuterRef("item"))
    by_group = Q(evidence__how=BY_GROUP) & Q(evidence__has_key="how")
    return marks.exclude(by_group).exclude(Q(evidence={}) & Q(Exists(shared)))


def _shared_in(year) -> Exists:
    there = GroupMark.objects.filter(member=OuterRef("member"), item=OuterRef("item"), together__hours__gt=0)
    return Exists(there.filter(held_on__year=year))


def _paid(**of_year) -> Exists:
    there = HoursEntry.objects.filter(member=OuterRef("member"), item=OuterRef("item"), **of_year)
    return Exists(_standing(there))
