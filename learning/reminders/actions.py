from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.plans.models import StudyPlan
from learning.reminders.queries import Reminder, reminder_of, topic_of
from members.audit.actions import record_event
from members.messages.actions import Notice, deliver_due, enqueue_all
from members.organisation.models import Organisation

STUDY = "/study/"


@transaction.atomic
def remind(*, unit: Organisation, plan: StudyPlan, actor: Any, now: datetime) -> int:
    """Reminds everybody of the unit who still has something to go and may be reminded; how many. Twice sends once."""
    reminder = reminder_of(unit, plan, user=actor, now=now)
    number = enqueue_all(_notices(reminder, now=now), now=now, sent_by=actor)
    while deliver_due(now=now):
        pass
    if number:
        detail = {"people": number}
        record_event("reminders.sent", now=now, actor=actor, organisation=unit.code, about=plan, detail=detail)
    return number


def _notices(reminder: Reminder, *, now: datetime) -> list[Notice]:
    """Two who press at the same moment find the same keys: one for each member, plan and week."""
    year, week, _ = timezone.localdate(now).isocalendar()
    topic = topic_of(reminder.plan)
    return [
        Notice(
            to=row.member,
            topic=topic,
            title=row.title,
            text=row.text,
            why=reminder.why,
            dedupe=f"{topic}/{row.member.pk}/{year}-{week}",
            link=STUDY,
        )
        for row in reminder.recipients
    ]
