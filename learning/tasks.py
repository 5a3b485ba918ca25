"""What happens by itself: each task calls an action."""

from celery import shared_task
from django.utils import timezone

from learning.completion.tallies import fold_deltas
from learning.courses.actions import take_lengths


@shared_task(name="learning.fold")
def fold() -> None:
    while fold_deltas():
        pass


@shared_task(name="learning.turn_cranks")
def turn_cranks() -> None:
    take_lengths(now=timezone.now())
    fold()
