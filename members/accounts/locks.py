"""After five tries that do not match, an account is locked for five minutes. allauth counts; here it is read."""

from datetime import UTC, datetime

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.core.cache import cache

from members.accounts.models import User

APP, ACTION = "allauth.account", "login_failed"


def counter_of(user: User) -> str:
    """One counter for an account, whatever name of it was typed."""
    return f"account:{user.pk}"


def locked_until(user: User, *, now: datetime) -> datetime | None:
    """When the account opens again by itself; nothing where it is not locked."""
    for rate, key in _counters(user):
        tries = sorted(cache.get(key, []), reverse=True)
        if len(tries) >= rate.amount:
            until = datetime.fromtimestamp(tries[rate.amount - 1] + rate.duration, UTC)
            if until > now:
                return until
    return None


def unlock(user: User) -> None:
    """The next try is the first one again."""
    cache.delete_many([key for _, key in _counters(user)])


def _counters(user: User):
    rates = [rate for rate in get_rates(app=APP, action=ACTION) if rate.per == "key"]
    return [(rate, get_cache_key(None, app=APP, action=ACTION, rate=rate, key=counter_of(user))) for rate in rates]
