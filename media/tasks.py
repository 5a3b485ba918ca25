from celery import shared_task
from django.utils import timezone

from media import actions


@shared_task(name="media.probe_assets")
def probe_assets() -> None:
    actions.probe_queued(now=timezone.now())


@shared_task(name="media.turn_cranks")
def turn_cranks() -> None:
    probe_assets()
