"""What the slow worker does with lists; `members/tasks.py` hands it over to Celery."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from members.imports.turning import turn_lists
from members.imports.undoing import turn_undoings

logger = logging.getLogger(__name__)


@shared_task(name="members.turn_imports")
def turn_imports() -> None:
    turn_lists(now=timezone.now())
    turn_undoings(now=timezone.now())


def wake_imports() -> None:
    """Asks the slow worker to look once this transaction stands. A silent broker harms nobody: the sweep looks too."""
    try:
        turn_imports.delay_on_commit()
    except (OperationalError, OSError):
        logger.warning("the broker does not answer; the sweep will turn the imports")
