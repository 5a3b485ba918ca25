"""What the world of authorization needs for transfer records."""

from typing import Any

from django.utils import timezone

from members.transfers.actions import propose_transfer
from tests.factories import Tree, make_member


def world_of_reorganisation(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """Somebody whom the branch would give to a unit of the west, which is to answer."""
    member = make_member(tree.branch, name="石路远")
    given = propose_transfer(member=member, receiving=tree.far, actor=people["secretary"], now=timezone.now())
    return {"transfer": str(given.pk)}
