"""People belong to another unit from now on: by a transfer, a merger or a division."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from members.accounts.models import Member
from members.events import Move, affiliation_changed
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.roles.policies import superior_paths

AT_ONCE = 500


class Elsewhere(Exception):
    """Somebody belongs to another unit by now, or to none."""


@transaction.atomic
def change_home(*, member_ids: Collection[int], before: Organisation, after: Organisation, now: datetime) -> None:
    """Their affiliation passes from one unit to the other; plans follow, what was done before stays where it was.

    Posts end in units under which they no longer stand. Raises Elsewhere, and then nothing has changed.
    """
    if not member_ids:
        return
    ids = sorted(member_ids)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        hold_members(some)
        _change_some(some, before, after, now=now)
    moves = [Move(member, before.pk, after.pk) for member in ids]
    affiliation_changed.send(sender=Affiliation, moves=moves, now=now)


def hold_member(member: Member) -> Member:
    """The row itself, locked for this transaction: whoever ends, transfers or sends waits for each other."""
    return Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)


def hold_members(member_ids: Iterable[int]) -> list[int]:
    """The rows of many, in one order for everybody; what only refers to a member is not held up by it."""
    held = Member.objects.filter(pk__in=set(member_ids)).order_by("pk")
    return list(held.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _change_some(ids: list[int], before: Organisation, after: Organisation, *, now: datetime) -> None:
    homes = Affiliation.objects.open().filter(member__in=ids, organisation=before)
    moment = homes.end_of(now)
    if homes.update(until=moment) != len(ids):
        raise Elsewhere
    Affiliation.objects.bulk_create(Affiliation(member_id=member, organisation=after, since=moment) for member in ids)
    Participation.objects.filter(member__in=ids, organisation=after, until=None).update(until=moment)
    left = set(superior_paths(before.path)) - set(superior_paths(after.path))
    posts = Post.objects.filter(member__in=ids, organisation__path__in=left, until=None)
    posts.update(until=timezone.localdate(now))
