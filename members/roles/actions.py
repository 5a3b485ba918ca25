from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.audit.actions import record_event
from members.roles.cms_groups import fit_groups
from members.roles.models import ADMINISTRATORS, Role, RoleGrant


class NotGranted(Exception):
    """A sentence: why this role is not given to this person."""


@transaction.atomic
def grant_role(*, user: Any, role: Role, organisation: Any, actor: Any, now: datetime) -> RoleGrant:
    """The person acts in the role for the unit and all under it from now on; a grant that is open stays as it is.

    Administrators serve the whole installation: their `organisation` is None. Nobody grants anything to oneself, and
    nobody is two of the three administrators; NotGranted says so.
    """
    _check_may_hold(user, role, actor, now)
    grant, is_new = RoleGrant.objects.get_or_create(
        user=user, role=role, organisation=organisation, until=None, defaults={"since": now, "granted_by": actor}
    )
    if is_new:
        code = organisation.code if organisation is not None else ""
        record_event("role.granted", now=now, actor=actor, organisation=code, about=grant, detail={"role": role})
        _refit(user, now)
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, actor: Any, now: datetime) -> None:
    """The grant holds no longer; ending it twice changes nothing."""
    if RoleGrant.objects.filter(pk=grant.pk).filter(until=None).update(until=now):
        grant.until = now
        code = grant.organisation.code if grant.organisation is not None else ""
        record_event("role.ended", now=now, actor=actor, organisation=code, about=grant, detail={"role": grant.role})
        _refit(grant.user, now)


def _refit(user: Any, now: datetime) -> None:
    user.__dict__.pop("_granted", None)  # what this object remembers was read before
    fit_groups(user, now)


def _check_may_hold(user: Any, role: Role, actor: Any, now: datetime) -> None:
    if actor is not None and actor.pk == user.pk:
        raise NotGranted(_("Nobody gives a role to oneself. Please ask somebody else who may."))
    others = RoleGrant.objects.of(user).live(now).filter(role__in=ADMINISTRATORS).exclude(role=role)
    if role in ADMINISTRATORS and others.exists():
        raise NotGranted(_("This person is an administrator already. None of the three can do another's job."))
