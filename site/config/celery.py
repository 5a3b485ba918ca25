"""Celery only wakes up: what is to be done stands in rows, and the sweep turns every crank again (DESIGN §1.2)."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

SWEEP_SECONDS = 5

app = Celery("house")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["media", "learning", "content", "members"])
app.conf.task_default_queue = "quick"
app.conf.task_routes = {"media.*": {"queue": "slow"}, "members.turn_imports": {"queue": "slow"}}
# A message that outlives its period is dropped, or a stopped worker's broker fills up.
app.conf.beat_schedule = {
    name: {"task": name, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}
    for name in (
        "learning.turn_cranks",
        "content.turn_cranks",
        "media.turn_cranks",
        "members.turn_cranks",
        "members.turn_imports",
        "config.say_alive",
    )
}


@app.task(name="config.say_alive")
def say_alive() -> None:
    from django.core.cache import cache
    from django.utils import timezone

    from config.health import WORKER_SEEN

    cache.set(WORKER_SEEN, timezone.now().timestamp(), timeout=None)


@signals.worker_ready.connect
def say_alive_at_once(**kwargs) -> None:
    say_alive.delay()
