"""What pages ask about accounts: of the person in front of them, and of others for whoever looks after accounts."""

import unicodedata
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from members.accounts.models import User
from members.organisation.models import Affiliation, Organisation
from members.roles.models import Role
from members.roles.policies import has_role

DEEPEST = 12


def help_phone_above(user) -> str:
    """The help telephone of the nearest unit at or above the one this person belongs to; blank without one."""
    step = Organisation.steplen
    above = [Substr(OuterRef("organisation__path"), 1, step * depth) for depth in range(1, DEEPEST + 1)]
    nearest = Organisation.objects.filter(path__in=above).exclude(help_phone="").order_by("-path")
    own = Affiliation.objects.open().filter(member__user_id=user.pk)
    return own.annotate(phone=Subquery(nearest.values("help_phone")[:1])).values_list("phone", flat=True).first() or ""


def accounts_for(user) -> QuerySet[User]:
    """All accounts, for the system and the security administrator; for anybody else none."""
    may_look = has_role(user, Role.SYSTEM_ADMIN) or has_role(user, Role.SECURITY_ADMIN)
    return User.objects.select_related("member") if may_look else User.objects.none()


def accounts_named(typed: str, *, user, most: int = 20) -> list[User]:
    """Accounts whose number or short name begins with what was typed, in order; a blank finds none."""
    typed = "".join(unicodedata.normalize("NFKC", typed).split())
    return list(accounts_for(user).filter(username__startswith=typed).order_by("username")[:most]) if typed else []


def usernames(ids: Iterable[int | None]) -> dict[int, str]:
    """The numbers and short names of accounts, by their row: what a log shows instead of names."""
    return dict(User.objects.filter(pk__in={pk for pk in ids if pk}).values_list("pk", "username"))
