"""What the pages of imports show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from members.accounts.phones import normalise_phone
from members.imports.columns import NOT_THERE, Wanted, wanted
from members.imports.files import ListFiles
from members.imports.kinds import DOORS
from members.imports.models import IncomingList, ListStep
from members.organisation.models import ImportBatch
from members.organisation.workbook import Sheet

EXAMPLES = 3
EXAMPLE_CHARACTERS = 30
LETTERS = 26


@dataclass(frozen=True)
class BatchLine:
    pk: int
    kind: str
    file_name: str
    at: datetime
    by: str
    made: int
    changed: int
    unchanged: int
    undone_at: datetime | None


@dataclass(frozen=True)
class Heading:
    """A column of the uploaded list, with a few of its values."""

    place: int
    letter: str
    title: str
    examples: list[str]


@dataclass(frozen=True)
class Progress:
    """How far the work on a list is; `of` is 0 where that cannot be told."""

    step: str
    done: int
    of: int

    @property
    def hundredths(self) -> int:
        return 100 * self.done // self.of if self.of else 0


def batches_for(user: Any, *, limit: int = 50) -> list[BatchLine]:
    """The imports that concern this organiser, the latest first."""
    batches = ImportBatch.objects.led_by(user).light().filter(kind__in=DOORS).select_related("imported_by")
    return [line_of(batch) for batch in batches.order_by("-imported_at", "-pk")[:limit]]


def line_of(batch: ImportBatch) -> BatchLine:
    """One import in plain words."""
    return BatchLine(
        pk=batch.pk,
        kind=str(DOORS[batch.kind].label),
        file_name=batch.file_name,
        at=batch.imported_at,
        by=str(batch.imported_by) if batch.imported_by else _("The house itself"),
        made=batch.made_rows,
        changed=batch.changed_rows,
        unchanged=batch.unchanged_rows,
        undone_at=batch.undone_at,
    )


def progress_of(incoming: IncomingList) -> Progress:
    """How far the worker is, read from outside its transaction."""
    told = ListFiles(incoming).said("progress") if incoming.step != ListStep.READ else None
    return Progress(incoming.step, **(told or {"done": 0, "of": 0}))


def headings_of(sheet: Sheet) -> list[Heading]:
    """The columns of a list that have a heading; telephone numbers only by their last digits."""
    return [
        Heading(place, _letter(place), title, _examples(sheet, place))
        for place, title in enumerate(sheet.header)
        if title
    ]


def wanted_of(incoming: IncomingList) -> list[tuple[Wanted, int]]:
    """What is needed of the list, each with the heading that is picked for it."""
    door = DOORS[incoming.kind]
    picked = incoming.picked or [NOT_THERE] * len(door.columns)
    return list(zip(wanted(door.columns, door.may_miss), picked, strict=True))


def _examples(sheet: Sheet, place: int) -> list[str]:
    found = [row.cells[place] for row in sheet.rows if row.cells[place]][:EXAMPLES]
    return [_covered(text) for text in found]


def _covered(text: str) -> str:
    digits = normalise_phone(text)
    if digits:
        return f"{digits[:3]} **** {digits[-4:]}"
    return text if len(text) <= EXAMPLE_CHARACTERS else text[:EXAMPLE_CHARACTERS] + "…"


def _letter(place: int) -> str:
    """A to Z, AA, AB …: as a spreadsheet calls the column."""
    first, last = divmod(place, LETTERS)
    return (chr(64 + first) if first else "") + chr(65 + last)
