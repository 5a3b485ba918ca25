"""What somebody holds in a unit, who may take it over, and what nobody holds any more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from members.accounts.models import Member, User
from members.checkins.people import branch_of
from members.handovers.kinds import KINDS, OpenKind, Thing, open_things
from members.handovers.models import Handover, HandoverLine, HandoverState
from members.organisation.models import Organisation
from members.organisation.sounds import sound_of
from members.roles.models import RoleGrant
from members.roles.policies import leading_grants, leads_from_above, led_paths, lies_within, paths_by_leader

RECENT = 20


@dataclass(frozen=True)
class Group:
    """The open things of one kind."""

    kind: OpenKind
    things: list[Thing]


@dataclass(frozen=True)
class Loose:
    """One open thing for which nobody answers, or somebody who has no role there any more."""

    thing: Thing
    unit: Organisation | None
    holder: User | None
    may_hand_over: bool

    @property
    def deed(self) -> str:
        return str(KINDS[self.thing.kind].take_up)


def held_by(user: User, unit: Organisation, *, now: datetime) -> list[Thing]:
    """Everything open that this person answers for in the unit and under it."""
    found = open_things([unit.path], now=now, writer_id=user.pk)
    after = owners_after(found)
    return [each for each in found if after.get((each.kind, each.pk), each.owner_id) == user.pk]


def grouped(things: Collection[Thing]) -> list[Group]:
    """The same by kind, in the order of the kinds."""
    groups = [Group(kind, [each for each in things if each.kind == kind.name]) for kind in KINDS.values()]
    return [group for group in groups if group.things]


def listed(handover: Handover, *, now: datetime) -> list[Group]:
    """What was listed, as it is called today; what exists no more is left out."""
    pks: dict[str, list[int]] = {}
    for line in handover.lines.all():
        pks.setdefault(line.kind, []).append(line.thing_id)
    found = [Group(kind, kind.things(kind.rows(pks[name]), now=now)) for name, kind in KINDS.items() if name in pks]
    return [group for group in found if group.things]


def owners_after(things: Collection[Thing]) -> dict[tuple[str, int], int | None]:
    """Who took each of these over last, where somebody did."""
    lines = HandoverLine.objects.filter(
        kind__in={each.kind for each in things if not KINDS[each.kind].is_reassigned},
        thing_id__in={each.pk for each in things},
        handover__state=HandoverState.ACCEPTED,
    ).order_by("handover__settled_at", "pk")
    return {(kind, pk): owner for kind, pk, owner in lines.values_list("kind", "thing_id", "handover__successor_id")}


def loose_things(paths: Collection[str] | None, *, now: datetime) -> list[Thing]:
    """What is open at or under these paths (None: everywhere) and belongs to nobody with a role there now."""
    found = open_things(paths, now=now, is_check=True)
    after, leaders = owners_after(found), paths_by_leader(now)
    return [each for each in found if not _is_kept(each, after, leaders)]


def _is_kept(thing: Thing, after: dict, leaders: dict[int, list[str]]) -> bool:
    if thing.is_kept is not None:
        return thing.is_kept
    owner_id = after.get((thing.kind, thing.pk), thing.owner_id)
    if owner_id is None and not KINDS[thing.kind].needs_owner:
        return any(lies_within(thing.path, paths) for paths in leaders.values())
    return owner_id is not None and lies_within(thing.path, leaders.get(owner_id, []))


def loose_rows(user: Any, *, now: datetime) -> list[Loose]:
    """The same for the units that this person leads, with the unit and whoever held it, units by code."""
    things = loose_things(led_paths(user), now=now) if led_paths(user) else []
    units = {unit.path: unit for unit in Organisation.objects.filter(path__in={each.path for each in things})}
    after = owners_after(things)
    owners = {each: after.get((each.kind, each.pk), each.owner_id) for each in things}
    people = User.objects.in_bulk({pk for pk in owners.values() if pk})
    rows = [
        Loose(
            each,
            units.get(each.path),
            people.get(owners[each] or 0),
            may_hand_over=owners[each] == user.pk or leads_from_above(user, each.path),
        )
        for each in things
    ]
    return sorted(rows, key=lambda row: (row.unit.code if row.unit else "", list(KINDS).index(row.thing.kind)))


def person_handing_over(actor: Any, unit: Organisation, user_id: int, *, now: datetime) -> User | None:
    """Whose things in the unit this person may hand over: their own, or as a leader above those of who acted there."""
    person = User.objects.filter(pk=user_id).first()
    if person is None or not (actor.pk == user_id or leads_from_above(actor, unit.path)):
        return None
    is_tied = RoleGrant.objects.of(person).filter(organisation=unit).exists()
    return person if is_tied or held_by(person, unit, now=now) else None


def successors(unit: Organisation, leaving: User, actor: Any, *, now: datetime) -> list[User]:
    """Who leads the unit now besides, its own leaders first: nobody who hands over or has the list in hand."""
    people = {grant.user_id: grant.user for grant in leading_grants(unit.path, now=now)}
    return [user for pk, user in people.items() if pk not in (leaving.pk, actor.pk)]


def people_of(unit: Organisation) -> QuerySet[Member]:
    """Who belongs to the branch of the unit and can sign in."""
    branch = branch_of(unit) or unit
    return Member.objects.present().affiliated_under(branch).filter(user__is_active=True)


def acting_now(unit: Organisation, *, now: datetime) -> list[RoleGrant]:
    """By whom the unit itself is led now, with the last day where it is for a term (代理)."""
    grants = [each for each in leading_grants(unit.path, now=now) if each.organisation_id == unit.pk]
    return sorted(grants, key=lambda grant: sound_of(str(grant.user)))


def own_units(user: Any) -> list[Organisation]:
    """The units for which this person was given a role, by code."""
    return list(Organisation.objects.filter(path__in=led_paths(user)).open().in_order())


def recent(user: Any) -> list[Handover]:
    """Those that concern this person, the open ones first, then the latest."""
    found = Handover.objects.visible_to(user).select_related("organisation", "leaving", "successor")
    rows = list(found.order_by("-made_at", "-pk")[:RECENT])
    return sorted(rows, key=lambda each: not each.is_open)
