"""The people of a unit for whoever leads it: by name, with the state of their account in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from members.accounts.models import Member, User
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Organisation


@dataclass(frozen=True)
class PersonLine:
    number: str
    name: str
    state: str
    has_signed_in: bool


def people_of(unit: Organisation, *, user: User, now: datetime) -> list[PersonLine]:
    """Everybody present in a branch and under it; of a larger unit those who belong to it directly."""
    led = Member.objects.led_by(user).present().select_related("user")
    if unit.kind in BRANCH_KINDS:
        found = led.affiliated_under(unit)
    else:
        found = led.filter(affiliations__organisation=unit, affiliations__until=None)
    lines = [
        PersonLine(each.number, each.name, say_account(each.user, now=now), has_signed_in(each.user)) for each in found
    ]
    return sorted(lines, key=lambda line: (lazy_pinyin(line.name), line.number))


def ended_people(unit: Organisation, *, user: User) -> list[Member]:
    """Whose membership ended while they belonged to the unit or under it: an end can be reversed."""
    ended: QuerySet[Member] = Member.objects.led_by(user, with_ended=True).exclude(ended_on=None)
    last_here = ended.filter(last_path__gte=unit.path, last_path__lt=unit.path + "~")
    return by_name(last_here)


def by_name(members: Iterable[Member]) -> list[Member]:
    """In the order in which names are spoken."""
    return sorted(members, key=lambda member: (lazy_pinyin(member.name), member.number))


def units_under(unit: Organisation) -> list[Organisation]:
    """Where to look further: nothing under a branch, whose people are shown with it."""
    return [] if unit.kind in BRANCH_KINDS else list(unit.get_children().open().in_order())


def has_signed_in(user: User | None) -> bool:
    return user is not None and user.is_active and user.one_time_until is None and user.last_login is not None


def say_account(user: User | None, *, now: datetime) -> str:
    """The state of an account in words; no day of a sign-in, that is nobody's business."""
    if user is None:
        return _("No account yet")
    if not user.is_active:
        return _("Account closed")
    if user.one_time_until is not None:
        until = date_format(timezone.localtime(user.one_time_until), "DATE_FORMAT")
        if user.one_time_until > now:
            return _("Has a one-time code, good until %(day)s") % {"day": until}
        return _("The one-time code has expired")
    return _("Has signed in") if user.last_login is not None else _("Has not signed in yet")
