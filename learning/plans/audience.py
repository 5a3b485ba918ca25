"""Whom a plan concerns. It follows people as they move: asked anew whenever somebody or the plan changes."""

from collections.abc import Collection

from django.db.models import QuerySet

from learning.plans.models import StudyPlan
from members.accounts.models import COUNTED_STATUSES
from members.organisation.models import Affiliation
from members.roles.policies import under


def concerned(plan: StudyPlan, *, member_ids: Collection[int] | None = None) -> QuerySet[Affiliation]:
    """The open affiliations of everybody (or of those among the given) whom a plan concerns today."""
    there = Affiliation.objects.open().filter(
        under("organisation__path", [plan.organisation.path]),
        member__ended_on=None,
        member__status__in=COUNTED_STATUSES,
    )
    return there if member_ids is None else there.filter(member_id__in=member_ids)
