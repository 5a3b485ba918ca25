"""Writes the people of a list: what is written is made ready before the transaction, then written quickly in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from members.accounts.homes import hold_members
from members.accounts.member_plan import BATCH, Change, Known, MemberPlan, batches
from members.accounts.member_rows import MemberRow
from members.accounts.models import Member, User
from members.accounts.names import name_key
from members.accounts.phones import SealedPhone, seal_phone
from members.organisation.import_report import Tell, silence
from members.organisation.mass_writing import ChangedRows, NewRows
from members.organisation.models import Affiliation, Organisation, Post
from members.organisation.placing import hold_units
from members.organisation.sounds import initials_of, sound_of

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


@dataclass
class Ready:
    """All that the plan writes, as the database takes it."""

    plan: MemberPlan
    new: NewRows
    own: ChangedRows
    after: dict[int, dict[str, str | None]] = field(default_factory=dict)  # {member: the new values of own fields}


@dataclass
class Written:
    """What was made and changed, so that it can be told and undone."""

    made: list[int] = field(default_factory=list)
    changed: list[dict] = field(default_factory=list)
    posts_made: list[int] = field(default_factory=list)


def make_ready(plan: MemberPlan, *, tell: Tell = silence) -> Ready:
    """Seals telephones and shapes rows: no transaction needs to be open for that."""
    ready = Ready(plan, NewRows(Member), ChangedRows(Member, OWN_FIELDS))
    for done, (row, _unit) in enumerate(plan.made, start=1):
        ready.new.add(Member(number=row.number, **_entered(row, seal_phone(row.phone))))
        if done % BATCH == 0:
            tell(done)
    for done, change in enumerate(plan.changed, start=len(plan.made) + 1):
        if change.before:
            values = _entered(change.row, _sealed(change), change.known)
            ready.own.add(change.known.pk, *(values[name] for name in OWN_FIELDS))
            ready.after[change.known.pk] = {name: _said(values[name]) for name in change.before}
        if done % BATCH == 0:
            tell(done)
    return ready


def hold_concerned(plan: MemberPlan) -> None:
    """The units to which somebody is to belong by the plan, then the people whom it changes, until the end of it."""
    units = {unit for _, unit in plan.made} | {change.unit_id for change in plan.changed}
    for some in batches(sorted(units)):
        hold_units(Organisation.objects.filter(pk__in=some))
    for some in batches(sorted(change.known.pk for change in plan.changed)):
        hold_members(some)


def write_members(ready: Ready, *, now: datetime, tell: Tell = silence) -> Written:
    """Enters and changes people, inside the transaction of the import, which holds whom that concerns."""
    written = Written()
    for some, rows in zip(batches(ready.plan.made), batches(ready.new.rows), strict=True):
        ready.new.write(rows)
        pk_of = dict(Member.objects.filter(number__in=[row.number for row, _ in some]).values_list("number", "pk"))
        homes = {pk_of[row.number]: unit for row, unit in some}
        _affiliate(homes, now=now)
        posts = _take_posts({pk_of[row.number]: (unit, row.posts or ()) for row, unit in some}, now=now)
        written.posts_made.extend(pk for each in posts.values() for pk in each)
        written.made.extend(homes)
        tell(len(written.made))
    for rows in batches(ready.own.rows):
        ready.own.write(rows)
    for some in batches(ready.plan.changed):
        _change(some, ready, written, now=now)
        tell(len(written.made) + len(written.changed))
    return written


def _change(some: list[Change], ready: Ready, written: Written, *, now: datetime) -> None:
    _rename_accounts(some)
    moving = [change for change in some if change.is_move]
    left = Affiliation.objects.filter(pk__in=[change.known.home.pk for change in moving if change.known.home])
    moment = left.end_of(now)
    left.update(until=moment)
    new_homes = _affiliate({change.known.pk: change.unit_id for change in moving}, now=moment)
    given_up = [post.pk for change in some for post in change.posts_left]
    Post.objects.filter(pk__in=given_up).update(until=timezone.localdate(now))
    new_posts = _take_posts({change.known.pk: (change.unit_id, change.posts_taken) for change in some}, now=now)
    for change in some:
        pk = change.known.pk
        written.changed.append(
            _trace(change, ready.after.get(pk, {}), affiliation_made=new_homes.get(pk), posts_made=new_posts[pk])
        )


def _entered(row: MemberRow, phone: SealedPhone, known: Known | None = None) -> dict[str, Any]:
    """The own fields of a member as the row has them."""
    joined_on = row.joined_on or (known.joined_on if known else None)
    spoken = {"name_sound": sound_of(row.name), "name_initials": initials_of(row.name)}
    about = {"name": row.name, "name_key": name_key(row.name), "status": row.status, "joined_on": joined_on}
    return about | spoken | asdict(phone)


def _sealed(change: Change) -> SealedPhone:
    """A phone is sealed anew only where it is another one."""
    if "phone_cipher" in change.before:
        return seal_phone(change.row.phone)
    return SealedPhone(change.known.phone_cipher, change.known.phone_key, change.known.phone_last4)


def _said(value: Any) -> str | None:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _rename_accounts(changes: Iterable[Change]) -> None:
    renamed = {change.known.user_id: change for change in changes if "name" in change.before and change.known.user_id}
    users = [
        user for user in User.objects.filter(pk__in=renamed) if user.display_name == renamed[user.pk].before["name"]
    ]
    for user in users:
        user.display_name = renamed[user.pk].row.name
    User.objects.bulk_update(users, ["display_name"])


def _affiliate(homes: dict[int, int], *, now: datetime) -> dict[int, int]:
    """Opens an affiliation for each {member: unit}; {member: affiliation}."""
    rows = NewRows(Affiliation)
    rows.add_copies(Affiliation(since=now), ("member", "organisation"), homes.items())
    rows.write(rows.rows)
    return dict(Affiliation.objects.open().filter(member__in=homes).values_list("member_id", "pk"))


def _take_posts(wanted: dict[int, tuple[int, Iterable[str]]], *, now: datetime) -> dict[int, list[int]]:
    """Opens the posts of each {member: (unit, kinds)}; {member: posts}."""
    made: dict[int, list[int]] = defaultdict(list)
    for post in Post.objects.bulk_create(_posts(wanted, now=now)):
        made[post.member_id].append(post.pk)
    return made


def _posts(wanted: dict[int, tuple[int, Iterable[str]]], *, now: datetime) -> Iterator[Post]:
    for member, (unit, kinds) in wanted.items():
        for kind in sorted(kinds):
            yield Post(member_id=member, organisation_id=unit, kind=kind, since=timezone.localdate(now))


def _trace(
    change: Change, after: dict[str, str | None], *, affiliation_made: int | None, posts_made: list[int]
) -> dict:
    """What must be known to undo the change."""
    trace: dict[str, Any] = {"pk": change.known.pk, "before": change.before, "after": after}
    if change.is_move:
        trace["affiliation_made"] = affiliation_made
        trace["affiliation_left"] = change.known.home.pk if change.known.home else None
    if change.posts_left or posts_made:
        trace["posts_left"] = [post.pk for post in change.posts_left]
        trace["posts_made"] = posts_made
    return trace


def stands_otherwise(trace: dict[str, Any]) -> bool:
    """Whether a change may count the member otherwise in plans, of which no move tells already."""
    return "status" in trace["before"] or ("posts_made" in trace and "affiliation_made" not in trace)
