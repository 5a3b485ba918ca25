from collections.abc import Iterator

from members.audit.actions import BEGINNING
from members.audit.heads import kept_heads
from members.audit.models import AuditEvent, AuditHorizon

AT_ONCE = 2000


def broken_links() -> list[int]:
    """The numbers of all events that were changed, put elsewhere or taken away; empty for a whole chain.

    A chain alone cannot tell that its last rows are missing, nor that all of it was written anew: so each head that
    was noted outside the database must still be there. Reads the log as a stream.
    """
    horizon = AuditHorizon.objects.order_by("-last_id").first()
    first_id, previous = (horizon.last_id, horizon.last_hash) if horizon else (0, BEGINNING)
    heads = {number: sealed for number, sealed in kept_heads().items() if number > first_id}
    is_announced = horizon is None
    broken = []
    for event in _events_after(first_id):
        is_head = heads.pop(event.pk, event.hash) == event.hash
        if event.previous_hash != previous or event.sealed() != event.hash or not is_head:
            broken.append(event.pk)
        previous = event.hash
        is_announced = is_announced or _announces(event, horizon)
    return broken + sorted(heads) + ([] if is_announced else [first_id])


def _events_after(number: int) -> Iterator[AuditEvent]:
    return AuditEvent.objects.filter(pk__gt=number).order_by("pk").iterator(chunk_size=AT_ONCE)


def _announces(event: AuditEvent, horizon: AuditHorizon) -> bool:
    """A horizon that nobody told of was not made by the house."""
    told = {"last": horizon.last_id, "hash": horizon.last_hash}
    return event.action == "audit.trimmed" and told.items() <= event.detail.items()
