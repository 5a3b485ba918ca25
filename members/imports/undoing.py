"""Takes an import back: what it changed is as before, what it made is gone. All of it, or nothing and the reasons."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext as _

from members.audit.actions import record_event
from members.imports.kinds import DOORS, ListKind
from members.imports.undo_held import undo_held
from members.imports.undo_members import undo_members
from members.imports.undo_units import undo_units
from members.organisation.models import ImportBatch
from members.roles.policies import organised_paths

UNDO_KEPT = timedelta(days=30)
UNDO = {
    ListKind.ORGANISATIONS: undo_units,
    ListKind.MEMBERS: undo_members,
    ListKind.POSTS: undo_held,
    ListKind.PARTICIPATIONS: undo_held,
}


@transaction.atomic
def ask_undo(*, batch: ImportBatch, actor: Any, now: datetime) -> bool:
    """Somebody wants this import taken back; False where it is being done, or was done already."""
    fresh = ImportBatch.objects.light().select_for_update(of=("self",)).get(pk=batch.pk)
    is_asked = fresh.undo_asked_at is not None and not fresh.undo_refusals
    if fresh.undone_at is not None or is_asked:
        return False
    fresh.undo_asked_at, fresh.undo_asked_by, fresh.undo_refusals = now, actor, []
    fresh.save(update_fields=["undo_asked_at", "undo_asked_by", "undo_refusals"])
    return True


def turn_undoings(*, now: datetime) -> int:
    """Takes back every import for which that was asked; how many were. Killed anywhere, nothing half remains."""
    done = 0
    for pk in list(ImportBatch.objects.to_undo().filter(undo_refusals=[]).values_list("pk", flat=True)):
        try:
            refusals = _undo(pk, now=now)
        except OperationalError:  # locked, or gone for a moment: the next sweep tries again
            break
        except DatabaseError:
            refusals = [_("The house did not manage it. Nothing was taken back.")]
        if refusals:
            ImportBatch.objects.filter(pk=pk).update(undo_refusals=refusals)
        done += 1
    return done


def _undo(pk: int, *, now: datetime) -> list[str]:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=pk)
        if batch.undone_at is not None:
            return []
        if batch.beside is None:
            return [_("What this import made is not known any more, so it cannot be taken back.")]
        actor = batch.undo_asked_by
        within = organised_paths(actor, now) if actor else []
        undo = DOORS[batch.kind].undo or UNDO[ListKind(batch.kind)]
        undone = undo(batch, within=within, now=now)
        if undone.refusals:
            transaction.set_rollback(True)
            return undone.refusals
        batch.undone_at = now
        batch.save(update_fields=["undone_at"])
        counts = {"removed": undone.removed, "restored": undone.restored, "kind": batch.kind}
        record_event("import.undone", now=now, actor=actor, about=batch, detail=counts)
    return []


def forget_old_traces(*, now: datetime) -> int:
    """Lets go of what older imports knew of people from before: they stand, and cannot be taken back any more."""
    old = ImportBatch.objects.filter(imported_at__lt=now - UNDO_KEPT, beside__isnull=False)
    return old.update(beside=None, made=[], changed=[])


def forget_people(pks: Iterable[int]) -> None:
    """Erases what imports knew of these members from before; for who is erased from the register."""
    gone = set(pks)
    for batch in ImportBatch.objects.filter(kind=ListKind.MEMBERS).exclude(changed=[]):
        if any(each["pk"] in gone and each["before"] for each in batch.changed):
            batch.changed = [
                {**each, "before": {}, "after": {}} if each["pk"] in gone else each for each in batch.changed
            ]
            batch.save(update_fields=["changed"])
