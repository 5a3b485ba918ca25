"""The people of a unit as of a past day: what follows from days that are kept. How they studied then is not."""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from learning.board.missing import Missing, say_missing
from learning.board.people import PersonRow
from learning.completion.models import Completion, Enrolment
from learning.completion.places import end_of
from learning.completion.standing import Standing
from learning.completion.wording import say_standing
from learning.plans.models import StudyPlan
from members.accounts.models import Member
from members.accounts.people import distinguished
from members.organisation.history import parents_at
from members.organisation.models import Affiliation, Organisation


def people_then(unit: Organisation, plan: StudyPlan, *, user, day: date) -> list[PersonRow]:
    """Who belonged to the unit at the end of that day, was in the plan, and is led by the reader today; by name."""
    at = end_of(min(day, plan.ends_on))
    homes = Affiliation.objects.at(at).filter(organisation__in=_inside(unit, parents_at(at)))
    was_in = Enrolment.objects.led_by(user).filter(
        plan=plan, counts_from__lte=day, member__in=homes.values("member_id")
    )
    was_in = was_in.filter(Q(left_on=None) | Q(left_on__gt=day)).select_related("member", "organisation")
    there = list(was_in.order_by("member__name_sound", "member__number"))
    missing = _missing_then(there, at)
    names = distinguished([each.member for each in there], among=Member.objects.filter(enrolments__in=there))
    return [_row(each, names[each.member_id], missing[each.pk]) for each in there]


def _inside(unit: Organisation, parents: dict[int, int | None]) -> set[int]:
    below: dict[int | None, list[int]] = defaultdict(list)
    for each, parent in parents.items():
        below[parent].append(each)
    found, waiting = set(), [unit.pk]
    while waiting:
        found.add(place := waiting.pop())
        waiting += below[place]
    return found


def _missing_then(enrolments: list[Enrolment], at: datetime) -> dict[int, list[Missing]]:
    """What is required today and had not been studied by then."""
    missing: dict[int, list[Missing]] = defaultdict(list)
    still = Completion.objects.filter(enrolment__in=enrolments, plan_item__is_required=True)
    still = still.filter(Q(completed_at=None) | Q(completed_at__gte=at)).order_by("plan_item__order")
    for enrolment, title in still.values_list("enrolment_id", "plan_item__item__title"):
        missing[enrolment].append(Missing(title))
    return missing


def _row(enrolment: Enrolment, name: str, missing: list[Missing]) -> PersonRow:
    standing = Standing.TODO if missing else Standing.DONE
    return PersonRow(
        number=enrolment.member.number,
        name=name,
        unit=enrolment.organisation.name,
        standing=standing,
        say=_("Not finished then") if missing else say_standing(standing),
        reason=say_missing(missing) if missing else "",
    )
