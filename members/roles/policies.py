"""Who may act for which part of the tree. The only place that knows roles."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from members.audit.models import AuditEvent
from members.roles.gathering import Gathered
from members.roles.models import IN_TWO_STEPS, Role, RoleGrant, RoleGrantQuerySet

LEADING = (Role.ORGANISER, Role.SECRETARY)
HIGHEST = "~"  # sorts after every character of a path
STEP = 4  # characters of one level in a path
GRANTED = ("role", "organisation__path")


def led_paths(user, now: datetime | None = None) -> list[str]:
    """Paths of the units that this person leads (as organiser or secretary); read once for each request."""
    return [path for role, path in _granted(user, now) if role in LEADING]


def organised_paths(user, now: datetime | None = None) -> list[str]:
    """Paths of the units for which this person is organiser: imports, plans and what else a secretary does not do."""
    return [path for role, path in _granted(user, now) if role == Role.ORGANISER]


def taught_paths(user, now: datetime | None = None) -> list[str]:
    """Paths of the units whose lessons and articles this person answers for, as lecturer."""
    return [path for role, path in _granted(user, now) if role == Role.LECTURER]


def must_take_two_steps(user, now: datetime | None = None) -> bool:
    return any(role in IN_TWO_STEPS for role, _ in _granted(user, now))


def has_role(user, role: Role, now: datetime | None = None) -> bool:
    return any(granted == role for granted, _ in _granted(user, now))


def holds_a_role(user, now: datetime | None = None) -> bool:
    return bool(_granted(user, now))


def main_duty(user, now: datetime | None = None) -> Role | None:
    """What a person mostly does here: who organises and is a secretary too is an organiser."""
    return next((role for role in LEADING if has_role(user, role, now)), None)


def may_give_card(giver, user) -> bool:
    """Who gets a card from a leader does nothing beyond what this leader leads."""
    led = led_paths(giver)
    return all(path and path.startswith(tuple(led)) for _, path in _granted(user, None))


def grants_for(user) -> QuerySet[RoleGrant]:
    """All grants, for the security administrator; for anybody else none."""
    return RoleGrant.objects.all() if has_role(user, Role.SECURITY_ADMIN) else RoleGrant.objects.none()


def events_for(user) -> QuerySet[AuditEvent]:
    """The whole log, for the audit administrator; for anybody else nothing."""
    return AuditEvent.objects.all() if has_role(user, Role.AUDIT_ADMIN) else AuditEvent.objects.none()


def under(field: str, paths: list[str]) -> Q:
    """A filter for everything at or under `paths`; `field` is the lookup that leads to the path."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__gte": path, f"{field}__lt": path + HIGHEST})
    return found


def strictly_under(field: str, paths: list[str]) -> Q:
    """The same without the units of `paths` themselves."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__gt": path, f"{field}__lt": path + HIGHEST})
    return found


def superior_paths(path: str) -> list[str]:
    """The path itself and those of all units above it."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def nearest_leader(path: str, *, now: datetime, apart_from: int | None = None) -> int | None:
    """Whose account leads the unit at `path`, or else the nearest one above; a secretary before an organiser."""
    return _nearest_of(LEADING, path, now, apart_from)


def nearest_lecturer(path: str, *, now: datetime, apart_from: int | None = None) -> int | None:
    """Whose account answers for lessons and articles of the unit at `path`, or else of the nearest one above."""
    return _nearest_of((Role.LECTURER,), path, now, apart_from)


def _nearest_of(roles: Collection[str], path: str, now: datetime, apart_from: int | None) -> int | None:
    grants = RoleGrant.objects.live(now).filter(role__in=roles, organisation__path__in=superior_paths(path))
    acting = grants.filter(user__is_active=True, user__member__ended_on=None).exclude(user_id=apart_from)
    return acting.order_by("-organisation__path", "-role", "user_id").values_list("user_id", flat=True).first()


def paths_by_leader(now: datetime) -> dict[int, list[str]]:
    """For every account that leads something now, the paths of these units."""
    found: dict[int, list[str]] = {}
    for user_id, path in _acting(now).values_list("user_id", "organisation__path"):
        found.setdefault(user_id, []).append(path)
    return found


def leading_grants(path: str, *, now: datetime) -> QuerySet[RoleGrant]:
    """By which grants the unit at `path` is led, its own before those from above."""
    grants = _acting(now).filter(organisation__path__in=superior_paths(path)).select_related("user", "organisation")
    return grants.order_by("-organisation__path", "-role", "user_id")


def leads_from_above(user, path: str) -> bool:
    """Whether this person leads a unit above the one at `path`; above the topmost unit there is nobody but itself."""
    return any(path.startswith(led) and (led != path or len(path) == STEP) for led in led_paths(user))


def _acting(now: datetime) -> QuerySet[RoleGrant]:
    leading = RoleGrant.objects.live(now).filter(role__in=LEADING)
    return leading.filter(user__is_active=True, user__member__ended_on=None)


def lies_within(path: str, paths: Collection[str] | None) -> bool:
    """Whether a path lies at or under one of `paths`; None stands for no limits."""
    return paths is None or any(path.startswith(each) for each in paths)


def granted_along(now: datetime) -> dict[str, Gathered]:
    """For a query of accounts: what each may do now comes with it, and is not asked for again in this request."""
    return {"granted": Gathered(_opening(RoleGrant.objects.filter(user=OuterRef("pk")), now), *GRANTED)}


def _granted(user, now: datetime | None) -> list[tuple[str, str]]:
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "granted"):
        user.granted = list(_opening(RoleGrant.objects.of(user), now or timezone.now()).values_list(*GRANTED))
    return user.granted


def _opening(grants: RoleGrantQuerySet, now: datetime) -> RoleGrantQuerySet:
    """What is closed opens nothing, and nothing in its place."""
    return grants.live(now).filter(organisation__closed_on=None).order_by("organisation__code")
