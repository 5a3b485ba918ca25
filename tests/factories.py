"""Data for tests: units, people, accounts. Each maker takes what matters to the test and invents the rest."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from members.accounts.models import Member, User
from members.accounts.names import name_key
from members.organisation.kinds import OrganisationKind
from members.organisation.models import Affiliation, Organisation, Placement
from members.roles.actions import grant_role
from members.roles.models import Role, RoleGrant

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "春江水暖-2026"
_numbers = count(1)


@dataclass
class Tree:
    """root ─ east ─ branch ─ group; root ─ east ─ sibling; root ─ west ─ far."""

    root: Organisation
    east: Organisation
    branch: Organisation
    group: Organisation
    sibling: Organisation
    west: Organisation
    far: Organisation


def make_organisation(
    name: str = "", *, parent: Organisation | None = None, kind: str = OrganisationKind.BRANCH, code: str = "", **rest
) -> Organisation:
    code = code or f"U{next(_numbers):04d}"
    fields = {"name": name or f"第{code}党支部", "kind": kind, "code": code, **rest}
    # Read again: treebeard keeps the count of children on the row, not on the object in hand.
    unit = Organisation.objects.get(pk=parent.pk).add_child(**fields) if parent else Organisation.add_root(**fields)
    Placement.objects.create(organisation=unit, parent=parent, since=LONG_AGO)
    return unit


def make_tree() -> Tree:
    root = make_organisation("柳湾街道党工委", kind=OrganisationKind.WORKING_COMMITTEE)
    east = make_organisation("东社区党委", parent=root, kind=OrganisationKind.COMMITTEE)
    west = make_organisation("西社区党委", parent=root, kind=OrganisationKind.COMMITTEE)
    branch = make_organisation("东社区第一党支部", parent=east)
    group = make_organisation("第一党小组", parent=branch, kind=OrganisationKind.GROUP)
    sibling = make_organisation("东社区第二党支部", parent=east)
    far = make_organisation("西社区第一党支部", parent=west)
    return Tree(root, east, branch, group, sibling, west, far)


def make_member(organisation: Organisation | None = None, *, name: str = "", number: str = "", **rest) -> Member:
    """A member with one open affiliation (none without a unit) and no account."""
    number = number or f"{90_000_000 + next(_numbers)}"
    name = name or f"党员{number[-4:]}"
    member = Member.objects.create(number=number, name=name, name_key=name_key(name), **rest)
    if organisation is not None:
        Affiliation.objects.create(member=member, organisation=organisation, since=LONG_AGO)
    return member


def make_account(member: Member | None = None, *, username: str = "", password: str = PASSWORD, **rest) -> User:
    """An account that can sign in with `password`; a member's has the member's number."""
    username = username or (member.number if member else f"staff{next(_numbers)}")
    agreed = {"consent_version": 1, "has_consented": True} if member else {}
    user = User(username=username, display_name=member.name if member else username, **(agreed | rest))
    user.set_password(password)
    user.save()
    if member is not None:
        member.user = user
        member.save(update_fields=["user"])
    return user


def make_person(organisation: Organisation, **rest) -> User:
    """A member of the unit who can sign in: the account; `.member` is the member."""
    return make_account(make_member(organisation, **rest))


def grant(user: User, role: Role, organisation: Organisation | None, **rest) -> RoleGrant:
    return RoleGrant.objects.create(user=user, role=role, organisation=organisation, **{"since": LONG_AGO, **rest})


def make_leader(organisation: Organisation, role: Role = Role.SECRETARY, **rest) -> User:
    """Belongs to the unit and leads it."""
    user = make_person(organisation, **rest)
    grant(user, role, organisation)
    return user


def make_editor(organisation: Organisation) -> User:
    """Belongs to the unit and edits for it, with all that a grant opens in Wagtail."""
    user = make_person(organisation)
    grant_role(user=user, role=Role.EDITOR, organisation=organisation, actor=None, now=LONG_AGO)
    return user
