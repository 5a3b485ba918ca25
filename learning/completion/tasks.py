"""Folding, and the one word that wakes it."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from learning.completion.tallies import fold_deltas

logger = logging.getLogger(__name__)


@shared_task(name="learning.fold")
def fold() -> None:
    while fold_deltas():
        pass


def wake_fold() -> None:
    """Asks for a fold once this transaction stands. A silent broker harms nobody: the sweep folds too."""
    try:
        fold.delay_on_commit()
    except (OperationalError, OSError):
        logger.warning("the broker does not answer; the sweep will fold")
