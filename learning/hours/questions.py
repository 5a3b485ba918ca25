"""«I have a question» about a line of the ledger: a word of feedback, put to whoever leads the member."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.hours.models import HoursEntry, HoursQuestion
from learning.hours.telling import title_of
from learning.hours.wording import say_hours
from members.feedback.about import About, sign_about
from members.feedback.actions import send_feedback
from members.feedback.models import Feedback, FeedbackState
from members.organisation.models import Organisation
from members.roles.policies import under


@transaction.atomic
def ask_about(*, entry: HoursEntry, author: Any, text: str, about: About, now: datetime) -> Feedback:
    """Puts a question about a line, with an owner and a day to answer by; sent twice it stands once. Raises TooMany."""
    feedback = send_feedback(author=author, text=text, about=about, now=now)
    HoursQuestion.objects.get_or_create(feedback=feedback, defaults={"entry": entry})
    return feedback


def sign_line(entry: HoursEntry, *, now: datetime) -> str:
    """What the form about a line carries: which line it is, in words that whoever answers understands."""
    unit = entry.member.organisation_now()
    said = {"day": date_format(entry.earned_on), "title": title_of(entry), "hours": say_hours(entry.hours)}
    return sign_about(
        path=reverse("learning:hours_line", args=[entry.pk]),
        title=_("Ledger: %(day)s, “%(title)s”, %(hours)s hours") % said,
        organisation_id=unit.pk if unit else None,
        now=now,
    )


def questions_about(entries: Collection[HoursEntry]) -> dict[int, Feedback]:
    """The latest question about each of these lines."""
    asked = HoursQuestion.objects.filter(entry__in=entries).select_related("feedback").order_by("pk")
    return {each.entry_id: each.feedback for each in asked}


def open_questions(year: int, unit: Organisation) -> QuerySet[HoursQuestion]:
    """What is still to be answered about hours of that year of members who belong to the unit or under it."""
    there = under("entry__member__affiliations__organisation__path", [unit.path])
    return HoursQuestion.objects.filter(
        there, entry__year=year, entry__member__affiliations__until=None, feedback__state=FeedbackState.OPEN
    ).exclude(feedback__text="")
