"""What the matrix needs of hand-overs: the group's secretary leaves, and the branch's one is to take over."""

from typing import Any

from django.utils import timezone

from members.feedback.about import About
from members.feedback.actions import send_feedback
from members.handovers.actions import start_handover
from tests.factories import Tree


def world_of_handovers(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """A hand-over that waits for the branch's secretary, begun by the organiser; a poster that the branch puts up."""
    now, leaving = timezone.now(), people["group_secretary"]
    said = About(path="/study/", title="学习", organisation_id=tree.branch.pk, nonce="handover")
    word = send_feedback(author=people["member"], text="灯太暗", about=said, now=now)
    word.owner = leaving
    word.save(update_fields=["owner"])
    begun = start_handover(
        organisation=tree.branch, leaving=leaving, successor=people["secretary"], actor=people["organiser"], now=now
    )
    return {"handover": str(begun.pk), "holder": str(people["secretary"].pk), "host": tree.branch.code}
