"""The audit log as its administrator reads it: numbers and codes, no names."""

import re
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
from members.accounts.models import User
from members.accounts.queries import usernames
from members.audit.models import AuditEvent
from members.organisation.models import Organisation
from members.organisation.workbook import TEXTS_ONLY

A_PAGE = 50
MOST_ROWS = 100_000
ABOUT = re.compile(r"(\w+\.\w+:)?\d{1,18}", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """What is looked for in the log; blanks look for everything. `actor` is a number or short name."""

    action: str = ""
    since: date | None = None
    until: date | None = None
    unit: str = ""
    actor: str = ""
    about: str = ""

    @classmethod
    def read(cls, asked) -> "Wanted":
        words = {name: asked.get(name, "").strip()[:60] for name in ("action", "unit", "actor", "about")}
        return cls(since=_day(asked.get("since", "")), until=_day(asked.get("until", "")), **words)

    def said(self) -> dict[str, str]:
        """For the address of the next page."""
        days = {name: day.isoformat() for name in ("since", "until") if (day := getattr(self, name))}
        return days | {name: said for name in ("action", "unit", "actor", "about") if (said := getattr(self, name))}

    def noted(self) -> dict[str, str]:
        """For the log itself: what may be a name stays out, unless it is one that the house knows by number."""
        said = self.said()
        known = {
            "action": self.action in ACTIONS,
            "unit": Organisation.objects.filter(code=self.unit).exists(),
            "about": ABOUT.fullmatch(self.about) is not None,
        }
        noted = {name: value for name, value in said.items() if known.get(name, name in ("since", "until"))}
        return noted | ({"actor": str(self._actor_id())} if self.actor else {})

    def within(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        if self.action:
            events = events.filter(action=self.action)
        if self.since:
            events = events.filter(at__gte=_midnight(self.since))
        if self.until:
            events = events.filter(at__lt=_midnight(self.until) + timedelta(days=1))
        if self.unit:
            events = events.filter(organisation=self.unit)
        if self.actor:
            events = events.filter(actor=self._actor_id())
        if self.about:
            kind, _mark, number = self.about.rpartition(":")
            events = events.filter(object_id=number)
            if kind:
                events = events.filter(object_type__iexact=kind)
        return events

    def _actor_id(self) -> int:
        """The account of this number; «#12» names it by its row, also when it has been erased. 0 is nobody's."""
        plain = self.actor.removeprefix("#")
        if self.actor.startswith("#"):
            return int(plain) if plain.isdecimal() and len(plain) < 18 else 0
        return User.objects.filter(username=plain).values_list("pk", flat=True).first() or 0


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
    book = xlsxwriter.Workbook(file, TEXTS_ONLY)
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


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _day(text: str) -> date | None:
    """A day that can be reckoned with, or none."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 2200 else None
