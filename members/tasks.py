"""What happens by itself: each task calls an action."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from members.accounts.letters import send_letters
from members.accounts.rotating import drop_unused_keys
from members.checkins.reminding import remind_contact_persons
from members.imports.actions import drop_expired
from members.imports.tasks import turn_imports
from members.imports.undoing import forget_old_traces
from members.messages.actions import deliver_due
from members.privacy.erasing import forget_on_disk
from members.privacy.retention import drop_what_is_over

__all__ = ["remind_contacts", "sweep", "turn_cranks", "turn_imports"]


@shared_task(name="members.turn_cranks")
def turn_cranks() -> None:
    now = timezone.now()
    while deliver_due(now=now):
        pass
    send_letters(now=now)
    drop_expired(now=now)


@shared_task(name="members.sweep")
def sweep() -> None:
    now = timezone.now()
    drop_what_is_over(now=now)
    drop_unused_keys(now=now)
    forget_old_traces(now=now)
    forget_on_disk(since=now - timedelta(hours=2))


@shared_task(name="members.remind_contact_persons")
def remind_contacts() -> None:
    remind_contact_persons(now=timezone.now())
