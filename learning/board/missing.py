"""What is required of a person and not studied yet; what is offered is never missing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from members.roles.gathering import Gathered

NAMED_ITEMS = 3


@dataclass(frozen=True)
class Missing:
    """Something required that a person has not studied yet, with its last day where it has one."""

    title: str
    due_on: date | None = None


def missing_along() -> dict[str, Gathered]:
    """For a query of enrolments: what is missing comes with each, for `missing_of`."""
    still = Completion.objects.filter(enrolment=OuterRef("pk"), plan_item__is_required=True)
    still = still.exclude(standing=Standing.DONE).order_by("plan_item__order")
    return {"still_missing": Gathered(still, "plan_item__item__title", "plan_item__due_on")}


def missing_of(enrolment: Enrolment) -> list[Missing]:
    """In the order of the plan."""
    return [Missing(title, date.fromisoformat(day) if day else None) for title, day in enrolment.still_missing]


def say_missing(missing: list[Missing]) -> str:
    """«还差 2 项：第 3 课、年度测验。»"""
    titles = [each.title for each in missing]
    named = _("; ").join(titles[:NAMED_ITEMS])
    if len(titles) > NAMED_ITEMS:
        named = _("%(titles)s and others") % {"titles": named}
    said = ngettext("%(number)d item to go: %(titles)s.", "%(number)d items to go: %(titles)s.", len(titles))
    return said % {"number": len(titles), "titles": named}
