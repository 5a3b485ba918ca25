"""When a message may go out: at most one a week and topic, and none of a kind that somebody wants no more. Pure.

A topic is a kind of message, or a kind and a subject: `study.plan/12`. What was sent counts for the topic as it
stands; what is muted, for the whole kind.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

WEEK = timedelta(days=7)


class Held(StrEnum):
    MUTED = "muted"
    THIS_WEEK = "this_week"
    NO_ACCOUNT = "no_account"


def kind_of(topic: str) -> str:
    return topic.partition("/")[0]


def why_held(
    topic: str, *, now: datetime, last_at: datetime | None, muted: Collection[str], has_account: bool = True
) -> Held | None:
    """The first reason that holds a message of this topic back, or nothing; `last_at` is the last one of the topic."""
    if not has_account:
        return Held.NO_ACCOUNT
    if topic in muted or kind_of(topic) in muted:
        return Held.MUTED
    if last_at is not None and now - last_at < WEEK:
        return Held.THIS_WEEK
    return None
