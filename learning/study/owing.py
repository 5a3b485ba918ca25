"""What several plans ask of one member, put together to one list. Pure.

An item stands once, whoever asks for it: required where one plan requires it, done where no plan asks any more, due on
the nearest day. Required comes before offered, what is open before what opens later, then the nearest day.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Ask:
    """One plan asks for one item, from `opens_on` to `due_on`; `first` is what that plan wants studied before it."""

    plan: int
    item: int
    order: int
    opens_on: date
    due_on: date
    is_required: bool = True
    is_done: bool = False
    is_own_day: bool = False  # the plan sets a day for this very item
    first: int | None = None


@dataclass(frozen=True)
class Owed:
    item: int
    asks: tuple[Ask, ...]

    @property
    def open_asks(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if not ask.is_done)

    @property
    def is_done(self) -> bool:
        return not self.open_asks

    @property
    def is_required(self) -> bool:
        return any(ask.is_required for ask in self.open_asks or self.asks)

    @property
    def opens_on(self) -> date:
        return min(ask.opens_on for ask in self.open_asks or self.asks)

    @property
    def due_on(self) -> date:
        return min(ask.due_on for ask in self.open_asks or self.asks)

    @property
    def first(self) -> int | None:
        """What comes before it, if every plan that still asks wants something first."""
        before = [ask.first for ask in self.open_asks]
        return before[0] if before and all(before) else None

    def key(self, today: date) -> tuple:
        """Its place in the list."""
        place = min((ask.due_on, ask.plan, ask.order) for ask in self.open_asks or self.asks)
        return not self.is_required, self.opens_on > today, place


def owed_of(asks: Iterable[Ask], *, today: date) -> list[Owed]:
    """Everything that is asked, each thing once, in the order in which it is due."""
    by_item: dict[int, list[Ask]] = defaultdict(list)
    for ask in asks:
        by_item[ask.item].append(ask)
    return sorted((Owed(item, tuple(some)) for item, some in by_item.items()), key=lambda owed: owed.key(today))


def firsts(asks: list[Ask]) -> dict[int, int]:
    """{item: the one to study before it} of a plan that is studied in order; what stands first open waits for none."""
    before: dict[int, int] = {}
    waiting: int | None = None
    for ask in sorted(asks, key=lambda each: each.order):
        if waiting is not None and not ask.is_done:
            before[ask.item] = waiting
        if waiting is None and ask.is_required and not ask.is_done:
            waiting = ask.item
    return before
