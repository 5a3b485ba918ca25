"""A member is told of what a list wrote into the ledger, and of what was taken back."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from learning.hours.models import HoursEntry
from learning.hours.wording import say_hours
from members.accounts.member_plan import batches
from members.accounts.models import Member
from members.messages.actions import Notice, enqueue_all

TOPIC = "study.hours"


def tell(lines: Iterable[HoursEntry], *, now: datetime) -> None:
    """Whoever belongs here still hears of each line, once."""
    for some in batches(lines):
        present = Member.objects.present().in_bulk({line.member_id for line in some})
        enqueue_all(_notices(some, present), now=now)


def _notices(lines: list[HoursEntry], present: dict[int, Member]) -> Iterator[Notice]:
    for line in lines:
        if line.member_id not in present:
            continue
        about = {"title": line.evidence.get("title", ""), "hours": say_hours(abs(line.hours)), "year": line.year}
        is_gain = line.hours > 0
        title = (
            _("%(hours)s study hours were entered: %(title)s")
            if is_gain
            else _("%(hours)s study hours were taken back: %(title)s")
        )
        text = (
            _("They count in %(year)d as centralised training.")
            if is_gain
            else _("They counted in %(year)d. Reason: %(reason)s.")
        )
        yield Notice(
            to=present[line.member_id],
            topic=f"{TOPIC}/{line.pk}",
            title=title % about,
            text=text % {**about, "reason": line.reason} + _("If something is not right, ask your secretary."),
            why=_("Because a line was written into your ledger of study hours."),
            dedupe=f"hours/{line.pk}",
            link=f"{reverse('learning:hours')}?year={line.year}",
        )
