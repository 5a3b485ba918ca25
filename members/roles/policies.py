"""Who may act for which part of the tree. The only place that knows roles."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from members.roles.models import Role, RoleGrant

LEADING = (Role.ORGANISER, Role.SECRETARY)
HIGHEST = "~"  # sorts after every character of a path


def led_paths(user, now: datetime | None = None) -> list[str]:
    """Paths of the units that this person leads (as organiser or secretary); read once for each request."""
    return [path for role, path in _granted(user, now) if role in LEADING]


def organised_paths(user, now: datetime | None = None) -> list[str]:
    """Paths of the units for which this person is organiser: imports, plans and what else a secretary does not do."""
    return [path for role, path in _granted(user, now) if role == Role.ORGANISER]


def has_role(user, role: Role, now: datetime | None = None) -> bool:
    return any(granted == role for granted, _ in _granted(user, now))


def holds_a_role(user, now: datetime | None = None) -> bool:
    return bool(_granted(user, now))


def under(field: str, paths: list[str]) -> Q:
    """A filter for everything at or under `paths`; `field` is the lookup that leads to the path."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__gte": path, f"{field}__lt": path + HIGHEST})
    return found


def lies_within(path: str, paths: Collection[str] | None) -> bool:
    """Whether a path lies at or under one of `paths`; None stands for no limits."""
    return paths is None or any(path.startswith(each) for each in paths)


def _granted(user, now: datetime | None) -> list[tuple[str, str]]:
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_granted"):
        user._granted = list(
            RoleGrant.objects.of(user)
            .live(now or timezone.now())
            .order_by("organisation__code")
            .values_list("role", "organisation__path")
        )
    return user._granted
