"""News that must go up the house, sent with `send()` inside the causing transaction: a failure rolls it back.

`learning/receivers.py` is the only receiver; a house test lists the pairs.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.dispatch import Signal


@dataclass(frozen=True)
class Move:
    """One member belongs to another unit now; None stands for «to none (yet, or any more)»."""

    member_id: int
    before_id: int | None
    after_id: int | None


@dataclass(frozen=True)
class UnitMove:
    """One unit stands under another one now; None stands for «under none»."""

    unit_id: int
    before_id: int | None
    after_id: int | None


@dataclass(frozen=True)
class Attended:
    """An accepted activity: who took part, and what that is worth to each of them."""

    activity_id: int
    title: str
    organisation_id: int
    held_on: date
    hours: Decimal
    category: str
    member_ids: frozenset[int]


# moves: list[Move], one for each member whose one open affiliation began, ended or changed; now: datetime
affiliation_changed = Signal()
# moves: list[UnitMove], all units that stand elsewhere by one change, told when the whole tree stands; empty where
# units are gone; now: datetime
organisation_moved = Signal()
# organisation: the unit that is about to close; successor: the one into which it is merged; now: datetime
organisation_merged = Signal()
# member_ids: whose study way, flexible study, status, posts or time away changed, so that they stand otherwise in plans
# or belong to others; now: datetime
standing_changed = Signal()
# attended: Attended, the record as it was accepted; by: the account that accepted it; now: datetime
attendance_settled = Signal()
# activity_id: whose record is open again; reason: str; by: the account that opened it; now: datetime
attendance_reversed = Signal()
