"""The member is told of every gain and every reversal: news, not a reminder (decision 0091)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.hours.models import HoursEntry, HoursSource
from learning.hours.wording import say_hours
from members.accounts.models import Member
from members.messages.actions import Notice, enqueue_all

TOPIC = "study.hours"


def tell(lines: Iterable[HoursEntry], *, now: datetime) -> None:
    """One message for each member, with a sentence for each line; of lines without hours nothing is said."""
    by_member: dict[int, list[HoursEntry]] = defaultdict(list)
    for line in lines:
        if line.hours:
            by_member[line.member_id].append(line)
    if by_member:
        enqueue_all((_notice(member, some) for member, some in sorted(by_member.items())), now=now)


def _notice(member_id: int, lines: Sequence[HoursEntry]) -> Notice:
    """Its topic names the line: so the week between two reminders does not hold it back, and muting the kind does."""
    last = lines[-1]
    total = sum(line.hours for line in lines)
    title = _("Study hours: %(hours)s recorded") if total >= 0 else _("Study hours: %(hours)s taken back")
    return Notice(
        to=Member(pk=member_id),
        topic=f"{TOPIC}/{last.pk}",
        title=title % {"hours": say_hours(abs(total))},
        text="\n".join(_sentence(line) for line in lines),
        why=_("Every change of your ledger of study hours is told to you."),
        dedupe=f"hours/{last.pk}",
        link=f"{reverse('learning:hours')}?year={last.year}#line-{last.pk}",
    )


def _sentence(line: HoursEntry) -> str:
    said = {
        "title": title_of(line),
        "hours": say_hours(abs(line.hours)),
        "category": line.get_category_display(),
        "day": date_format(line.earned_on, "MONTH_DAY_FORMAT"),
        "reason": line.reason or _("the record was corrected"),
    }
    if line.reverses_id:
        return _("“%(title)s” of %(day)s: %(hours)s hours (%(category)s) taken back. %(reason)s.") % said
    return _("“%(title)s” of %(day)s: %(hours)s hours (%(category)s) recorded.") % said


def title_of(line: HoursEntry) -> str:
    """What the hours are for, in a few words."""
    if line.item is not None:
        return line.item.title
    return line.evidence.get("title") or line.reason or str(HoursSource(line.source).label)
