"""Who asks for help in the demo's first branch: one was helped, two are still to be called."""

from datetime import datetime, timedelta

from learning.completion.helping import ask_for_help, clear_help
from learning.completion.models import HelpReason
from members.accounts.models import Member

# How many days ago; why; whether the secretary has helped meanwhile.
ASKED = ((20, HelpReason.HARD_TO_USE, True), (5, HelpReason.PHONE, False), (1, HelpReason.CONTACT, False))


def load_help(*, member: Member, secretary: Member, now: datetime) -> None:
    """Neighbours of the member whose card is printed say so themselves; their secretary is told."""
    others = Member.objects.recorded().affiliated_under(secretary.organisation_now())
    others = others.exclude(pk__in=[member.pk, secretary.pk]).select_related("user").order_by("number")
    for neighbour, (days, reason, is_helped) in zip(others, ASKED, strict=False):
        at = now - timedelta(days=days)
        ask_for_help(member=neighbour, reason=reason, actor=neighbour.user, now=at)
        if is_helped:
            clear_help(member=neighbour, actor=secretary.user, now=at + timedelta(days=1))
