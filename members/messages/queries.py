from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Max, Q

from members.accounts.models import Member
from members.messages.limits import Held, why_held
from members.messages.models import Message, MessageState, Mute

AT_ONCE = 500


@dataclass(frozen=True)
class History:
    """What matters of the past for one message: the topic's last one, and what the member wants no more."""

    last_at: datetime | None = None
    muted: frozenset[str] = frozenset()
    has_account: bool = True

    def why_held(self, topic: str, *, now: datetime) -> Held | None:
        return why_held(topic, now=now, last_at=self.last_at, muted=self.muted, has_account=self.has_account)


def held_of(members: Collection[int], *, topic: str, now: datetime) -> dict[int, Held]:
    """Who of these members would not be sent a message of this topic now, and why; waiting ones count as sent."""
    found: dict[int, Held] = {}
    ids = iter(sorted(members))
    while some := list(islice(ids, AT_ONCE)):
        for member, history in histories({(member, topic) for member in some}, with_waiting=True).items():
            reason = history.why_held(topic, now=now)
            if reason:
                found[member[0]] = reason
    return found


def histories(pairs: Collection[tuple[int, str]], *, with_waiting: bool = False) -> dict[tuple[int, str], History]:
    """The past of (member, topic) pairs, in three queries; at most a few hundred pairs at a time."""
    members, topics = {member for member, _ in pairs}, {topic for _, topic in pairs}
    admitted = Member.objects.present().filter(pk__in=members, user__is_active=True)
    with_account = set(admitted.values_list("pk", flat=True))
    muted: dict[int, set[str]] = {}
    for member, topic in Mute.objects.filter(member__in=members).values_list("member_id", "topic"):
        muted.setdefault(member, set()).add(topic)
    last = dict(_last(members, topics, with_waiting=with_waiting))
    return {
        pair: History(last.get(pair), frozenset(muted.get(pair[0], ())), has_account=pair[0] in with_account)
        for pair in pairs
    }


def inbox_of(user: Any, *, limit: int = 200) -> list[Message]:
    """One's messages: the unread ones first, then the latest first."""
    own = Message.objects.visible_to(user).annotate(is_read=Q(read_at__isnull=False))
    return list(own.order_by("is_read", "-sent_at", "-pk")[:limit])


def newest_unread(user: Any) -> Message | None:
    """What is to be read next, or nothing."""
    return Message.objects.visible_to(user).unread().order_by("-sent_at", "-pk").first()


def is_muted(user: Any, topic: str) -> bool:
    """Whether this person wants no more messages of the kind."""
    return Mute.objects.visible_to(user).filter(topic=topic).exists()


def _last(members: set[int], topics: set[str], *, with_waiting: bool) -> Iterator[tuple[tuple[int, str], datetime]]:
    states = [MessageState.SENT, MessageState.DUE] if with_waiting else [MessageState.SENT]
    went = Message.objects.filter(to__in=members, topic__in=topics, state__in=states)
    for member, topic, sent, due in went.values_list("to_id", "topic").annotate(Max("sent_at"), Max("due_at")):
        yield (member, topic), max(sent, due) if sent and with_waiting else sent or due
