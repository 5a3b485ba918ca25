"""What the world of authorization needs for what is confirmed by hand."""

from typing import Any

from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.plans.actions import make_plan
from learning.study.actions import confirm_by_hand
from tests.factories import Tree
from tests.learning.makers import THIS_YEAR, make_text


def world_of_progress(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """In a plan of the branch: a text that the secretary has confirmed for the member, and one that nobody has read."""
    now = timezone.now()
    year = tuple(day.replace(year=now.year) for day in THIS_YEAR)
    confirmed, unread = make_text(tree.branch, title="确认过的"), make_text(tree.branch, title="没读的")
    items = [confirmed, unread]
    plan = make_plan(title="支部的计划", organisation=tree.branch, starts_on=year[0], ends_on=year[1], items=items)
    publish_plan(plan, now=now)
    member, by = people["member"].member, people["secretary"]
    confirmation = confirm_by_hand(member=member, item=confirmed, reason="在支部一起读过", by=by, now=now)
    return {"confirmed": str(confirmed.pk), "unread": str(unread.pk), "confirmation": str(confirmation.pk)}
