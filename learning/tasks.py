"""What happens by itself: each task calls an action."""

from celery import shared_task
from django.utils import timezone

from learning.completion.nightly import nightly_checks
from learning.completion.overlaps import settle_overlaps
from learning.completion.tasks import fold
from learning.courses.actions import take_lengths
from learning.planning.actions import align_due_plans, draft_next_year
from learning.quizzes.actions import note_quizzes
from learning.study.actions import complete_by_new_rule
from learning.study.forgetting import drop_detail
from learning.years.actions import close_due_years
from members.privacy.retention import months_before


@shared_task(name="learning.turn_cranks")
def turn_cranks() -> None:
    take_lengths(now=timezone.now())
    note_quizzes(now=timezone.now())
    while complete_by_new_rule(now=timezone.now()):
        pass
    settle_overlaps(now=timezone.now())
    fold()


@shared_task(name="learning.follow_dates")
def follow_dates() -> None:
    """Once a day, or more often: terms and times away that begin or end, and in December the drafts of yearly plans."""
    align_due_plans(now=timezone.now())
    draft_next_year(now=timezone.now())
    fold()


@shared_task(name="learning.nightly")
def nightly() -> None:
    nightly_checks(now=timezone.now())


@shared_task(name="learning.sweep")
def sweep() -> None:
    drop_detail(before=months_before(timezone.now(), "behaviour.retention_months"))


@shared_task(name="learning.close_years")
def close_years() -> None:
    close_due_years(now=timezone.now())
