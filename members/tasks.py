"""What happens by itself: each task calls an action."""

from celery import shared_task
from django.utils import timezone

from members.accounts.letters import send_letters
from members.imports.pending import drop_expired
from members.messages.actions import deliver_due


@shared_task(name="members.turn_cranks")
def turn_cranks() -> None:
    now = timezone.now()
    while deliver_due(now=now):
        pass
    send_letters(now=now)
    drop_expired(now=now)
