from django.db.models import QuerySet

from learning.plans.models import StudyPlan
from members.accounts.models import COUNTED_STATUSES
from members.organisation.models import Affiliation
from members.roles.policies import under


def concerned(plan: StudyPlan) -> QuerySet[Affiliation]:
    """The open affiliations of everybody whom a plan concerns today: members of its unit and of the units under it."""
    return Affiliation.objects.open().filter(
        under("organisation__path", [plan.organisation.path]),
        member__ended_on=None,
        member__status__in=COUNTED_STATUSES,
    )
