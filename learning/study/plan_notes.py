"""What plans say on the page of an item: what comes first, from which day on, and that it is studied once more."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.courses.models import CompletionRule, ItemKind, StudyItem
from learning.progress.models import PastMark, Progress
from learning.study.again import asking_again
from learning.study.agenda import asked_of, say_again
from learning.study.owing import owed_of
from learning.study.queries import item_rows


@dataclass(frozen=True)
class PlanNote:
    """Nothing here locks anything: whoever studies all the same has it counted."""

    item: StudyItem
    first_title: str = ""
    first_url: str = ""
    opens: str = ""
    say_again: str = ""
    say_quiz: str = ""


def plan_note_of(item: StudyItem, *, request: HttpRequest, now: datetime) -> PlanNote | None:
    """For the member who looks at the page, while one of their plans still asks for the item."""
    if not request.user.is_authenticated:
        return None
    today = timezone.localdate(now)
    asked = asked_of(request, today=today, item=item)
    asks = asked.asks(each.plan for each in asked.going)
    owed = next((each for each in owed_of(asks, today=today) if each.item == item.pk), None)
    if owed is None or owed.is_done:
        return None
    titles = {line.item_id: line.item for lines in asked.lines.values() for line in lines}
    [before] = item_rows([titles[owed.first]], request=request) if owed.first else [None]
    own = Progress.objects.visible_to(request.user).filter(item=item).first()
    return PlanNote(
        item=item,
        first_title=before.title if before else "",
        first_url=before.url if before else "",
        opens=date_format(owed.opens_on, "DATE_FORMAT") if owed.opens_on > today else "",
        say_again=_say_again(item, own, request=request, now=now),
        say_quiz=_say_quiz(item, own, request=request),
    )


def _say_again(item: StudyItem, own: Progress | None, *, request: HttpRequest, now: datetime) -> str:
    if own is None or own.completed_at is None:
        return ""
    asking = asking_again(item, on=timezone.localdate(now)).filter(enrolment__member__user=request.user)
    return say_again(own.completed_at) if asking.exists() else ""


def _say_quiz(item: StudyItem, own: Progress | None, *, request: HttpRequest) -> str:
    """Of an item that was begun anew: a quiz that was passed before does not count this time."""
    is_quiz = item.kind == ItemKind.QUIZ or item.completion_rule != CompletionRule.COVERED
    if not is_quiz or own is None or own.is_completed:
        return ""
    is_anew = PastMark.objects.visible_to(request.user).filter(item=item).exists()
    return _("This time the quiz is to be passed once more, too.") if is_anew else ""
