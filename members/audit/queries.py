from members.audit.actions import BEGINNING
from members.audit.models import AuditEvent


def broken_links() -> list[int]:
    """The numbers of all events whose hash or link to the event before does not hold; empty for a whole chain."""
    broken, previous = [], BEGINNING
    for event in AuditEvent.objects.order_by("pk").iterator():
        if event.previous_hash != previous or event.sealed() != event.hash:
            broken.append(event.pk)
        previous = event.hash
    return broken
