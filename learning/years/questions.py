"""Questions and claims about study hours that wait for somebody: the one place where the closing of a year asks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.claims.models import HoursClaim
from learning.hours.models import HoursQuestion
from learning.hours.questions import open_questions
from members.organisation.models import Organisation


@dataclass(frozen=True)
class OpenThing:
    """Something that waits for an answer, in words that name nobody."""

    title: str
    about: str
    who: str
    url: str


def open_things_about_hours(unit: Organisation, year: int) -> list[OpenThing]:
    """What members of the unit asked or claimed about hours of that year and nobody has answered."""
    asked = open_questions(year, unit).select_related("feedback__organisation").order_by("feedback__due_on", "pk")
    claims = HoursClaim.objects.waiting().under(unit).filter(held_on__year=year).order_by("proposed_at", "pk")
    return [*map(_question, asked), *map(_claim, claims)]


def _question(asked: HoursQuestion) -> OpenThing:
    put_to, day = asked.feedback.organisation, date_format(asked.feedback.due_on, "MONTH_DAY_FORMAT")
    return OpenThing(
        title=_("A question about study hours"),
        about=_("to be answered by %(day)s") % {"day": day},
        who=put_to.name if put_to else "",
        url=reverse("members:feedback_answer", args=[asked.feedback_id]),
    )


def _claim(claim: HoursClaim) -> OpenThing:
    return OpenThing(
        title=_("Hours entered by hand"),
        about=claim.title,
        who=_("waiting for the organiser"),
        url=reverse("learning:claim", args=[claim.pk]),
    )
