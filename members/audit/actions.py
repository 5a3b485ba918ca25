from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from members.audit.models import AuditEvent

BEGINNING = "0" * 64
CHAIN_LOCK = 0x41554449  # "AUDI"


def record_event(
    action: str,
    *,
    now: datetime,
    actor: Any = None,
    organisation: str = "",
    about: Any = None,
    detail: dict | None = None,
) -> AuditEvent:
    """Appends one event to the chain, in the caller's transaction: it stands exactly if what it tells of stands."""
    with transaction.atomic():
        lock_chain()
        last = AuditEvent.objects.order_by("-pk").values_list("hash", flat=True).first()
        event = AuditEvent(
            at=now.astimezone(UTC),
            actor=actor.pk if actor is not None else None,
            action=action,
            organisation=organisation,
            object_type=about._meta.label if about is not None else "",
            object_id=str(about.pk) if about is not None else "",
            detail=detail or {},
            previous_hash=last or BEGINNING,
        )
        event.hash = event.sealed()
        event.save(force_insert=True)
    return event


def lock_chain() -> None:
    """Until this transaction ends nobody else appends. SQLite lets one write at a time; PostgreSQL is asked to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
