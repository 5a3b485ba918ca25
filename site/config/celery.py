"""Celery only wakes up: what is to be done stands in rows, and the sweep turns every crank again (DESIGN §1.2)."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

SWEEP_SECONDS = 5
HOUR_SECONDS = 60 * 60
# Looked at every hour, so that a day on which the machine slept in the morning is not lost; it tells each once a week.
REMINDER_SECONDS = 3600

app = Celery("house")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["media", "learning", "content", "members"])
app.conf.task_default_queue = "quick"
HOURLY = ("learning.sweep", "learning.nightly", "learning.follow_dates", "learning.close_years", "members.sweep")
SLOW = ("media.*", "members.turn_imports", *HOURLY)
app.conf.task_routes = {name: {"queue": "slow"} for name in SLOW}
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
app.conf.beat_schedule["members.remind_contact_persons"] = {
    "task": "members.remind_contact_persons",
    "schedule": REMINDER_SECONDS,
    "options": {"expires": REMINDER_SECONDS},
}

# What is over by rule goes within the hour; each turn finds what is left of the one before.
app.conf.beat_schedule |= {
    name: {"task": name, "schedule": HOUR_SECONDS, "options": {"expires": HOUR_SECONDS}}
    # learning.nightly waits for the night itself: a machine that slept then checks in the morning.
    for name in HOURLY
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
