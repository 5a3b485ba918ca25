"""Issues a yearly record on paper, and says of a paper what has come since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.hours.models import HoursEntry
from learning.years.codes import new_code
from learning.years.models import YearRecord
from learning.years.record import digest_of, record_of
from members.accounts.models import Member
from members.audit.actions import record_event


@dataclass(frozen=True)
class Since:
    """What the ledger gained or lost on one day after a record was issued, as far as it counts."""

    on: date
    hours: Decimal


@dataclass(frozen=True)
class Verified:
    """A printed record against the ledger of today. Nothing in it says more of the person than the paper does."""

    name: str
    unit: str
    year: int
    issued_on: date
    figures: Mapping[str, Any]
    is_intact: bool
    since: list[Since]
    counted_today: Decimal

    @property
    def counted(self) -> Decimal:
        return Decimal(self.figures["counted"])


@transaction.atomic
def issue_record(*, member: Member, year: int, actor: Any, now: datetime) -> YearRecord:
    """The record of that year as it stands, under a code; where nothing has changed since, the one issued before."""
    Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    figures = record_of(member, year)
    known = {"code": new_code(), "issued_at": now, "issued_by": actor, "figures": figures}
    record, is_new = YearRecord.objects.get_or_create(
        member=member, year=year, digest=digest_of(figures), defaults=known
    )
    if is_new:
        unit = member.organisation_now()
        about = {"organisation": unit.code if unit else "", "about": record, "detail": {"year": year}}
        record_event("year.record_issued", now=now, actor=actor, **about)
    return record


def find_record(code: str) -> YearRecord | None:
    """The record that was issued under exactly this code; who knows it holds the paper."""
    return YearRecord.objects.filter(code=code).first()


def verified(record: YearRecord) -> Verified:
    """What the paper said, whether the archive still says the same, and what came since."""
    figures = record.figures
    printed = {line["pk"] for line in figures["lines"]}
    counted = figures["counted_categories"]
    lines = HoursEntry.objects.filter(member=record.member_id, year=record.year, category__in=counted)
    later: dict[date, Decimal] = {}
    today, still_there = Decimal(0), Decimal(0)
    for line in lines.order_by("recorded_at", "pk"):
        today += line.hours
        if line.pk in printed:
            still_there += line.hours
        else:
            on = timezone.localdate(line.recorded_at)
            later[on] = later.get(on, Decimal(0)) + line.hours
    return Verified(
        name=masked_name(figures["name"]),
        unit=figures["unit"],
        year=record.year,
        issued_on=timezone.localdate(record.issued_at),
        figures=figures,
        is_intact=digest_of(figures) == record.digest and still_there == Decimal(figures["counted"]),
        since=[Since(on, hours) for on, hours in later.items()],
        counted_today=today,
    )


def masked_name(name: str) -> str:
    """The first character only; not even how long the name is."""
    return f"{name[:1]}**"
