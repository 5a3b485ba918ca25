"""Whether what was approved by hand and the ledger agree, in plain sentences. Reads only."""

from collections.abc import Iterator

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from learning.claims.models import ClaimState, HoursClaim
from learning.hours.checking import SHOWN
from learning.hours.models import HoursEntry, HoursSource


def check_claims(*, year: int | None = None) -> list[str]:
    """What is wrong with hours entered by hand in that year, or in every year; empty where all agrees."""
    key = Concat(Value("claim:"), Cast("pk", CharField()))
    approved = HoursClaim.objects.filter(state=ClaimState.APPROVED).alias(key=key)
    lines = HoursEntry.objects.filter(source=HoursSource.BY_HAND, reverses=None)
    line = lines.filter(member=OuterRef("member"), source_key=OuterRef("key"))
    same = {name: OuterRef(name) for name in ("hours", "category")} | {"earned_on": OuterRef("held_on")}
    claim = approved.filter(member=OuterRef("member"), key=OuterRef("source_key"))
    unclaimed = lines.exclude(Exists(claim))
    if year is not None:
        approved, unclaimed = approved.filter(held_on__year=year), unclaimed.filter(year=year)
    return [
        *_said(approved.exclude(Exists(line)), _("%(who)s: entry by hand %(key)s is approved and has no line")),
        *_said(
            approved.filter(Exists(line.exclude(**same))),
            _("%(who)s: entry by hand %(key)s and its line differ in hours, category or day"),
        ),
        *_said(unclaimed, _("%(who)s, line %(key)s: hours entered by hand without an approved entry")),
    ]


def _said(rows: QuerySet, sentence: str) -> Iterator[str]:
    found = rows.annotate(who=F("member__number")).order_by("pk")[:SHOWN]
    for who, key in found.values_list("who", "pk"):
        yield sentence % {"who": who, "key": key}
