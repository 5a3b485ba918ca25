"""What happens by itself: each task calls an action."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from learning.completion.nightly import nightly_checks
from learning.completion.tallies import fold_deltas
from learning.courses.actions import take_lengths
from learning.study.forgetting import drop_detail
from members.privacy.retention import months_before

logger = logging.getLogger(__name__)


@shared_task(name="learning.fold")
def fold() -> None:
    while fold_deltas():
        pass


@shared_task(name="learning.turn_cranks")
def turn_cranks() -> None:
    take_lengths(now=timezone.now())
    fold()


@shared_task(name="learning.nightly")
def nightly() -> None:
    nightly_checks(now=timezone.now())


def wake_fold() -> None:
    """Asks for a fold once this transaction stands. A silent broker harms nobody: the sweep folds too."""
    try:
        fold.delay_on_commit()
    except (OperationalError, OSError):
        logger.warning("the broker does not answer; the sweep will fold")


@shared_task(name="learning.sweep")
def sweep() -> None:
    drop_detail(before=months_before(timezone.now(), "behaviour.retention_months"))
