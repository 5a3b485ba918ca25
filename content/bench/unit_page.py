"""One unit for whoever leads it: what it is, who belongs to it, what it does, what is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.bench.tree import UnitLine, superiors_of, unit_lines
from learning.board.queries import plans_for
from learning.plans.models import StudyPlan
from members.accounts.people import PersonLine, distinguished, lines_of, people_of, units_of
from members.activities.kinds import ActivityState
from members.activities.models import Activity, Holding
from members.activities.queries import Row, record_rows, with_facts
from members.checkins.models import MobileSpell
from members.feedback.models import Feedback
from members.organisation.kinds import BRANCH_KINDS, PostKind
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.organisation.posts import posts_for
from members.roles.policies import lies_within, organised_paths, under

PEOPLE, GUESTS, BELOW, PAST_POSTS = 25, 50, 20, 30
POSTS_IN_ORDER = {kind: place for place, kind in enumerate(PostKind)}


@dataclass(frozen=True)
class PostLine:
    """Somebody's post with its term in words."""

    pk: int
    number: str
    name: str
    kind: str
    term: str
    may_end: bool


@dataclass(frozen=True)
class GuestLine:
    name: str
    home: str


@dataclass(frozen=True)
class Due:
    """One thing that waits, and where it is done."""

    say: str
    url: str
    act: str


@dataclass(frozen=True)
class UnitPage:
    unit: Organisation
    superiors: list[Organisation]
    posts: list[PostLine]
    past_posts: list[PostLine]
    may_set_posts: bool
    page: Page
    people: list[PersonLine]
    typed: str
    guests: list[GuestLine]
    below: list[UnitLine]
    coming: Row | None
    last: Row | None
    plans: list[StudyPlan]
    due: list[Due]
    is_organised: bool

    @property
    def next_step(self) -> Due | None:
        """The one thing to do first."""
        return self.due[0] if self.due else None

    @property
    def is_branch(self) -> bool:
        return self.unit.kind in BRANCH_KINDS


def unit_page_of(
    unit: Organisation, *, user: Any, now: datetime, typed: str = "", number: str | None = None
) -> UnitPage:
    """The page of a unit that this person leads."""
    today = timezone.localdate(now)
    everybody = people_of(unit, user=user, typed=typed)
    page = Paginator(everybody, PEOPLE).get_page(number)
    posts = _posts(unit, user=user)
    coming, last = _activities(unit, user=user, now=now)
    return UnitPage(
        unit=unit,
        superiors=superiors_of(unit, user=user),
        posts=_lines([post for post in posts if _is_held(post, today)], unit, user=user),
        past_posts=_lines([post for post in posts if not _is_held(post, today)][:PAST_POSTS], unit, user=None),
        may_set_posts=bool(posts_for(user, unit)) and unit.closed_on is None,
        page=page,
        people=lines_of(page, among=everybody, now=now),
        typed=typed,
        guests=_guests(unit),
        below=unit_lines(unit.get_children().open().in_order()[:BELOW]) if unit.numchild else [],
        coming=coming,
        last=last,
        plans=list(plans_for(unit, user=user).running(today)[:BELOW]),
        due=_due(unit, posts, page, user=user, now=now),
        is_organised=lies_within(unit.path, organised_paths(user)),
    )


def _posts(unit: Organisation, *, user: Any) -> list[Post]:
    found = Post.objects.led_by(user).filter(organisation=unit).select_related("member")
    shown = list(found.order_by("-since", "-pk")[: 4 * PAST_POSTS])
    return sorted(shown, key=lambda post: (POSTS_IN_ORDER[PostKind(post.kind)], post.member.name_sound))


def _is_held(post: Post, today: date) -> bool:
    return (post.until is None or post.until > today) and post.member.ended_on is None


def _lines(posts: list[Post], unit: Organisation, *, user: Any) -> list[PostLine]:
    allowed = set(posts_for(user, unit)) if user is not None else set()
    names = distinguished({post.member_id: post.member for post in posts}.values())
    return [
        PostLine(
            pk=post.pk,
            number=post.member.number,
            name=names[post.member_id],
            kind=post.get_kind_display(),
            term=say_term(post.since, post.until),
            may_end=post.kind in allowed,
        )
        for post in posts
    ]


