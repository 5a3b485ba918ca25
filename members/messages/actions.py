from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from members.accounts.models import Member
from members.messages.limits import kind_of
from members.messages.models import Message, MessageState, Mute
from members.messages.queries import History, histories

AT_ONCE = 500
DELIVERY_LOCK = 0x4D455353  # "MESS"


@dataclass(frozen=True)
class Notice:
    """What one member is to be told; two notices with the same `dedupe` are one."""

    to: Member
    topic: str
    title: str
    text: str
    why: str
    dedupe: str
    link: str = ""


def enqueue(
    *, to: Member, topic: str, title: str, text: str, why: str, dedupe: str, now: datetime, link: str = "", sent_by=None
) -> bool:
    """Puts one message into the queue; False where one with this key has been there before."""
    notice = Notice(to=to, topic=topic, title=title, text=text, why=why, dedupe=dedupe, link=link)
    return bool(enqueue_all([notice], now=now, sent_by=sent_by))


@transaction.atomic
def enqueue_all(notices: Iterable[Notice], *, now: datetime, sent_by: Any = None) -> int:
    """Puts many messages into the queue, each key once whoever else puts it there meanwhile; how many are new."""
    new, waiting = 0, iter(notices)
    while some := {notice.dedupe: notice for notice in islice(waiting, AT_ONCE)}:
        there = Message.objects.filter(dedupe_key__in=some)
        known = set(there.values_list("dedupe_key", flat=True))
        rows = [_row(notice, now, sent_by) for key, notice in some.items() if key not in known]
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        new += there.exclude(dedupe_key__in=known).filter(due_at=now).count()
    return new


@transaction.atomic
def deliver_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Sends what is due or holds it back and says why; how many rows were decided. Turning it twice changes nothing."""
    _only_one_delivers()
    rows = list(Message.objects.due(now).order_by("due_at", "pk")[:limit])
    _hold_readers(rows)
    past = histories({(row.to_id, row.topic) for row in rows})
    decided: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        pair = row.to_id, row.topic
        reason = past[pair].why_held(row.topic, now=now)
        decided[reason or ""].append(row.pk)
        if reason is None:
            past[pair] = History(now, past[pair].muted)
    for reason, keys in decided.items():
        still = Message.objects.filter(pk__in=keys, state=MessageState.DUE)
        if reason:
            still.update(state=MessageState.HELD, held_because=reason)
        else:
            still.update(state=MessageState.SENT, sent_at=now)
    return len(rows)


def mark_read(messages: Sequence[Message], *, now: datetime) -> None:
    """Its reader has seen it; the first time counts."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).unread().update(read_at=now)


def mute(*, member: Member, topic: str, now: datetime) -> None:
    """No more messages of this kind; doing it twice changes nothing."""
    Mute.objects.get_or_create(member=member, topic=kind_of(topic), defaults={"since": now})


def unmute(*, member: Member, topic: str) -> None:
    """Messages of this kind are welcome again."""
    Mute.objects.filter(member=member, topic=kind_of(topic)).delete()


def _row(notice: Notice, now: datetime, sent_by: Any) -> Message:
    return Message(
        to=notice.to,
        topic=notice.topic,
        title=notice.title[:100],
        text=notice.text,
        link=notice.link,
        why=notice.why[:200],
        dedupe_key=notice.dedupe,
        due_at=now,
        sent_by=sent_by,
    )


def _only_one_delivers() -> None:
    """Two at once could each send one of the same topic. SQLite lets one write at a time; PostgreSQL is asked to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DELIVERY_LOCK])


def _hold_readers(rows: list[Message]) -> None:
    """Whose membership ends at this moment is told nothing any more, or was told before it ended."""
    readers = Member.objects.filter(pk__in={row.to_id for row in rows}).order_by("pk")
    list(readers.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
