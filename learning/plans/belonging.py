"""Why one person is in a plan, or is not. Pure; says the same as `audience.concerned` asks of the database.

The order of the questions is the rule: exceptions first, then what widens.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    EVERYBODY = "everybody"  # nobody is named, so everybody is meant
    STATUS = "status"
    MOBILE = "mobile"
    POST = "post"
    NAMED = "named"
    NOT_COUNTED = "not_counted"  # activists, candidates and applicants
    NOT_THIS_PERSON = "not_this_person"
    NOT_THIS_UNIT = "not_this_unit"
    NOT_MEANT = "not_meant"  # no line fits


IN = frozenset({Why.EVERYBODY, Why.STATUS, Why.MOBILE, Why.POST, Why.NAMED})


@dataclass(frozen=True)
class Meant:
    """The lines of an audience, sorted: who is meant, and who is left out."""

    statuses: Collection[str] = ()
    is_mobile: bool = False
    posts: Collection[str] = ()
    people: Collection[int] = ()
    not_people: Collection[int] = ()
    not_units: Collection[str] = ()  # their paths

    @property
    def is_everybody(self) -> bool:
        return not (self.statuses or self.is_mobile or self.posts or self.people)


@dataclass(frozen=True)
class Person:
    """Who belongs to a unit of the plan, and what is known of them today."""

    pk: int
    path: str
    status: str
    is_counted: bool
    is_away: bool = False
    posts: Collection[str] = field(default_factory=frozenset)


def why(person: Person, meant: Meant) -> list[Why]:
    """All reasons for which the person is in, or the one for which they are not."""
    if not person.is_counted:
        return [Why.NOT_COUNTED]
    if person.pk in meant.not_people:
        return [Why.NOT_THIS_PERSON]
    if any(person.path.startswith(path) for path in meant.not_units):
        return [Why.NOT_THIS_UNIT]
    if meant.is_everybody:
        return [Why.EVERYBODY]
    return [reason for reason, holds in _fitting(person, meant) if holds] or [Why.NOT_MEANT]


def is_in(reasons: Iterable[Why]) -> bool:
    return all(reason in IN for reason in reasons)


def _fitting(person: Person, meant: Meant) -> list[tuple[Why, bool]]:
    return [
        (Why.NAMED, person.pk in meant.people),
        (Why.STATUS, person.status in meant.statuses),
        (Why.MOBILE, meant.is_mobile and person.is_away),
        (Why.POST, bool(set(person.posts) & set(meant.posts))),
    ]
