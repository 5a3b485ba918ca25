"""What a reminder says. The text for a group knows of no people, so it can name none."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.plans.models import StudyPlan
from learning.reminders.due import NotAsked
from members.messages.limits import Held

NAMED_ITEMS = 3


def title_for(number: int) -> str:
    said = ngettext("%(number)d item to study", "%(number)d items to study", number)
    return said % {"number": number}


def text_for(name: str, plan: StudyPlan, titles: list[str], *, today: date) -> str:
    """To one member: what is left, and that there is time, or that it can still be studied."""
    named = _("; ").join(_("“%(title)s”") % {"title": title} for title in titles[:NAMED_ITEMS])
    if len(titles) > NAMED_ITEMS:
        named = _("%(titles)s and others") % {"titles": named}
    left = ngettext(
        "%(name)s, in “%(plan)s” there is %(number)d item to go: %(titles)s.",
        "%(name)s, in “%(plan)s” there are %(number)d items to go: %(titles)s.",
        len(titles),
    ) % {"name": name, "plan": plan.title, "number": len(titles), "titles": named}
    return left + _until(plan, today)


def why_for(plan: StudyPlan) -> str:
    return _("You are in the plan “%(plan)s”.") % {"plan": plan.title}


def group_text(plan: StudyPlan, *, today: date) -> str:
    """To copy into a group: the plan and its end, and the way for those who do not study online."""
    said = _("Comrades, the study plan “%(plan)s” is under way.") % {"plan": plan.title}
    if today > plan.ends_on:
        said = _("Comrades, the period of the study plan “%(plan)s” is over.") % {"plan": plan.title}
    rest = _("Whoever finds it hard to study online, tell the branch secretary: there is paper, and study together.")
    return said + _until(plan, today) + rest


def say_held(reason: str) -> str:
    """Why people get nothing, as one sentence."""
    sentences = {
        Held.THIS_WEEK: _("Have been reminded this week; of the same thing at most once a week."),
        Held.MUTED: _("Have switched reminders off."),
        Held.NO_ACCOUNT: _("Have no account here. The branch secretary tells them in person."),
        NotAsked.BY_BRANCH: _("Study on paper or with the branch, and are not reminded online."),
        NotAsked.NOT_REQUIRED: _("Nothing is required of them."),
        NotAsked.NOTHING_LEFT: _("Have studied everything."),
    }
    return sentences[reason]


def _until(plan: StudyPlan, today: date) -> str:
    if today > plan.ends_on:
        return _("The period is over; it can still be studied.")
    return _("Until %(day)s is early enough.") % {"day": date_format(plan.ends_on, "MONTH_DAY_FORMAT")}
