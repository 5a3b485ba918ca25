"""What happens by itself: each task calls an action."""

from celery import shared_task
from django.utils import timezone

from members.checkins.reminding import remind_contact_persons
from members.imports.pending import drop_expired
from members.messages.actions import deliver_due


@shared_task(name="members.turn_cranks")
def turn_cranks() -> None:
    now = timezone.now()
    while deliver_due(now=now):
        pass
    drop_expired(now=now)


@shared_task(name="members.remind_contact_persons")
def remind_contacts() -> None:
    remind_contact_persons(now=timezone.now())
