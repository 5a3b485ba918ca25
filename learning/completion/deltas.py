"""Changes of counts, gathered in a transaction and written as rows at its end."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from learning.completion.models import Completion, Enrolment
from learning.completion.standing import NEEDS_HELP
from learning.completion.upserts import add_deltas


class Deltas:
    def __init__(self) -> None:
        self._changes: Counter[tuple[int, int, int | None, str]] = Counter()

    def add(self, enrolment: Enrolment, completions: Iterable[Completion], *, sign: int) -> None:
        """Counts an enrolment with its items in (+1) or out (-1), as they stand now."""
        where = enrolment.organisation_id, enrolment.plan_id
        self._changes[(*where, None, enrolment.standing)] += sign
        if enrolment.needs_help:
            self._changes[(*where, None, NEEDS_HELP)] += sign
        for completion in completions:
            self._changes[(*where, completion.plan_item_id, completion.standing)] += sign

    def write(self, *, day: date) -> None:
        add_deltas((*key, change, day) for key, change in self._changes.items() if change)
