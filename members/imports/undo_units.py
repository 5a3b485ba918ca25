"""Takes back what a list of units made and changed."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from members.events import UnitMove, organisation_moved
from members.imports.dependents import dependents
from members.imports.undo_words import Undone, refusals_of, word_of
from members.organisation.kinds import FUNCTIONAL_KINDS
from members.organisation.models import ImportBatch, Organisation, Placement
from members.organisation.placing import hang_under
from members.organisation.unit_words import NO_SUPERIOR, SUPERIORS, WORD_OF_KIND
from members.roles.policies import lies_within

Found = Iterator[tuple[str, str]]


def undo_units(batch: ImportBatch, *, within: list[str], now: datetime) -> Undone:
    """Removes the units of this import, and changes back those it changed; inside the caller's transaction."""
    refusals = refusals_of([*_against_removal(batch, within), *_against_restoring(batch, within)])
    if refusals:
        return Undone(refusals=refusals)
    moves = [move for each in reversed(batch.changed) if (move := _restore(each, batch))]
    # Those it moved under a new unit stand elsewhere again, so nothing is under the new ones but new ones.
    for unit in Organisation.objects.filter(pk__in=batch.made).order_by("-depth"):
        Placement.objects.filter(organisation=unit).delete()
        Organisation.objects.get(pk=unit.pk).delete()
    misplaced = refusals_of(_misplaced(batch))
    if misplaced:
        return Undone(refusals=misplaced)
    organisation_moved.send(sender=Organisation, moves=moves, now=now)
    return Undone(removed=len(batch.made), restored=len(batch.changed))


def _against_removal(batch: ImportBatch, within: list[str]) -> Found:
    made, ours = Organisation.objects.in_bulk(batch.made), {*batch.made, *(each["pk"] for each in batch.changed)}
    for unit in made.values():
        if not lies_within(unit.path, within):
            yield _("Lies where you are not organiser"), unit.name
        if unit.closed_on:
            yield _("Was closed since"), unit.name
        for child in unit.get_children():
            if child.pk not in ours:
                yield _("Units stand under it"), unit.name
    for model, _pk, target in dependents(made, Organisation):
        if model is not Placement:
            yield word_of(model), made[target].name
    placements = Placement.objects.filter(organisation__in=made).exclude(since=batch.imported_at)
    for placement in placements.select_related("organisation"):
        yield _("Was moved since"), placement.organisation.name


def _against_restoring(batch: ImportBatch, within: list[str]) -> Found:
    for each in batch.changed:
        unit = Organisation.objects.filter(pk=each["pk"]).first()
        if unit is None or unit.closed_on:
            yield _("Was closed since"), unit.name if unit else str(each["pk"])
        elif not lies_within(unit.path, within):
            yield _("Lies where you are not organiser"), unit.name
        elif any(_now(unit, name) != value for name, value in each["after"].items()):
            yield _("Was changed again since"), unit.name
        elif "parent" in each["before"]:
            yield from _against_going_back(unit, each["before"]["parent"], within)


def _against_going_back(unit: Organisation, code: str, within: list[str]) -> Found:
    superior = Organisation.objects.filter(code=code).first()
    if code and (superior is None or superior.closed_on):
        yield _("The superior unit before has been closed"), unit.name
    elif superior is not None and not lies_within(superior.path, within):
        yield _("Lies where you are not organiser"), unit.name


def _misplaced(batch: ImportBatch) -> Found:
    """With the kinds as they were, somebody may by now stand where they cannot."""
    for each in batch.changed:
        if "kind" not in each["before"] and "parent" not in each["before"]:
            continue
        unit = Organisation.objects.get(pk=each["pk"])
        parent = unit.get_parent()
        below = [(child, unit.kind) for child in unit.get_children().open()]
        for lower, kind in [(unit, parent.kind if parent else NO_SUPERIOR), *below]:
            if kind not in SUPERIORS[lower.kind]:
                yield _("Cannot stand under a %(kind)s") % {"kind": WORD_OF_KIND.get(kind, "")}, lower.name


def _restore(each: dict, batch: ImportBatch) -> UnitMove | None:
    """Changes one unit back; how it moved where it stands under another one again."""
    unit, before = Organisation.objects.get(pk=each["pk"]), each["before"]
    own = [name for name in ("name", "kind", "sector") if name in before]
    for name in own:
        setattr(unit, name, before[name])
    unit.is_functional = unit.kind in FUNCTIONAL_KINDS
    unit.save(update_fields=[*own, "is_functional"])
    if "parent" not in before:
        return None
    move = hang_under(unit, Organisation.objects.get(code=before["parent"]) if before["parent"] else None)
    Placement.objects.filter(organisation=unit, since=batch.imported_at).delete()
    Placement.objects.filter(organisation=unit, until=batch.imported_at).update(until=None)
    return move


def _now(unit: Organisation, name: str) -> str:
    if name != "parent":
        return getattr(unit, name)
    parent = unit.get_parent()
    return parent.code if parent else ""
