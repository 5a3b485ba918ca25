"""The three administrators of the demo, through the doors of real use."""

from collections.abc import Iterator
from datetime import datetime

from config.management.commands.begin import ADMINISTRATORS
from members.accounts.codes import issue_code
from members.accounts.models import User
from members.roles.actions import grant_role


def administrator_cards(*, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Who, short name and one-time code of a fresh card, one for each administrator; older cards are void."""
    for username, title, role in ADMINISTRATORS:
        user, _ = User.objects.get_or_create(username=username, defaults={"display_name": f"演示{title}"})
        grant_role(user=user, role=role, organisation=None, actor=None, now=now)
        yield title, username, issue_code(actor=None, now=now, user=user)
