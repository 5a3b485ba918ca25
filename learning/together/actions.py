from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from learning.progress.group_study import GroupStudy
from learning.together.choosing import chosen_in, readable_in
from members.activities.actions import hold
from members.activities.kinds import OPEN
from members.activities.models import Activity
from members.audit.actions import record_event

AT_MOST = 20


class TooMany(Exception):
    """More was chosen than can be studied in one activity."""


@transaction.atomic
def choose_studied(*, activity: Activity, item_ids: Collection[int], actor: Any, now: datetime) -> int:
    """Exactly these items are studied in the activity; how many. The same ones again change nothing.

    Only while the record is with the unit, else raises NotOpen. What may not be chosen is left out.
    """
    held = hold(activity, OPEN)
    before = set(chosen_in(held).values_list("pk", flat=True))
    allowed = set(readable_in(held.lead).filter(pk__in=item_ids).values_list("pk", flat=True))
    chosen = allowed | before & set(item_ids)
    if len(chosen) > AT_MOST:
        raise TooMany
    if chosen != before:
        GroupStudy.objects.filter(activity=held).exclude(item_id__in=chosen).delete()
        GroupStudy.objects.bulk_create(GroupStudy(activity=held, item_id=item) for item in sorted(chosen - before))
        detail = {"items": len(chosen)}
        code = held.lead.code
        record_event("activity.studied_chosen", now=now, actor=actor, organisation=code, about=held, detail=detail)
    return len(chosen)
