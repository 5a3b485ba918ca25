"""The lists that can be imported: their columns, and which action takes them. Rooms above add theirs by `register`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.accounts import held_rows, member_rows
from members.accounts.actions import import_members
from members.accounts.held_import import import_participations, import_posts
from members.organisation import unit_rows
from members.organisation.actions import import_organisations
from members.organisation.import_report import ImportReport
from members.organisation.workbook import Columns


class ListKind(models.TextChoices):
    """The register's own lists: they can be given out again too."""

    ORGANISATIONS = "organisations", _("Party organisations")
    MEMBERS = "members", _("Party members")
    POSTS = "posts", _("Posts")
    PARTICIPATIONS = "participations", _("Taking part elsewhere")


UNDOING = _(
    "What it made goes, what it changed is as before. That works for 30 days, and only while nothing depends on it: no "
    "account, no study, no attendance."
)


@dataclass(frozen=True)
class Door:
    """Where a list comes in. One that a room above registers brings along what it shows before and how it is undone.

    `words`: by column, what others call it; `may_miss`: columns that need not be there. `preview(sheet, user, now,
    tell)` gives a report and its lines; `undo(batch, within, now)` what was undone. `take` is told `tell` too.
    """

    label: Any
    columns: Columns
    take: Callable[..., ImportReport]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    may_miss: frozenset[str] = frozenset()
    preview: Callable[..., tuple[ImportReport, list[dict]]] | None = None
    undo: Callable[..., Any] | None = None
    undoing: Any = UNDOING


DOORS: dict[str, Door] = {
    kind.value: Door(kind.label, columns, take)
    for kind, columns, take in (
        (ListKind.ORGANISATIONS, unit_rows.COLUMNS, import_organisations),
        (ListKind.MEMBERS, member_rows.COLUMNS, import_members),
        (ListKind.POSTS, held_rows.POST_COLUMNS, import_posts),
        (ListKind.PARTICIPATIONS, held_rows.PARTICIPATION_COLUMNS, import_participations),
    )
}


def register(name: str, door: Door) -> None:
    """From now on this list can be imported too; the same name twice is the later one."""
    DOORS[name] = door


def choices() -> list[tuple[str, Any]]:
    """Every list that can be imported, for a form."""
    return [(name, door.label) for name, door in DOORS.items()]
