"""A plan as somebody is editing it: everything that was typed, and the shape that it would have."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from learning.planning.audience import AudienceTyped, audience_typed
from learning.planning.forms import WholePlanForm
from learning.planning.items import ItemLine, in_order, lines_from
from learning.planning.queries import Choices, choices_for
from learning.plans.models import StudyPlan
from learning.plans.shape import Shape
from members.organisation.models import Organisation

LONGEST_SEARCH = 60
SEARCHES = ("find", "find_people")
ONLY_ONCE = ("csrfmiddlewaretoken", "confirm", "page", "edit", *SEARCHES)


@dataclass(frozen=True)
class Editing:
    plan: StudyPlan
    form: WholePlanForm
    lines: list[ItemLine]
    audience: AudienceTyped
    unit: Organisation
    asked: str
    carried: list[tuple[str, str]]  # all that was typed, for a page that asks once more

    @property
    def is_right(self) -> bool:
        return self.form.is_bound and self.form.is_valid() and not self.has_wrong_days

    @property
    def choices(self) -> Choices:
        return choices_for(self.unit, apart_from=[line.item.pk for line in self.lines], asked=self.asked)

    @property
    def has_wrong_days(self) -> bool:
        return any(line.is_wrong for line in self.lines)

    @property
    def shape(self) -> Shape:
        """Of what was typed right."""
        said = self.form.cleaned_data
        return Shape(
            title=said["title"],
            organisation_id=said["organisation"].pk,
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            is_in_order=said["is_in_order"],
            counts_earlier=not said["asks_anew"],
            is_yearly=said["is_yearly"],
            items=tuple(line.shape for line in in_order(self.lines)),
            audience=self.audience.lines,
        )


def editing(plan: StudyPlan, *, user: Any, typed: QueryDict | None = None, searched: QueryDict) -> Editing:
    """The plan as it stands, or with what was typed; `searched` says which words were looked for."""
    form = WholePlanForm(typed, instance=StudyPlan.objects.select_related("organisation").get(pk=plan.pk), user=user)
    is_right = form.is_bound and form.is_valid()
    unit = form.cleaned_data.get("organisation", plan.organisation) if form.is_bound else plan.organisation
    said = typed if typed is not None else QueryDict()
    return Editing(
        plan=plan,
        form=form,
        lines=lines_from(said, plan, unit, form.period if is_right else None),
        audience=audience_typed(said, plan, unit, asked=words(searched, "who")),
        unit=unit,
        asked=words(searched, "q"),
        carried=[(name, value) for name, values in said.lists() if name not in ONLY_ONCE for value in values],
    )


def words(searched: QueryDict, name: str) -> str:
    """What was looked for."""
    return searched.get(name, "").strip()[:LONGEST_SEARCH]
