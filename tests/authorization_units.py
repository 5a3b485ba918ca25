"""What the pages of units show in the small world: a post that the member holds."""

from datetime import date
from typing import Any

from members.organisation.kinds import PostKind
from members.organisation.models import Post
from tests.factories import Tree


def world_of_units(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """The member leads a group of the branch; secretary and organisers may end it."""
    member = people["member"].member
    post = Post.objects.create(
        member=member, organisation=tree.branch, kind=PostKind.GROUP_LEADER, since=date(2024, 1, 1)
    )
    return {"post": str(post.pk)}
