"""Writes the people of a workbook, many to a query; inside the transaction of the import."""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from members.accounts.member_plan import Change, batches
from members.accounts.member_rows import MemberRow
from members.accounts.models import Member, User
from members.accounts.names import name_key
from members.accounts.phones import seal_phone
from members.events import Move
from members.organisation.models import Affiliation, Post

OWN_FIELDS = (
    "name",
    "name_key",
    "name_sound",
    "name_initials",
    "status",
    "joined_on",
    "phone_cipher",
    "phone_key",
    "phone_last4",
)


def make_members(rows: list[tuple[MemberRow, int]], *, now: datetime) -> tuple[list[int], list[Move]]:
    """Enters new people with the unit given for each; their keys, and where they are now."""
    made: list[int] = []
    moves: list[Move] = []
    for some in batches(rows):
        members = Member.objects.bulk_create(
            _entered(Member(number=row.number), row, has_new_phone=bool(row.phone)) for row, _ in some
        )
        units = [unit for _, unit in some]
        _affiliate(list(zip(members, units, strict=True)), now=now)
        wanted = [(member, unit, row.posts) for member, (row, unit) in zip(members, some, strict=True)]
        _take_posts(wanted, now=now)
        made.extend(member.pk for member in members)
        moves.extend(Move(member.pk, None, unit) for member, unit in zip(members, units, strict=True))
    return made, moves


def change_members(changes: list[Change], *, now: datetime) -> tuple[list[dict], list[Move]]:
    """Changes what the rows change; what each was before, and who belongs elsewhere now."""
    done: list[dict] = []
    moves: list[Move] = []
    for some in batches(changes):
        _write_own(some)
        moving = [change for change in some if change.is_move]
        left = [change.known.home.pk for change in moving if change.known.home]
        Affiliation.objects.filter(pk__in=left).update(until=now)
        new_homes = _affiliate([(change.known.member, change.unit_id) for change in moving], now=now)
        given_up = [post.pk for change in some for post in change.posts_left]
        Post.objects.filter(pk__in=given_up).update(until=timezone.localdate(now))
        new_posts = _take_posts([(change.known.member, change.unit_id, change.posts_taken) for change in some], now=now)
        for change in some:
            pk, home = change.known.member.pk, change.known.home
            done.append(_trace(change, affiliation_made=new_homes.get(pk), posts_made=new_posts[pk]))
            if change.is_move:
                moves.append(Move(pk, home.organisation_id if home else None, change.unit_id))
    return done, moves


def _entered(member: Member, row: MemberRow, *, has_new_phone: bool) -> Member:
    """The member with what the row says; a phone is sealed anew only where it is another one."""
    member.name, member.name_key = row.name, name_key(row.name)
    member.status, member.joined_on = row.status, row.joined_on or member.joined_on
    if has_new_phone:
        for field, value in asdict(seal_phone(row.phone)).items():
            setattr(member, field, value)
    return member


def _write_own(changes: list[Change]) -> None:
    changed = [change for change in changes if change.before]
    for change in changed:
        _entered(change.known.member, change.row, has_new_phone="phone_cipher" in change.before)
    # All of them exist, so every row conflicts with itself and is updated: bulk_update needs ten times as long.
    Member.objects.bulk_create(
        [change.known.member for change in changed],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=OWN_FIELDS,
    )
    renamed = {change.known.member.user_id: change for change in changed if "name" in change.before}
    users = [
        user for user in User.objects.filter(pk__in=renamed) if user.display_name == renamed[user.pk].before["name"]
    ]
    for user in users:
        user.display_name = renamed[user.pk].row.name
    User.objects.bulk_update(users, ["display_name"])


def _affiliate(pairs: list[tuple[Member, int]], *, now: datetime) -> dict[int, int]:
    """Opens an affiliation for each; {member: affiliation}."""
    homes = [Affiliation(member=member, organisation_id=unit, since=now) for member, unit in pairs]
    return {home.member_id: home.pk for home in Affiliation.objects.bulk_create(homes)}


def _take_posts(wanted: list[tuple[Member, int, Any]], *, now: datetime) -> dict[int, list[int]]:
    """Opens the posts of each member in their unit; {member: posts}."""
    posts = [
        Post(member=member, organisation_id=unit, kind=kind, since=timezone.localdate(now))
        for member, unit, kinds in wanted
        for kind in sorted(kinds)
    ]
    made: dict[int, list[int]] = defaultdict(list)
    for post in Post.objects.bulk_create(posts):
        made[post.member_id].append(post.pk)
    return made


def _trace(change: Change, *, affiliation_made: int | None, posts_made: list[int]) -> dict:
    """What must be known to undo the change."""
    trace: dict[str, Any] = {"pk": change.known.member.pk, "before": change.before}
    if change.is_move:
        trace["affiliation_made"] = affiliation_made
        trace["affiliation_left"] = change.known.home.pk if change.known.home else None
    if change.posts_left or posts_made:
        trace["posts_left"] = [post.pk for post in change.posts_left]
        trace["posts_made"] = posts_made
    return trace
