"""The rules of the house told once more, slowly and in other words, so that the figures can be held against them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from learning.completion.models import Enrolment
from learning.completion.standing import Standing
from learning.courses.models import StudyItem
from learning.plans.models import StudyPlan
from learning.progress.models import PastMark, Progress
from members.accounts.models import Member
from members.checkins.models import MobileSpell
from members.organisation.models import Affiliation, Organisation, Post

Pair = tuple[int, int]  # member, item


def belonging_to(plan: StudyPlan, *, today: date) -> dict[int, int]:
    """{member: unit} of everybody who is to be in the plan on this day."""
    lines = list(plan.audience.all())
    units = dict(Organisation.objects.values_list("pk", "path"))
    above = units[plan.organisation_id]
    left_out = {line.member_id for line in lines if line.is_exception and line.member_id}
    closed = [units[line.organisation_id] for line in lines if line.is_exception and line.organisation_id]
    wanted = [line for line in lines if not line.is_exception]
    found = {}
    for home in Affiliation.objects.filter(until=None).select_related("member"):
        path, member = units[home.organisation_id], home.member
        if not path.startswith(above) or member.ended_on or member.status not in ("full", "probationary"):
            continue
        if member.pk in left_out or any(path.startswith(each) for each in closed):
            continue
        if not wanted or any(_fits(member, line, above, today=today) for line in wanted):
            found[member.pk] = home.organisation_id
    return found


def _fits(member: Member, line, above: str, *, today: date) -> bool:
    if line.kind == "person":
        return line.member_id == member.pk
    if line.kind == "status":
        return line.value == member.status
    if line.kind == "mobile":
        return MobileSpell.objects.filter(member=member, ended_on=None, leaves_on__lte=today).exists()
    for post in Post.objects.filter(member=member, organisation__path__startswith=above, since__lte=today):
        is_held = post.until is None or post.until > today
        if is_held and (post.kind == line.value or (line.value == "team" and post.kind != "group_leader")):
            return True
    return False


class Studied:
    """Who is in the middle of what, and when everybody has studied what, now and before."""

    def __init__(self) -> None:
        self.moments: dict[Pair, list[datetime]] = {}
        self.begun: set[Pair] = set()
        for each in [*Progress.objects.all(), *PastMark.objects.all()]:
            pair = each.member_id, each.item_id
            if each.completed_at:
                self.moments.setdefault(pair, []).append(each.completed_at)
            elif isinstance(each, Progress):
                self.begun.add(pair)

    def is_done(self, pair: Pair, plan: StudyPlan) -> bool:
        days = [timezone.localdate(each) for each in self.moments.get(pair, [])]
        return any(plan.counts_earlier or day >= plan.starts_on for day in days)

    def standing(self, enrolment: Enrolment, required: Iterable[int], offered: Iterable[int] = ()) -> Standing:
        """How the member stands with these items of the plan."""
        member, plan = enrolment.member, enrolment.plan
        pairs = [(member.pk, item) for item in required]
        if all(self.is_done(pair, plan) for pair in pairs):
            return Standing.DONE
        if member.flexible_study:
            return Standing.NOT_REQUIRED
        if member.study_way != "online":
            return Standing.BY_BRANCH
        looked_at = [*pairs, *((member.pk, item) for item in offered)]
        has_begun = any(pair in self.begun or self.is_done(pair, plan) for pair in looked_at)
        return Standing.DOING if has_begun else Standing.TODO


@dataclass
class Remembered:
    """What was done, as an honest chronicler writes it down beside the house: who holds which mark, and why."""

    marked: set[Pair] = field(default_factory=set)
    by_hand: set[Pair] = field(default_factory=set)
    seen: dict[Pair, int] = field(default_factory=dict)
    passed: set[Pair] = field(default_factory=set)
    joined: dict[int, date] = field(default_factory=dict)

    def watch(self, pair: Pair, seconds: int) -> None:
        if pair not in self.marked:
            self.seen[pair] = max(seconds, self.seen.get(pair, 0))

    def attend(self, item: int, members: Collection[int]) -> None:
        self.marked = {pair for pair in self.marked if pair[1] != item} | {(member, item) for member in members}

    def confirm(self, pair: Pair) -> None:
        self.marked.add(pair)
        self.by_hand.add(pair)

    def withdraw(self, pair: Pair) -> None:
        if pair in self.by_hand:
            self.by_hand.discard(pair)
            self.marked.discard(pair)

    def begin_anew(self, pair: Pair) -> None:
        for each in (self.marked, self.by_hand, self.passed):
            each.discard(pair)
        self.seen.pop(pair, None)

    def reckon(self) -> None:
        """Who has done what is asked for today holds the mark, and keeps it whatever is asked for later."""
        self.marked |= self.passed
        items = StudyItem.objects.in_bulk({item for _, item in self.seen})
        for pair, seconds in self.seen.items():
            item = items[pair[1]]
            if seconds * 100 >= item.length_seconds * item.needed_percent:
                self.marked.add(pair)

    def note_joined(self, today: date) -> None:
        """Somebody counts from the day on which they were first in a plan, and from no other."""
        there = set(Enrolment.objects.values_list("pk", flat=True))
        self.joined = {pk: day for pk, day in self.joined.items() if pk in there}
        self.joined |= dict.fromkeys(there - self.joined.keys(), today)
