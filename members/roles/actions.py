from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.audit.actions import record_event
from members.roles.cms_groups import fit_groups
from members.roles.models import ADMINISTRATORS, Role, RoleGrant

FOREVER = datetime.max.replace(tzinfo=UTC)


class NotGranted(Exception):
    """A sentence: why this role is not given to this person."""


@transaction.atomic
def grant_role(
    *,
    user: Any,
    role: Role,
    organisation: Any,
    actor: Any,
    now: datetime,
    last_day: date | None = None,
    deputy_for: Any = None,
) -> RoleGrant:
    """The person acts in the role for the unit and all under it from now on, to the end of `last_day` if there is one.

    Who holds it already keeps it, with the term said now. Administrators serve the whole installation: their
    `organisation` is None. Nobody grants anything to oneself, and nobody is two of the three administrators. A deputy
    acts for somebody who holds the role there, and never longer than they do. NotGranted says what does not fit.
    """
    type(user).objects.select_for_update().get(pk=user.pk)  # one grant of a kind, though two give it at once
    until = end_of(last_day)
    _check_may_hold(user, role, actor, now)
    _check_term(until, now, deputy_for)
    if deputy_for is not None:
        _check_deputy(user, role, organisation, deputy_for, until, now)
    kind = {"role": role, "organisation": organisation, "deputy_for": deputy_for}
    grant = RoleGrant.objects.of(user).open(now).filter(**kind).first()
    if grant is None:
        grant = RoleGrant.objects.create(user=user, since=now, until=until, granted_by=actor, **kind)
        _record("role.granted", grant, actor, now)
        _refit(user, now)
    elif grant.until != until:
        grant.until = until
        grant.save(update_fields=["until"])
        _record("role.term_changed", grant, actor, now)
        _end_deputies(grant, actor, now)
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, actor: Any, now: datetime) -> None:
    """The grant holds no longer, and whoever deputised by it does neither; ending it twice changes nothing."""
    if RoleGrant.objects.open(now).filter(pk=grant.pk).update(until=now):
        grant.until = now
        _record("role.ended", grant, actor, now)
        _refit(grant.user, now)
        _end_deputies(grant, actor, now)


def end_of(day: date | None) -> datetime | None:
    """The moment at which that day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


def _end_deputies(grant: RoleGrant, actor: Any, now: datetime) -> None:
    """Nobody acts for somebody who does not act there any more, nor beyond their term."""
    if grant.until is None or grant.deputy_for_id:
        return
    deputies = RoleGrant.objects.live(now).filter(deputy_for=grant.user, role=grant.role, until__gt=grant.until)
    for deputy in deputies.select_related("user", "organisation"):
        until = _until_when(grant.user, deputy.role, deputy.organisation, now)
        if until is None:
            end_grant(grant=deputy, actor=actor, now=now)
        elif until < deputy.until:
            RoleGrant.objects.filter(pk=deputy.pk).update(until=until)
            _record("role.term_changed", deputy, actor, now)


def _record(action: str, grant: RoleGrant, actor: Any, now: datetime) -> None:
    code = grant.organisation.code if grant.organisation is not None else ""
    detail = {"role": grant.role}
    if grant.deputy_for_id:
        detail["deputy_for"] = str(grant.deputy_for_id)
    if grant.until is not None and grant.until > now:
        detail["last_day"] = grant.last_day.isoformat()
    record_event(action, now=now, actor=actor, organisation=code, about=grant, detail=detail)


def _refit(user: Any, now: datetime) -> None:
    user.__dict__.pop("granted", None)  # what this object remembers was read before
    fit_groups(user, now)


def _check_may_hold(user: Any, role: Role, actor: Any, now: datetime) -> None:
    if actor is not None and actor.pk == user.pk:
        raise NotGranted(_("Nobody gives a role to oneself. Please ask somebody else who may."))
    others = RoleGrant.objects.of(user).live(now).filter(role__in=ADMINISTRATORS).exclude(role=role)
    if role in ADMINISTRATORS and others.exists():
        raise NotGranted(_("This person is an administrator already. None of the three can do another's job."))


def _check_term(until: datetime | None, now: datetime, deputy_for: Any) -> None:
    if until is not None and until <= now:
        raise NotGranted(_("The last day has passed. Please choose today or a later day."))
    if until is None and deputy_for is not None:
        raise NotGranted(_("A deputy acts for a term. Please fill in the last day."))


def _check_deputy(user: Any, role: Role, organisation: Any, deputy_for: Any, until: Any, now: datetime) -> None:
    if deputy_for.pk == user.pk:
        raise NotGranted(_("Nobody is the deputy of oneself."))
    most = _until_when(deputy_for, role, organisation, now)
    if most is None:
        raise NotGranted(_("The person to be deputised for does not hold this role there."))
    if until > most:
        raise NotGranted(_("The person to be deputised for holds the role for a shorter term. Choose an earlier day."))


def _until_when(user: Any, role: Role, organisation: Any, now: datetime) -> datetime | None:
    """Until when somebody holds the role for the unit by a grant of their own; None where they do not hold it."""
    held = RoleGrant.objects.of(user).live(now).filter(role=role, deputy_for=None).select_related("organisation")
    path = organisation.path if organisation is not None else ""
    ends = [
        grant.until or FOREVER
        for grant in held
        if grant.organisation is None or path.startswith(grant.organisation.path)
    ]
    return max(ends, default=None)
