"""What happens by itself: each task calls an action."""

from celery import shared_task
from django.utils import timezone

from content.search.actions import fold_index_changes


@shared_task(name="content.turn_cranks")
def turn_cranks() -> None:
    while fold_index_changes(now=timezone.now()):
        pass
