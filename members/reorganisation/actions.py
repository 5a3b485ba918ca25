"""Units are opened, changed, moved, merged, divided and closed; where everything stood before can always be told.

One order for everybody: the tree, the units, their people, what waits in them, the log, and last the tallies.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.homes import Elsewhere, change_home, hold_members
from members.activities.passing_on import pass_on_activities
from members.audit.actions import record_event
from members.checkins.passing_on import end_spells_at_home, pass_on_hosted
from members.events import organisation_merged, organisation_moved, standing_changed
from members.feedback.passing_on import pass_on_feedback
from members.organisation.models import Affiliation, Organisation, Participation, Placement, Post
from members.organisation.placing import hold_tree, hold_units, place_under, plant_unit
from members.reorganisation.models import ChangeKind, UnitChange
from members.reorganisation.queries import grants_of, open_work
from members.reorganisation.rules import why_not_called, why_not_merged, why_not_moved, why_not_under
from members.reorganisation.wording import say_what_keeps_it_open
from members.roles.actions import end_grant
from members.transfers.actions import pass_on_transfers


class NotReorganised(Exception):
    """A sentence: why this cannot be done."""


@transaction.atomic
def open_unit(
    *, parent: Organisation, code: str, name: str, kind: str, actor: Any, now: datetime, **contact: str
) -> Organisation:
    """A new unit stands under `parent` from today. `contact`: sector, help_name, help_phone."""
    [parent] = _held(parent)
    _refuse(why_not_called(code) or why_not_under(kind, parent))
    today = timezone.localdate(now)
    unit = plant_unit(parent=parent, code=code, name=name, kind=kind, opened_on=today, now=now, **contact)
    _note(ChangeKind.OPENED, unit, other=parent, actor=actor, now=now)
    return unit


@transaction.atomic
def change_unit(*, unit: Organisation, actor: Any, now: datetime, **fields: str) -> bool:
    """Another name, sector or help contact; the former name is kept. False where nothing changes."""
    [held] = _held(unit)
    if all(getattr(held, name) == value for name, value in fields.items()):
        return False
    former = held.name if fields.get("name", held.name) != held.name else ""
    for name, value in fields.items():
        setattr(held, name, value)
    held.save(update_fields=list(fields))
    _note(ChangeKind.CHANGED, held, actor=actor, now=now, former_name=former)
    return True


@transaction.atomic
def move_unit(*, unit: Organisation, parent: Organisation, actor: Any, now: datetime) -> None:
    """The unit stands under another one, with everything under it; moved there twice it stays."""
    unit, parent = _held(unit, parent, goes=unit)
    if unit.is_child_of(parent):
        return
    _refuse(why_not_moved(unit, parent))
    people = _people_under(unit)
    _note(ChangeKind.MOVED, unit, other=parent, people=len(people), actor=actor, now=now)
    _move(unit, parent, now=now)


@transaction.atomic
def merge_units(*, unit: Organisation, into: Organisation, actor: Any, now: datetime) -> None:
    """The unit becomes part of another one: people, open work and units under it pass over, its addresses lead there.

    What is past keeps the unit in which it was done. Merged there twice it stays.
    """
    unit, into = _held(unit, into, may_be_closed=True, goes=unit)
    if unit.closed_on is not None and unit.successor_id == into.pk:
        return
    _refuse(_closed(unit) or why_not_merged(unit, into))
    _people_under(unit)
    people = list(Affiliation.objects.open().filter(organisation=unit).values_list("member_id", flat=True))
    pass_on_transfers(before=unit, after=into, actor=actor, now=now)
    _pass_on_work(unit, into, people=people, actor=actor, now=now)
    _note(ChangeKind.MERGED, unit, other=into, people=len(people), actor=actor, now=now)
    _note(ChangeKind.TOOK_IN, into, other=unit, people=len(people), actor=actor, now=now)
    organisation_merged.send(sender=Organisation, organisation=unit, successor=into, now=now)
    _change_homes(people, unit, into, now=now)
    end_spells_at_home(host=into, member_ids=people, actor=actor, now=now)
    for child in unit.get_children().open().in_order():
        _move(Organisation.objects.get(pk=child.pk), Organisation.objects.get(pk=into.pk), now=now)
    Organisation.objects.filter(successor=unit).update(successor=into)
    _close(unit, successor=into, actor=actor, now=now)


@transaction.atomic
def split_unit(
    *,
    unit: Organisation,
    code: str,
    name: str,
    member_ids: Collection[int],
    unit_codes: Collection[str],
    actor: Any,
    now: datetime,
) -> Organisation:
    """A new unit of the same kind stands beside this one and takes these people and units; the rest stays."""
    parent = unit.get_parent()
    if parent is None:
        raise NotReorganised(_("A unit without a superior unit cannot be divided here."))
    unit, parent = _held(unit, parent, goes=unit)
    below = list(unit.get_children().open().filter(code__in=unit_codes).in_order())
    _refuse(why_not_called(code) or why_not_under(unit.kind, parent) or _why_not_split(unit, member_ids, below))
    _people_under(unit)
    today = timezone.localdate(now)
    facts = {"kind": unit.kind, "sector": unit.sector, "opened_on": today}
    new = plant_unit(parent=parent, code=code, name=name, now=now, **facts)
    pass_on_transfers(before=unit, after=new, actor=actor, now=now, of_members=member_ids)
    _note(ChangeKind.SPLIT, unit, other=new, people=len(member_ids), actor=actor, now=now)
    _note(ChangeKind.OPENED, new, other=unit, people=len(member_ids), actor=actor, now=now)
    _change_homes(member_ids, unit, new, now=now)
    for child in below:
        _move(Organisation.objects.get(pk=child.pk), Organisation.objects.get(pk=new.pk), now=now)
    return new


@transaction.atomic
def close_unit(*, unit: Organisation, actor: Any, now: datetime) -> None:
    """The unit is no more. Refused while anything in it is open, naming what; closed twice it stays."""
    [unit] = _held(unit, may_be_closed=True)
    if unit.closed_on is not None:
        return
    _refuse(say_what_keeps_it_open(open_work(unit, now=now)))
    parent = unit.get_parent()
    if parent is None:
        raise NotReorganised(_("The topmost unit is not closed."))
    pass_on_feedback(before=unit, after=parent, now=now)
    _note(ChangeKind.CLOSED, unit, other=parent, actor=actor, now=now)
    _close(unit, successor=None, actor=actor, now=now)


def _held(*units: Organisation, may_be_closed: bool = False, goes: Organisation | None = None) -> list[Organisation]:
    """`goes`: with everything under it and the unit above it, whose rows a move writes too."""
    hold_tree()
    held = hold_units([*units, *_along(goes)])
    found = [held[unit.pk] for unit in units]
    if not may_be_closed:
        for unit in found:
            _refuse(_closed(unit))
    return found


def _along(goes: Organisation | None) -> list[Organisation]:
    if goes is None:
        return []
    goes = Organisation.objects.get(pk=goes.pk)
    return [*Organisation.objects.under(goes), *filter(None, [goes.get_parent()])]


def _people_under(unit: Organisation) -> list[int]:
    """Everybody who belongs to the unit or under it, held with who has a post in it: their plans may change with it."""
    there = Organisation.objects.under(unit)
    people = list(Affiliation.objects.open().filter(organisation__in=there).values_list("member_id", flat=True))
    hold_members(
        [*people, *Post.objects.filter(organisation__in=there, until=None).values_list("member_id", flat=True)]
    )
    return people


def _closed(unit: Organisation) -> str:
    return _("%(unit)s has been closed.") % {"unit": unit.name} if unit.closed_on is not None else ""


def _refuse(sentence: str) -> None:
    if sentence:
        raise NotReorganised(sentence)


def _why_not_split(unit: Organisation, member_ids: Collection[int], below: list[Organisation]) -> str:
    if not member_ids and not below:
        return _("Please choose who passes over to the new unit.")
    people = Affiliation.objects.open().filter(organisation=unit)
    if people.filter(member__in=member_ids).count() != len(member_ids):
        return _("Meanwhile somebody belongs to another unit. Please look once more.")
    if people.count() == len(member_ids) and unit.get_children().open().count() == len(below):
        return _("Nobody would stay. To give the unit another name, please change its name.")
    return ""


def _change_homes(people: Collection[int], before: Organisation, after: Organisation, *, now: datetime) -> None:
    try:
        change_home(member_ids=people, before=before, after=after, now=now)
    except Elsewhere as error:
        raise NotReorganised(_("Meanwhile somebody belongs to another unit. Please look once more.")) from error


def _pass_on_work(unit: Organisation, into: Organisation, *, people: list[int], actor: Any, now: datetime) -> None:
    pass_on_activities(before=unit, after=into)
    pass_on_hosted(before=unit, after=into, actor=actor, now=now)
    pass_on_feedback(before=unit, after=into, now=now)
    taking_part = Participation.objects.filter(organisation=unit, until=None)
    belonging = Affiliation.objects.open().filter(organisation=into)
    there = Participation.objects.filter(organisation=into, until=None)
    new = taking_part.exclude(member__in=people).exclude(member__in=belonging.values("member_id"))
    new = new.exclude(member__in=there.values("member_id"))
    Participation.objects.bulk_create(
        Participation(member_id=member, organisation=into, since=now)
        for member in new.values_list("member_id", flat=True)
    )
    taking_part.update(until=now)


def _move(unit: Organisation, parent: Organisation, *, now: datetime) -> None:
    moves = [place_under(unit, parent, now=now)]
    organisation_moved.send(sender=Organisation, moves=moves, now=now)


def _close(unit: Organisation, *, successor: Organisation | None, actor: Any, now: datetime) -> None:
    today = timezone.localdate(now)
    Organisation.objects.filter(pk=unit.pk).update(closed_on=today, successor=successor)
    standing = Placement.objects.filter(organisation=unit, until=None)
    standing.update(until=standing.end_of(now))
    posts = Post.objects.filter(organisation=unit, until=None)
    held_by = list(posts.values_list("member_id", flat=True))
    posts.update(until=today)
    standing_changed.send(sender=Post, member_ids=held_by, now=now)
    for grant in grants_of(unit, now=now).select_related("organisation", "user"):
        end_grant(grant=grant, actor=actor, now=now)


def _note(
    kind: ChangeKind,
    unit: Organisation,
    *,
    actor: Any,
    now: datetime,
    other: Organisation | None = None,
    people: int = 0,
    former_name: str = "",
) -> None:
    change = UnitChange.objects.create(
        organisation=unit,
        kind=kind,
        other=other,
        people=people,
        former_name=former_name,
        happened_at=now,
        recorded_by=actor,
    )
    detail = {"other": other.code if other else "", "people": people}
    record_event(f"unit.{kind}", now=now, actor=actor, organisation=unit.code, about=change, detail=detail)
