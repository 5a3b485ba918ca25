"""Lets go of events whose retention has passed, so that the rest of the chain still proves itself."""

from datetime import datetime

from django.db import transaction

from members.audit.actions import lock_chain, record_event
from members.audit.models import AuditEvent, AuditHorizon

AT_ONCE = 5000


def trim_log(*, older_than: datetime, now: datetime, actor=None) -> int:
    """Drops the events before the first one that is to be kept; how many. Interrupted, the next turn goes on.

    The horizon and the event that tells of it are written first and together; then the rows go, some at a time.
    """
    with transaction.atomic():
        lock_chain()
        _set_horizon(older_than=older_than, now=now, actor=actor)
    return _drop_below_horizon()


def _set_horizon(*, older_than: datetime, now: datetime, actor) -> None:
    in_order = AuditEvent.objects.order_by("pk")
    first_kept = in_order.filter(at__gte=older_than).values_list("pk", flat=True).first()
    old = in_order.filter(at__lt=older_than)
    if first_kept is not None:
        old = old.filter(pk__lt=first_kept)
    horizon = AuditHorizon.objects.order_by("-last_id").first()
    fresh = old.filter(pk__gt=horizon.last_id) if horizon else old
    last = fresh.last()
    if last is None:
        return
    told = {"last": last.pk, "hash": last.hash, "dropped": fresh.count()}
    record_event("audit.trimmed", now=now, actor=actor, detail=told)
    AuditHorizon.objects.create(last_id=last.pk, last_hash=last.hash, dropped=told["dropped"], trimmed_at=now)


def _drop_below_horizon() -> int:
    horizon = AuditHorizon.objects.order_by("-last_id").first()
    dropped = 0
    while horizon is not None:
        below = AuditEvent.objects.filter(pk__lte=horizon.last_id).order_by("pk")
        some = list(below.values_list("pk", flat=True)[:AT_ONCE])
        if not some:
            break
        AuditEvent.objects.filter(pk__lte=some[-1]).delete()
        dropped += len(some)
    return dropped
