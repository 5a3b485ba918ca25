"""What the world of the authorization matrix needs for the pages about people's own data."""

from typing import Any

from django.utils import timezone

from members.privacy.actions import ask_about_data
from members.privacy.models import RequestKind


def world_of_privacy(people: dict[str, Any]) -> dict[str, str]:
    """The member has asked for a correction."""
    asked = ask_about_data(
        member=people["member"].member, kind=RequestKind.CORRECT, text="入党日期不对", now=timezone.now()
    )
    return {"data_request": str(asked.pk)}
