"""Whom a plan concerns. It follows people as they move: asked anew whenever somebody or the plan changes.

Read aloud: a plan concerns the Party members who belong to its unit or to a unit under it. Where nobody is named, it
concerns all of them. Where somebody is, it concerns who fits at least one line: this kind of member, away on a
registered spell, holding that post today in a unit of the plan, or named by name; more lines, more people. An
exception always wins, whatever other lines say: this person not, nobody of that unit and of those under it. Activists,
candidates and applicants are never concerned, nor is who belongs elsewhere or whose membership has ended; being named
does not change that.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from learning.plans.models import TEAM, TEAM_POSTS, AudienceKind, AudienceLine, StudyPlan
from members.accounts.models import COUNTED_STATUSES
from members.checkins.models import MobileSpell
from members.organisation.models import Affiliation, Post
from members.roles.policies import under


def concerned(
    plan: StudyPlan, *, member_ids: Collection[int] | None = None, on: date | None = None
) -> QuerySet[Affiliation]:
    """The open affiliations of everybody (or of those among the given) whom a plan concerns today, or on that day."""
    there = Affiliation.objects.open().filter(
        under("organisation__path", [plan.organisation.path]),
        member__ended_on=None,
        member__status__in=COUNTED_STATUSES,
    )
    lines = list(plan.audience.all())
    if meant := [line for line in lines if not line.is_exception]:
        there = there.filter(reduce(or_, _said_by(meant, plan, on or timezone.localdate())))
    if people := [line.member_id for line in lines if line.is_exception and line.member_id]:
        there = there.exclude(member_id__in=people)
    if units := [line.organisation.path for line in lines if line.organisation]:
        there = there.exclude(under("organisation__path", units))
    return there if member_ids is None else there.filter(member_id__in=member_ids)


def posts_held(plan: StudyPlan, on: date) -> QuerySet[Post]:
    """The posts in units of the plan that somebody holds on the day."""
    return Post.objects.open_on(on).filter(under("organisation__path", [plan.organisation.path]), since__lte=on)


def away(on: date) -> QuerySet[MobileSpell]:
    """The open spells that have begun by the day."""
    return MobileSpell.objects.open().filter(leaves_on__lte=on)


def kinds_of_post(value: str) -> tuple[str, ...]:
    """The posts that a line means by one word."""
    return TEAM_POSTS if value == TEAM else (value,)


def _said_by(lines: Iterable[AudienceLine], plan: StudyPlan, on: date) -> Iterable[Q]:
    said: dict[str, list[AudienceLine]] = {kind: [] for kind in AudienceKind.values}
    for line in lines:
        said[line.kind].append(line)
    if said[AudienceKind.STATUS]:
        yield Q(member__status__in=[line.value for line in said[AudienceKind.STATUS]])
    if said[AudienceKind.MOBILE]:
        yield Q(member__in=away(on).values("member"))
    if said[AudienceKind.POST]:
        kinds = {kind for line in said[AudienceKind.POST] for kind in kinds_of_post(line.value)}
        yield Q(member__in=posts_held(plan, on).filter(kind__in=kinds).values("member"))
    if said[AudienceKind.PERSON]:
        yield Q(member_id__in=[line.member_id for line in said[AudienceKind.PERSON]])
