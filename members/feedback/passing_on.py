"""A unit is no more: what was put to it and waits for an answer is put to another one, with an owner there."""

from datetime import datetime

from members.feedback.actions import answering_unit, owner_for
from members.feedback.models import Feedback
from members.organisation.models import Organisation


def pass_on_feedback(*, before: Organisation, after: Organisation, now: datetime) -> int:
    """The day to answer by stays; how many. Called in a transaction."""
    unit = answering_unit(Organisation.objects.get(pk=after.pk))
    waiting = list(Feedback.objects.open().filter(organisation=before).order_by("pk").select_for_update(of=("self",)))
    for feedback in waiting:
        feedback.organisation = unit
        feedback.owner_id = owner_for(unit, feedback.author_id, now, is_study=feedback.is_about_study)
        feedback.save(update_fields=["organisation", "owner"])
    return len(waiting)
