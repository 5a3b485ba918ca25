"""What pages ask about accounts: of the person in front of them, and of others for whoever looks after accounts."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from members.accounts.drafts import Draft
from members.accounts.models import User
from members.organisation.models import PATHS_ABOVE
from members.roles.models import Role
from members.roles.policies import granted_along, has_role

# Written out: made anew by the ORM for every page it took longer than all the rest of the question.
OF_HELP = """
    SELECT unit.help_phone FROM members_member own
    JOIN members_affiliation belongs ON belongs.member_id = own.id AND belongs.until IS NULL
    JOIN members_organisation home ON home.id = belongs.organisation_id
    JOIN members_organisation unit ON unit.path IN ({above}) AND unit.help_phone <> ''
    WHERE own.user_id = members_user.id ORDER BY unit.path DESC LIMIT 1
"""
HELP_PHONE_ABOVE = RawSQL(OF_HELP.format(above=PATHS_ABOVE.format("home.path")), [])  # noqa: S611


def in_front(now: datetime) -> QuerySet[User]:
    """Accounts with all that the frame of every page asks about its reader, in one question.

    What each may do now, the help telephone, and whether anything typed is kept.
    """
    drafts = Exists(Draft.objects.filter(user=OuterRef("pk")))
    along = {"help_phone_above": HELP_PHONE_ABOVE, "has_drafts": drafts, **granted_along(now)}
    return User.objects.select_related("member").annotate(**along)


def help_phone_above(user) -> str:
    """The help telephone of the nearest unit at or above the one this person belongs to; blank without one."""
    if not hasattr(user, "help_phone_above"):
        phone = User.objects.filter(pk=user.pk).values_list(HELP_PHONE_ABOVE, flat=True)
        user.help_phone_above = phone.first()
    return user.help_phone_above or ""


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
