"""What can be chosen as studied in an activity: from the running plans first, then by words of the title."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from learning.courses.audience import Audience, superior_paths
from learning.courses.models import StudyItem
from learning.courses.wording import item_about
from learning.plans.models import StudyPlan
from members.activities.models import Activity
from members.organisation.models import Organisation

SHOWN = 30


@dataclass(frozen=True)
class Choice:
    pk: int
    title: str
    about: str


@dataclass(frozen=True)
class Choices:
    """What is chosen already, what the plans of the unit hold, what was found; nothing stands twice."""

    chosen: list[Choice]
    planned: list[Choice]
    found: list[Choice]
    is_cut: bool


def readable_in(unit: Organisation) -> QuerySet[StudyItem]:
    """Lessons and articles that everybody in the unit may study; a quiz is answered alone."""
    everybody = Q(audience__in=[Audience.PUBLIC, Audience.MEMBERS])
    above = Q(audience=Audience.SUBTREE, organisation__path__in=superior_paths(unit.path))
    return StudyItem.objects.live().filter(everybody | above, page__isnull=False)


def chosen_in(activity: Activity) -> QuerySet[StudyItem]:
    """What was studied there, also where it has been withdrawn since."""
    return StudyItem.objects.filter(group_studies__activity=activity).order_by("course_title", "course_order", "title")


def choices_for(activity: Activity, *, asked: str, today: date) -> Choices:
    """For the unit that leads the activity; at most so many that a page can be read."""
    free = readable_in(activity.lead).exclude(group_studies__activity=activity)
    plans = StudyPlan.objects.running(today).reaching(activity.lead)
    planned = list(free.filter(plan_items__plan__in=plans).distinct().order_by("course_title", "course_order", "title"))
    found: list[StudyItem] = []
    if asked:
        free = free.exclude(pk__in=[item.pk for item in planned])
        for word in asked.split():
            free = free.filter(Q(title__icontains=word) | Q(course_title__icontains=word))
        found = list(free.order_by("-published_at", "-pk")[: SHOWN + 1])
    shown = [_choices(some) for some in (chosen_in(activity), planned[:SHOWN], found[:SHOWN])]
    return Choices(*shown, is_cut=len(found) > SHOWN or len(planned) > SHOWN)


def _choices(items) -> list[Choice]:
    return [Choice(item.pk, item.title, item_about(item)) for item in items]
