"""Who leads a member is told once that help is asked for, and the member that it was given (decision 0109).

News, no reminder: each has a topic of its own. No name stands in what leaders read, since a message may outlive an
erasure; the page behind the link knows who it is.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.completion.models import HelpNote
from members.accounts.models import Member
from members.messages.actions import Notice, enqueue_all
from members.messages.models import Message, MessageState
from members.roles.policies import leading_grants

TOPIC = "study.help"


def tell_leaders(note: HelpNote, *, actor: Any, now: datetime) -> None:
    """Those who lead the member are told, apart from who wrote it down."""
    text = _("%(reason)s. The page behind this message says who it is; please note there when you have helped.")
    notices = [
        Notice(
            to=leader,
            topic=_topic(note),
            title=_("A member asks for help"),
            text=text % {"reason": note.get_reason_display()},
            why=_("You lead the branch of this member. Each request is told once."),
            dedupe=f"help/{note.pk}/{leader.pk}",
            link=reverse("learning:help_note", args=[note.pk]),
        )
        for leader in _nearest_leaders(note.member, now=now)
        if actor is None or leader.user_id != actor.pk
    ]
    enqueue_all(notices, now=now)


def tell_helped(note: HelpNote, *, now: datetime) -> None:
    """Who has asked is told that somebody has noted it as done; what they took back themselves they know."""
    if note.set_by_id is None or note.set_by_id != note.member.user_id or note.cleared_by_id == note.set_by_id:
        return
    said = {"day": date_format(timezone.localdate(note.since)), "reason": note.get_reason_display()}
    notice = Notice(
        to=note.member,
        topic=f"{_topic(note)}/end",
        title=_("Your branch has noted that you were helped"),
        text=_("On %(day)s you said: %(reason)s. Is something still in the way? Then please say so once more.") % said,
        why=_("You had asked for help."),
        dedupe=f"help/{note.pk}/end",
        link=reverse("learning:own_help"),
    )
    enqueue_all([notice], now=now)


def say_told(note: HelpNote) -> str:
    """What the member may truly read: who was told, or is being told; else where it stands."""
    by_state: dict[str, list[str]] = {}
    for message in Message.objects.filter(topic=_topic(note)).select_related("to").order_by("pk"):
        by_state.setdefault(message.state, []).append(message.to.name)
    if MessageState.SENT in by_state:
        return _("You need help, %(names)s was told") % {"names": _names(by_state[MessageState.SENT])}
    if MessageState.DUE in by_state:
        return _("You need help, %(names)s is being told") % {"names": _names(by_state[MessageState.DUE])}
    return _("You need help, and so it stands on the list of your branch")


def _names(names: list[str]) -> str:
    return "、".join(names)


def _topic(note: HelpNote) -> str:
    return f"{TOPIC}/{note.pk}"


def _nearest_leaders(member: Member, *, now: datetime) -> list[Member]:
    """Who leads the unit where the member belongs, or the nearest above where somebody can be told; never oneself."""
    unit = member.organisation_now()
    if unit is None:
        return []
    grants = leading_grants(unit.path, now=now).filter(user__member__isnull=False).exclude(user_id=member.user_id)
    found = list(grants.select_related("user__member"))
    nearest = {each.user_id: each.user.member for each in found if each.organisation_id == found[0].organisation_id}
    return list(nearest.values())
