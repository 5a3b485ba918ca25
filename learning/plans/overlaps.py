"""A plan is sent out or changed: who joins in that very moment is looked for by `learning.completion.overlaps`."""

from django.db import connection

from learning.plans.models import StudyPlan

NEW_OVERLAP = 0


def note_overlap(plan: StudyPlan) -> None:
    """To be called in the transaction that does it. SQLite lets one write at a time: there nothing overlaps."""
    if connection.vendor == "postgresql":
        StudyPlan.objects.filter(pk=plan.pk).update(overlaps=NEW_OVERLAP)
