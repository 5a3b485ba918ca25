"""What happens by itself: each task calls an action."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from learning.completion.tallies import fold_deltas
from learning.courses.actions import take_lengths
from learning.planning.actions import align_due_plans, draft_next_year
from learning.quizzes.actions import note_quizzes
from learning.study.actions import complete_by_new_rule
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
    note_quizzes(now=timezone.now())
    while complete_by_new_rule(now=timezone.now()):
        pass
    fold()


def wake_fold() -> None:
    """Asks for a fold once this transaction stands. A silent broker harms nobody: the sweep folds too."""
    try:
        fold.delay_on_commit()
    except (OperationalError, OSError):
        logger.warning("the broker does not answer; the sweep will fold")


@shared_task(name="learning.follow_dates")
def follow_dates() -> None:
    """Once a day, or more often: terms and times away that begin or end, and in December the drafts of yearly plans."""
    align_due_plans(now=timezone.now())
    draft_next_year(now=timezone.now())
    fold()


@shared_task(name="learning.sweep")
def sweep() -> None:
    drop_detail(before=months_before(timezone.now(), "behaviour.retention_months"))
