"""Some enrolments with all of their items: looked at again together, written together, and counted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from learning.completion.deltas import Deltas
from learning.completion.marks import Marks
from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing, item_standing, plan_standing
from learning.completion.upserts import change_rows
from learning.plans.models import PlanItem
from members.accounts.models import StudyWay

BATCH = 500
OF_ENROLMENT = ["organisation", "left_on", "standing", "needs_help", "items_done", "completed_at"]
OF_COMPLETION = ["standing", "completed_at"]


@dataclass(eq=False)
class Line:
    """An enrolment with what it has of each item of its plan; `before` is how both stood when they were read."""

    enrolment: Enrolment
    own: dict[int, Completion] = field(default_factory=dict)
    before: dict[Any, tuple] = field(default_factory=dict)

    @property
    def person(self) -> dict[str, bool]:
        member = self.enrolment.member
        return {"is_flexible": member.flexible_study, "is_online": member.study_way == StudyWay.ONLINE}

    @property
    def is_changed(self) -> bool:
        return self.before.get(None) != _facts(self.enrolment, OF_ENROLMENT)

    def keep(self) -> None:
        self.before = {None: _facts(self.enrolment, OF_ENROLMENT)}
        self.before |= {item: _facts(each, OF_COMPLETION) for item, each in self.own.items()}

    def changed(self) -> Iterator[Completion]:
        """The completions that are new or stand otherwise."""
        return (each for item, each in self.own.items() if self.before.get(item) != _facts(each, OF_COMPLETION))


class Roster:
    """Enrolments as they were read, locked by their reader, of one plan or several; plan and member selected along."""

    def __init__(self, enrolments: Iterable[Enrolment]) -> None:
        self.lines = [Line(each) for each in enrolments]
        self._deltas = Deltas()
        there = {line.enrolment.pk: line for line in self.lines}
        for completion in Completion.objects.filter(enrolment__in=there):
            there[completion.enrolment_id].own[completion.plan_item_id] = completion
        for line in self.lines:
            line.keep()
            self._count(line, sign=-1)

    def take_in(self, enrolments: Iterable[Enrolment]) -> None:
        """Enrolments that are new: not saved yet, not counted yet."""
        self.lines += [Line(each) for each in enrolments]

    def stand_anew(self, *, now: datetime) -> None:
        """Sets where each stands with every item of the plan, from what was studied."""
        items = _items_of({line.enrolment.plan_id for line in self.lines})
        studied = {each.item_id for those in items.values() for each in those}
        marks = Marks({line.enrolment.member_id for line in self.lines}, studied)
        for line in self.lines:
            for item in items[line.enrolment.plan_id]:
                own = line.own.setdefault(item.pk, Completion(enrolment=line.enrolment, plan_item=item))
                _stand(own, item, line, marks)
            _stand_with_the_plan(line, items[line.enrolment.plan_id], now=now)

    def write(self, *, now: datetime) -> list[Enrolment]:
        """Saves what has changed and counts it on this day; the enrolments for which something has."""
        changed = [line for line in self.lines if line.is_changed]
        completions = [each for line in self.lines for each in line.changed()]
        Enrolment.objects.bulk_create([line.enrolment for line in changed if line.enrolment.pk is None])
        _save([line.enrolment for line in changed if line.before], OF_ENROLMENT)
        Completion.objects.bulk_create([each for each in completions if each.pk is None], batch_size=BATCH)
        _save([each for each in completions if each.pk], OF_COMPLETION)
        for line in self.lines:
            self._count(line, sign=1)
        self._deltas.write(day=timezone.localdate(now))
        return [line.enrolment for line in changed]

    def _count(self, line: Line, *, sign: int) -> None:
        if line.enrolment.left_on is None:
            self._deltas.add(line.enrolment, line.own.values(), sign=sign)


def _stand(own: Completion, item: PlanItem, line: Line, marks: Marks) -> None:
    pair = line.enrolment.member_id, item.item_id
    own.completed_at = marks.completed_at(pair, line.enrolment.plan)
    is_completed = own.completed_at is not None
    own.standing = item_standing(is_started=marks.is_begun(pair), is_completed=is_completed, **line.person)


def _stand_with_the_plan(line: Line, items: Sequence[PlanItem], *, now: datetime) -> None:
    """With the whole plan a member stands as with what is required of it; what is offered shows that it has begun."""
    enrolment = line.enrolment
    required = [Standing(line.own[item.pk].standing) for item in items if item.is_required]
    offered = [Standing(line.own[item.pk].standing) for item in items if not item.is_required]
    enrolment.standing = plan_standing(required, offered, **line.person)
    done = [each.completed_at for each in line.own.values() if each.completed_at]
    enrolment.items_done = len(done)
    is_done = enrolment.standing == Standing.DONE
    enrolment.completed_at = (enrolment.completed_at or max(done, default=now)) if is_done else None


def _items_of(plan_ids: Iterable[int]) -> dict[int, list[PlanItem]]:
    items: dict[int, list[PlanItem]] = defaultdict(list)
    for each in PlanItem.objects.filter(plan__in=plan_ids):
        items[each.plan_id].append(each)
    return items


def _facts(row: models.Model, names: Sequence[str]) -> tuple:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)


def _save(rows: Sequence[models.Model], names: list[str]) -> None:
    """Mostly it is one."""
    if len(rows) == 1:
        rows[0].save(update_fields=names)
    elif rows:
        change_rows(rows, names)
