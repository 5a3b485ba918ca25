"""The audit log as its administrator reads it: numbers and codes, no names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import BinaryIO

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from members.accounts.log_words import ACTIONS
from members.accounts.queries import usernames
from members.audit.models import AuditEvent

A_PAGE = 50
MOST_ROWS = 100_000


@dataclass(frozen=True)
class Wanted:
    """What is looked for in the log; blanks look for everything."""

    action: str = ""
    day: date | None = None
    unit: str = ""
    about: str = ""

    @classmethod
    def read(cls, asked) -> "Wanted":
        words = {name: asked.get(name, "").strip()[:60] for name in ("action", "unit", "about")}
        return cls(day=_day(asked.get("day", "")), **words)

    def said(self) -> dict[str, str]:
        """For the log itself, and for the address of the next page."""
        day = self.day.isoformat() if self.day else ""
        filled = {"action": self.action, "day": day, "unit": self.unit, "about": self.about}
        return {name: value for name, value in filled.items() if value}

    def within(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        if self.action:
            events = events.filter(action=self.action)
        if self.day:
            start = timezone.make_aware(datetime.combine(self.day, time()))
            events = events.filter(at__gte=start, at__lt=start + timedelta(days=1))
        if self.unit:
            events = events.filter(organisation=self.unit)
        if self.about:
            kind, _mark, number = self.about.rpartition(":")
            events = events.filter(object_id=number)
            if kind:
                events = events.filter(object_type__iexact=kind)
        return events


@dataclass(frozen=True)
class LogLine:
    number: int
    at: datetime
    actor: str
    action: str
    organisation: str
    about: str
    detail: str


def page_of(events: QuerySet[AuditEvent], *, before: int | None) -> tuple[list[LogLine], int | None]:
    """The latest events before a number, and the number that the next page begins before."""
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events.order_by("-pk")[: A_PAGE + 1])
    shown = found[:A_PAGE]
    return lines_of(shown), shown[-1].pk if len(found) > A_PAGE else None


def lines_of(events: list[AuditEvent]) -> list[LogLine]:
    """The events with the numbers of those who acted."""
    actors = usernames(event.actor for event in events)
    return [
        LogLine(
            number=event.pk,
            at=event.at,
            actor=actors.get(event.actor, f"#{event.actor}") if event.actor else _("the house itself"),
            action=str(ACTIONS.get(event.action, event.action)),
            organisation=event.organisation,
            about=f"{event.object_type}:{event.object_id}" if event.object_id else "",
            detail=_("; ").join(f"{name}={value}" for name, value in event.detail.items()),
        )
        for event in events
    ]


def write_log(file: BinaryIO, events: QuerySet[AuditEvent]) -> None:
    """One sheet, the latest first; memory does not grow with the number of events."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Audit log"))
    sheet.set_column(0, 6, 22)
    head = [_("Number"), _("When"), _("Who (number)"), _("What"), _("Unit"), _("About"), _("Detail")]
    for number, cells in enumerate(chain([head], _rows(events))):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell)
    book.close()


def _rows(events: QuerySet[AuditEvent]) -> Iterator[list[str]]:
    batch: list[AuditEvent] = []
    for event in events.order_by("-pk")[:MOST_ROWS].iterator(chunk_size=500):
        batch.append(event)
        if len(batch) == 500:
            yield from map(_cells, lines_of(batch))
            batch = []
    yield from map(_cells, lines_of(batch))


def _cells(line: LogLine) -> list[str]:
    at = timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M:%S")
    return [str(line.number), at, line.actor, line.action, line.organisation, line.about, line.detail]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
