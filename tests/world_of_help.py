"""What the world of authorization needs for who has asked for help."""

from typing import Any

from django.utils import timezone

from learning.completion.helping import ask_for_help
from learning.completion.models import HelpNote, HelpReason


def world_of_help(people: dict[str, Any]) -> dict[str, str]:
    """The member of the branch has asked for it."""
    member = people["member"]
    ask_for_help(member=member.member, reason=HelpReason.CONTACT, actor=member, now=timezone.now())
    return {"help_note": str(HelpNote.objects.get().pk)}
