"""Posts with their terms, and the help contact of a unit. A post is no role: it opens nothing (decision 0064)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.audit.actions import record_event
from members.events import standing_changed
from members.organisation.kinds import BRANCH_POSTS, PostKind
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.roles.policies import led_paths, lies_within, organised_paths


class NotSet(Exception):
    """A sentence: why a post cannot be set or ended so."""


def posts_for(user, unit: Organisation) -> list[PostKind]:
    """The kinds of posts that this person sets in the unit: an organiser all, a secretary those of the branch."""
    if lies_within(unit.path, organised_paths(user)):
        return list(PostKind)
    return list(BRANCH_POSTS) if lies_within(unit.path, led_paths(user)) else []


@transaction.atomic
def set_post(
    *,
    member: Any,
    organisation: Organisation,
    kind: PostKind,
    since: date,
    until: date | None,
    actor: Any,
    now: datetime,
) -> Post:
    """The member holds the post from a day on, perhaps until one; only who belongs to the unit or takes part there."""
    unit = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if unit.closed_on is not None:
        raise NotSet(_("This unit is closed; nobody takes a post there any more."))
    if member.ended_on is not None or not _is_there(member, unit):
        raise NotSet(_("Only somebody who belongs to this unit or takes part in it can hold a post here."))
    if until is not None and until < since:
        raise NotSet(_("The last day lies before the first one."))
    held = Post.objects.filter(member=member, organisation=unit, kind=kind)
    if held.open_on(since).filter(since__lte=until or date.max).exists():
        raise NotSet(_("This member already holds this post in these days. End the earlier term first."))
    post = Post.objects.create(member=member, organisation=unit, kind=kind, since=since, until=until)
    standing_changed.send(sender=Post, member_ids=[member.pk], now=now)
    record_event("post.set", now=now, actor=actor, organisation=unit.code, about=post, detail={"kind": str(kind)})
    return post


@transaction.atomic
def end_post(*, post: Post, until: date, actor: Any, now: datetime) -> bool:
    """The term is over on that day; what was held before stays to be read. False where it was over already."""
    held = Post.objects.select_for_update().get(pk=post.pk)
    today = timezone.localdate(now)
    if held.until is not None and held.until <= today:
        return False
    if until < held.since:
        raise NotSet(_("The last day lies before the first one."))
    if until > today:
        raise NotSet(_("The day lies in the future. Please come back on that day."))
    held.until = until
    held.save(update_fields=["until"])
    standing_changed.send(sender=Post, member_ids=[held.member_id], now=now)
    detail = {"kind": held.kind}
    record_event("post.ended", now=now, actor=actor, organisation=held.organisation.code, about=held, detail=detail)
    return True


@transaction.atomic
def name_contact(*, organisation: Organisation, name: str, phone: str, actor: Any, now: datetime) -> bool:
    """Whom members of the unit call for help; False where it was so already."""
    if (organisation.help_name, organisation.help_phone) == (name, phone):
        return False
    organisation.help_name, organisation.help_phone = name, phone
    organisation.save(update_fields=["help_name", "help_phone"])
    record_event("unit.contact_named", now=now, actor=actor, organisation=organisation.code, about=organisation)
    return True


def _is_there(member: Any, unit: Organisation) -> bool:
    """In the unit itself or under it: a branch's secretary may belong to one of its groups."""
    inside = {"member": member, "until": None, "organisation__path__startswith": unit.path}
    lines: tuple[Callable, ...] = (Affiliation.objects.filter, Participation.objects.filter)
    return any(line(**inside).exists() for line in lines)
