"""Turns the crank once, in a process of its own: `python -m tests.media.one_turn NAME_OF_THE_TEST_DATABASE`."""

import sys

import django
from django.conf import settings

if __name__ == "__main__":
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from django.utils import timezone

    from media.actions import probe_queued

    probe_queued(now=timezone.now())
