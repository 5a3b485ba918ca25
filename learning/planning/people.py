"""Who would get a plan, or has it, each with the reason; and who of its unit does not, and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from learning.plans.audience import away, concerned, kinds_of_post, posts_held
from learning.plans.belonging import Meant, Person, Why, why
from learning.plans.models import AudienceKind, StudyPlan
from members.accounts.models import COUNTED_STATUSES, Member, MemberStatus
from members.accounts.people import distinguished
from members.organisation.kinds import PostKind
from members.organisation.models import Affiliation
from members.roles.policies import under

ON_A_PAGE = 50


@dataclass(frozen=True)
class PersonMeant:
    name: str
    why: str


@dataclass(frozen=True)
class PeopleOfPlan:
    """One page of those who are in, or of those who are not."""

    people: list[PersonMeant]
    page: Page
    number_in: int
    number_out: int
    is_out: bool


def people_of_plan(plan: StudyPlan, *, is_out: bool, page: str, today: date) -> PeopleOfPlan:
    """A page of everybody under the unit of the plan who is in it (or who is not), by name, with the reason."""
    meant = concerned(plan, on=today)
    everybody = Affiliation.objects.open().filter(
        under("organisation__path", [plan.organisation.path]), member__ended_on=None
    )
    others = everybody.exclude(pk__in=meant.values("pk"))
    number_in, number_out = meant.count(), others.count()
    asked = (others if is_out else meant).select_related("member", "organisation")
    shown = Paginator(asked.order_by("member__name_sound", "member__number"), ON_A_PAGE).get_page(page)
    return PeopleOfPlan(_lines(plan, list(shown), asked, today), shown, number_in, number_out, is_out)


def _lines(plan: StudyPlan, shown: list[Affiliation], asked: QuerySet, today: date) -> list[PersonMeant]:
    units = {each.member_id: each.organisation.name for each in shown}
    among = Member.objects.filter(pk__in=asked.order_by().values("member"))
    names = distinguished([each.member for each in shown], among=among, units=units)
    meant, people = meant_by(plan), _known(plan, shown, today)
    return [
        PersonMeant(
            names[each.member_id],
            say_why(why(people[each.member_id], meant), each, people[each.member_id]),
        )
        for each in shown
    ]


def meant_by(plan: StudyPlan) -> Meant:
    """The audience of a plan, sorted for the pure rule."""
    lines = list(plan.audience.all())
    values: dict[Any, list[str]] = defaultdict(list)
    for line in lines:
        values[line.kind].append(line.value)
    return Meant(
        statuses=values[AudienceKind.STATUS],
        is_mobile=bool(values[AudienceKind.MOBILE]),
        posts=[kind for value in values[AudienceKind.POST] for kind in kinds_of_post(value)],
        people=[line.member_id for line in lines if line.member_id and not line.is_exception],
        not_people=[line.member_id for line in lines if line.member_id and line.is_exception],
        not_units=[line.organisation.path for line in lines if line.organisation],
    )


def _known(plan: StudyPlan, shown: Iterable[Affiliation], today: date) -> dict[int, Person]:
    ids = [each.member_id for each in shown]
    posts = defaultdict(set)
    for member, kind in posts_held(plan, today).filter(member__in=ids).values_list("member_id", "kind"):
        posts[member].add(kind)
    gone = set(away(today).filter(member__in=ids).values_list("member_id", flat=True))
    return {
        each.member_id: Person(
            pk=each.member_id,
            path=each.organisation.path,
            status=each.member.status,
            is_counted=each.member.status in COUNTED_STATUSES,
            is_away=each.member_id in gone,
            posts=frozenset(posts[each.member_id]),
        )
        for each in shown
    }


def say_why(reasons: list[Why], home: Affiliation, person: Person) -> str:
    """«在第二支部，正式党员» or «点名加入» or «例外：第二支部»: one line under a name."""
    status = str(MemberStatus(home.member.status).label)
    first = [_("in %(unit)s") % {"unit": home.organisation.name}, status]
    posts = [str(PostKind(kind).label) for kind in sorted(person.posts)]
    said = {
        Why.EVERYBODY: [],
        Why.STATUS: [],
        Why.NAMED: [_("named for this plan")],
        Why.MOBILE: [_("away on a registered spell")],
        Why.POST: posts,
        Why.NOT_COUNTED: [_("not counted among Party members")],
        Why.NOT_THIS_PERSON: [_("an exception: this person")],
        Why.NOT_THIS_UNIT: [_("an exception: this unit")],
        Why.NOT_MEANT: [_("not among those chosen")],
    }
    return _(", ").join([*first, *(word for reason in reasons for word in said[reason])])