def say_term(since: date, until: date | None) -> str:
    """From when, and until when where that is known."""
    days = {"since": date_format(since, "DATE_FORMAT"), "until": date_format(until, "DATE_FORMAT") if until else ""}
    return _("from %(since)s to %(until)s") % days if until else _("since %(since)s") % days


def _guests(unit: Organisation) -> list[GuestLine]:
    """Who takes part here and belongs elsewhere, by name."""
    own = Affiliation.objects.open().filter(under("organisation__path", [unit.path]))
    parts = Participation.objects.filter(organisation=unit, until=None, member__ended_on=None)
    elsewhere = parts.exclude(member__in=own.values("member_id")).select_related("member")
    shown = [part.member for part in elsewhere.order_by("member__name_sound", "member__number")[:GUESTS]]
    homes = units_of(shown)
    names = distinguished(shown, units=homes)
    return [GuestLine(names[each.pk], homes.get(each.pk, "")) for each in shown]


def _held(unit: Organisation, *, user: Any) -> QuerySet[Activity]:
    whole = Q(organisation=unit) if unit.kind not in BRANCH_KINDS else under("organisation__path", [unit.path])
    return Activity.objects.led_by(user).filter(pk__in=Holding.objects.filter(whole).values("activity_id"))


def _activities(unit: Organisation, *, user: Any, now: datetime) -> tuple[Row | None, Row | None]:
    """The next one and the last one."""
    held = _held(unit, user=user)
    keys = [held.coming(now).values_list("pk", flat=True).first(), held.past(now).values_list("pk", flat=True).first()]
    found = {each.pk: each for each in with_facts(Activity.objects.filter(pk__in=[key for key in keys if key]))}
    coming, last = (record_rows([found[key]], now=now)[0] if key in found else None for key in keys)
    return coming, last


def _due(unit: Organisation, posts: list[Post], page: Page, *, user: Any, now: datetime) -> list[Due]:
    """What waits here, the most pressing first; then what a new unit lacks."""
    if unit.is_functional or unit.closed_on is not None:
        return []
    today = timezone.localdate(now)
    records = _held(unit, user=user).filter(
        Q(ends_at__lt=now, state__in=(ActivityState.ANNOUNCED, ActivityState.RECORDING))
        | Q(state=ActivityState.RETURNED)
    )
    homes = Affiliation.objects.open().filter(under("organisation__path", [unit.path]))
    away = MobileSpell.objects.led_by(user).contact_due(today - timedelta(days=1))
    waiting = Feedback.objects.led_by(user).open().filter(under("organisation__path", [unit.path]))
    numbers = (
        records.count(),
        away.filter(member_id__in=homes.values("member_id")).count(),
        waiting.count(),
    )
    found = [_record_due(numbers[0]), _contact_due(numbers[1]), _feedback_due(numbers[2])]
    return [each for each, number in zip(found, numbers, strict=True) if number] + _lacks(
        unit, posts, page, today=today
    )


def _record_due(number: int) -> Due:
    say = ngettext("%(number)d activity is to be recorded.", "%(number)d activities are to be recorded.", number)
    return Due(say % {"number": number}, reverse("activities:records"), _("To the records"))


def _contact_due(number: int) -> Due:
    say = ngettext(
        "It is time to get in touch with %(number)d member away.",
        "It is time to get in touch with %(number)d members away.",
        number,
    )
    return Due(say % {"number": number}, reverse("members:away"), _("To those away"))


def _feedback_due(number: int) -> Due:
    say = ngettext("%(number)d word waits for an answer.", "%(number)d words wait for an answer.", number)
    return Due(say % {"number": number}, reverse("members:feedback_queue"), _("To the feedback"))


def _lacks(unit: Organisation, posts: list[Post], page: Page, *, today: date) -> list[Due]:
    found = []
    if not unit.help_phone and unit.kind in BRANCH_KINDS:
        url = reverse("members:unit_contact", args=[unit.code])
        found.append(Due(_("No help telephone stands here yet."), url, _("Write the help contact")))
    if not any(_is_held(post, today) for post in posts) and page.paginator.count:
        url = reverse("members:set_post", args=[unit.code])
        found.append(Due(_("No post is written down here yet."), url, _("Set a post")))
    return found
