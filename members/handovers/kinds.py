"""What can be open in somebody's hands. One class for each kind; rooms above add theirs by `register`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Thing:
    """One open thing: a title that says which it is, and nothing that somebody wrote in confidence."""

    kind: str
    pk: int
    title: str
    about: str
    path: str
    owner_id: int | None
    url: str = ""
    is_kept: bool | None = None  # None: whoever answers for it needs a role there


class OpenKind:
    """`label` heads the list; `after` says what becomes of it on acceptance; `take_up` is the link where there
    is nobody to hand it over."""

    name: ClassVar[str]
    place: ClassVar[int]  # where it stands in a list, the lower the earlier
    label: ClassVar[Any]
    after: ClassVar[Any]
    take_up: ClassVar[Any] = gettext_lazy("Go and see it")
    needs_owner: ClassVar[bool] = False
    is_checked: ClassVar[bool] = True  # whether it may be found to belong to nobody
    is_reassigned: ClassVar[bool] = False  # else the record of who took it over says who answers for it

    def open_rows(self, paths: Collection[str] | None, *, writer_id: int | None = None) -> QuerySet:
        """What is open at or under these paths (None: everywhere); with `writer_id` also what only they can read."""
        raise NotImplementedError

    def rows(self, pks: Collection[int]) -> QuerySet:
        """These, whether they are still open or not."""
        raise NotImplementedError

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        """In words, for whoever hands over and takes over."""
        raise NotImplementedError

    def pass_on(self, pk: int, *, to: Any, actor: Any, now: datetime) -> bool:
        """The successor answers for it from now on; False where nothing is to be changed, or it cannot be."""
        return False


KINDS: dict[str, OpenKind] = {}


def register(kind: OpenKind) -> OpenKind:
    """From now on this kind is asked for too; the same name twice is the later one."""
    KINDS[kind.name] = kind
    in_order = sorted(KINDS.values(), key=lambda each: each.place)
    KINDS.clear()
    KINDS.update({each.name: each for each in in_order})
    return kind


def open_things(
    paths: Collection[str] | None, *, now: datetime, writer_id: int | None = None, is_check: bool = False
) -> list[Thing]:
    """Everything open at or under these paths, in the order of the kinds; for the check what may belong to nobody."""
    found: list[Thing] = []
    for kind in KINDS.values():
        if kind.is_checked or not is_check:
            found += kind.things(kind.open_rows(paths, writer_id=writer_id), now=now)
    return found
