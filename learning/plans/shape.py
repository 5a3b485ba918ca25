"""All that an organiser decides about a plan, as one value: what a form says, what stands, what a copy takes over."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from learning.plans.models import AudienceKind, AudienceLine, PlanItem, StudyPlan

FACTS = ("title", "organisation_id", "starts_on", "ends_on", "is_in_order", "counts_earlier", "is_yearly")


@dataclass(frozen=True)
class ItemShape:
    item_id: int
    is_required: bool = True
    opens_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, order=True)
class LineShape:
    """One line of the audience; only what its kind needs is set."""

    kind: str
    value: str = ""
    member_id: int = 0
    organisation_id: int = 0
    is_exception: bool = False

    @classmethod
    def person(cls, member_id: int, *, is_exception: bool = False) -> "LineShape":
        return cls(AudienceKind.PERSON, member_id=member_id, is_exception=is_exception)

    @classmethod
    def without_unit(cls, organisation_id: int) -> "LineShape":
        return cls(AudienceKind.UNIT, organisation_id=organisation_id, is_exception=True)


@dataclass(frozen=True)
class Shape:
    title: str
    organisation_id: int
    starts_on: date
    ends_on: date
    is_in_order: bool = False
    counts_earlier: bool = True
    is_yearly: bool = False
    items: tuple[ItemShape, ...] = ()
    audience: frozenset[LineShape] = frozenset()

    @property
    def fingerprint(self) -> str:
        """Two plans with the same one are decided alike, to the order of the items."""
        return sha256(json.dumps(self.said(), sort_keys=True).encode()).hexdigest()[:32]

    def said(self) -> dict[str, Any]:
        """Plain values, for the audit log."""
        whole = asdict(self) | {"audience": [asdict(line) for line in sorted(self.audience)]}
        return json.loads(json.dumps(whole, default=str))

    def concerns_people_as(self, other: "Shape") -> bool:
        """Whether nobody joins, leaves or stands otherwise between the two."""
        first_day = None if self.counts_earlier else self.starts_on
        others = None if other.counts_earlier else other.starts_on
        return (self.organisation_id, self.audience, first_day, _asked(self)) == (
            other.organisation_id,
            other.audience,
            others,
            _asked(other),
        )


def _asked(shape: Shape) -> dict[int, bool]:
    return {each.item_id: each.is_required for each in shape.items}


def shape_of(plan: StudyPlan) -> Shape:
    """How the plan is decided now; two queries."""
    columns = ("item_id", "is_required", "opens_on", "due_on")
    return Shape(
        **{name: getattr(plan, name) for name in FACTS},
        items=tuple(ItemShape(*row) for row in plan.items.order_by("order").values_list(*columns)),
        audience=frozenset(line_of(line) for line in plan.audience.all()),
    )


def line_of(line: AudienceLine) -> LineShape:
    return LineShape(line.kind, line.value, line.member_id or 0, line.organisation_id or 0, line.is_exception)


def give_shape(plan: StudyPlan, shape: Shape) -> None:
    """Writes a plan so; what it had already stays the same row, with what hangs on it. The caller holds the plan."""
    for name in FACTS:
        setattr(plan, name, getattr(shape, name))
    plan.save(update_fields=list(FACTS))
    _give_items(plan, shape.items)
    _give_audience(plan, shape.audience)


def _give_items(plan: StudyPlan, wanted: tuple[ItemShape, ...]) -> None:
    known = {each.item_id: each for each in plan.items.all()}
    gone = plan.items.exclude(item_id__in=[each.item_id for each in wanted])
    list(gone.select_for_update(of=("self",)))  # no fold counts them from now on
    gone.delete()
    kept, new = [], []
    for order, each in enumerate(wanted, start=1):
        row = known.get(each.item_id) or PlanItem(plan=plan, item_id=each.item_id)
        row.order, row.is_required, row.opens_on, row.due_on = order, each.is_required, each.opens_on, each.due_on
        (kept if row.pk else new).append(row)
    PlanItem.objects.bulk_update(kept, ["order", "is_required", "opens_on", "due_on"])
    PlanItem.objects.bulk_create(new)


def _give_audience(plan: StudyPlan, wanted: Iterable[LineShape]) -> None:
    known = {line_of(line): line.pk for line in plan.audience.all()}
    plan.audience.filter(pk__in=[pk for line, pk in known.items() if line not in set(wanted)]).delete()
    AudienceLine.objects.bulk_create(
        AudienceLine(
            plan=plan,
            kind=line.kind,
            value=line.value,
            member_id=line.member_id or None,
            organisation_id=line.organisation_id or None,
            is_exception=line.is_exception,
        )
        for line in sorted(set(wanted) - known.keys())
    )
