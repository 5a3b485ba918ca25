"""Signing in that did not succeed, noted so that an attack is seen and does not fill the disk.

What was typed is never noted. Counted are the tries of an hour, for each account and for names that nobody has; an
event is written at the first, the fifth, and then at each tenfold.
"""

from datetime import datetime

from django.core.cache import cache

from members.accounts.models import User
from members.audit.actions import record_event

HOUR_SECONDS = 60 * 60
NOTED_AT = frozenset({1, 5, *(10**power for power in range(1, 9))})
MOST_ACCOUNTS = 200  # that get lines of their own within an hour; of more the whole is told


def note_failure(user: User | None, *, now: datetime) -> None:
    """One try that did not succeed; `user` is whose account was named, if anybody's."""
    hour, who = now.strftime("%Y%m%d%H"), user.pk if user else "nobody"
    # The same work for a name that nobody has: how long the answer takes says nothing about who exists.
    told = user if _is_one_of_few(who, hour) else None
    _note(f"{told.pk if told else 'nobody'}:{hour}", told, now=now)


def _is_one_of_few(who: int | str, hour: str) -> bool:
    known, few = f"sign-in-failed:known:{who}:{hour}", f"sign-in-failed:accounts:{hour}"
    if cache.get(known):
        return True
    if _count(few) > MOST_ACCOUNTS:
        return False
    cache.set(known, True, HOUR_SECONDS)
    return True


def _note(key: str, user: User | None, *, now: datetime) -> None:
    tries = _count(f"sign-in-failed:{key}")
    if tries in NOTED_AT:
        record_event("account.sign_in_failed", now=now, about=user, detail={"tries": tries})


def _count(key: str) -> int:
    cache.add(key, 0, HOUR_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it went out between the two
        return 1
