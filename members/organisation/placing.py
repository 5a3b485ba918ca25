"""Puts units into the one tree, and keeps where each stood and when."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from members.events import UnitMove
from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import Organisation, Placement

TREE_LOCK = 0x54524545  # "TREE"


def hold_tree() -> None:
    """One change of the tree at a time. SQLite lets one write at a time; PostgreSQL is asked to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def plant_unit(*, parent: Organisation | None, code: str, kind: str, now: datetime, **fields: Any) -> Organisation:
    """A new unit under `parent`, the last of its siblings; `parent` must have been read just now."""
    plant: Callable[..., Organisation] = parent.add_child if parent else Organisation.add_root
    planted = plant(code=code, kind=kind, is_functional=kind in FUNCTIONAL_KINDS, **fields)
    Placement.objects.create(organisation=planted, parent=parent, since=now)
    return planted


def place_under(organisation: Organisation, parent: Organisation | None, *, now: datetime) -> UnitMove:
    """The unit stands there from now on, with everything under it; both must have been read just now."""
    move = hang_under(organisation, parent)
    standing = Placement.objects.filter(organisation=organisation, until=None)
    moment = standing.end_of(now)
    standing.update(until=moment)
    Placement.objects.create(organisation=organisation, parent=parent, since=moment)
    return move


def hang_under(organisation: Organisation, parent: Organisation | None) -> UnitMove:
    """The same without a word in the history of the tree."""
    before = organisation.get_parent()
    if parent is None:
        organisation.move(Organisation.get_last_root_node(), "last-sibling")
    else:
        organisation.move(parent, "last-child")
    return UnitMove(organisation.pk, before.pk if before else None, parent.pk if parent else None)


def hold_units(units: Iterable[Organisation]) -> dict[int, Organisation]:
    """The rows themselves, locked for this transaction in one order for everybody.

    Not against rows that only point at them: whoever studies meanwhile does not wait.
    """
    held = Organisation.objects.filter(pk__in=[unit.pk for unit in units]).order_by("pk")
    return {unit.pk: unit for unit in held.select_for_update(of=("self",), no_key=True)}
