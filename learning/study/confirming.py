"""Whose study of what may be confirmed by hand, and how that is said to the member."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from learning.completion.models import Enrolment
from learning.courses.models import ItemKind, StudyItem
from learning.progress.models import Confirmation
from members.accounts.models import Member
from members.messages.actions import Notice
from members.organisation.models import Organisation

STUDY = "/study/"


class NotConfirmed(Exception):
    """It cannot be confirmed: the mark is there already, or it would be one's own."""


def confirmable_people(user: Any, *, unit: Organisation) -> QuerySet[Member]:
    """Members of the unit and under it whom this person leads; never oneself."""
    return Member.objects.led_by(user).present().affiliated_under(unit).exclude(user_id=user.pk)


def confirmable_items(member: Member) -> QuerySet[StudyItem]:
    """What stands in a plan of the member. Who took part in an activity is mended in the record of that."""
    plans = Enrolment.objects.filter(member=member, left_on=None).values("plan_id")
    return StudyItem.objects.filter(plan_items__plan__in=plans).exclude(kind=ItemKind.ACTIVITY).distinct()


def unit_code(member: Member) -> str:
    """Of the unit where the member belongs; blank for none."""
    unit = member.organisation_now()
    return unit.code if unit else ""


def told_confirmed(confirmation: Confirmation) -> Notice:
    """What the member is told when their study is confirmed."""
    words = {"title": confirmation.item.title, "reason": confirmation.reason}
    return _notice(
        confirmation,
        title=_("Confirmed by the secretary: studied"),
        text=_("“%(title)s” counts as studied. The reason: %(reason)s") % words,
    )


def told_withdrawn(confirmation: Confirmation, *, is_gone: bool) -> Notice:
    """What the member is told when that is taken back: whether it counts no more, or stays by their own study."""
    words = {"title": confirmation.item.title, "reason": confirmation.withdrawn_reason}
    text = _("That “%(title)s” counts as studied has been taken back. The reason: %(reason)s")
    if not is_gone:
        text = _(
            "“%(title)s” was confirmed by the secretary; that has been taken back. You have studied it all the "
            "same, so it stays. The reason: %(reason)s"
        )
    return _notice(confirmation, title=_("A confirmation has been taken back"), text=text % words, end="/end")


def _notice(confirmation: Confirmation, *, title: str, text: str, end: str = "") -> Notice:
    return Notice(
        to=confirmation.member,
        topic=f"study.confirmation/{confirmation.pk}{end}",
        title=title,
        text=text,
        why=_("It changes what is recorded of your study."),
        dedupe=f"confirmation/{confirmation.pk}{end}",
        link=STUDY,
    )
