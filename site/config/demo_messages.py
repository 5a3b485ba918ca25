"""The demo's second plan, for one community, and reminders about it: some read, one switched off, one week apart."""

from datetime import datetime, timedelta

from django.utils import timezone

from config.demo.tree import ROOT
from learning.courses.models import StudyItem
from learning.planning.actions import send_plan
from learning.plans.actions import keep_template, make_plan
from learning.plans.models import StudyPlan
from learning.plans.shape import LineShape
from learning.reminders.actions import remind
from members.accounts.models import Member, User
from members.messages.actions import mark_read, mute
from members.messages.models import Message
from members.organisation.models import Organisation
from members.roles.actions import grant_role
from members.roles.models import Role

COMMITTEE = f"{ROOT}01"
TITLE = "冬季专题学习：把群众的话听完整"
READS_EVERY = 3  # of the reminders, every third has been read
SENT_DAYS_AGO = (12, 3)


def load_messages(*, now: datetime) -> None:
    """A plan of one community committee with two rounds of reminders, sent by the demo's organiser."""
    organiser = _organiser(now=now)
    unit = Organisation.objects.get(code=COMMITTEE)
    plan = _plan(unit, organiser, now=now - timedelta(days=20))
    for days in SENT_DAYS_AGO:
        sent_at = now - timedelta(days=days)
        remind(unit=unit, plan=plan, actor=organiser, now=sent_at)
        told = Message.objects.filter(sent_at=sent_at).select_related("to").order_by("to__number")
        mark_read(list(told[::READS_EVERY]), now=sent_at + timedelta(hours=20))
        last = told.last()
        if last is not None:
            mute(member=last.to, topic=last.topic, now=sent_at + timedelta(days=1))


def _plan(unit: Organisation, organiser: User, *, now: datetime) -> StudyPlan:
    """Two articles, the first lesson and a quiz; a month and a half to do it in. One person is left out of it."""
    starts_on = timezone.localdate(now)
    live = StudyItem.objects.live()
    articles = live.filter(kind="article").order_by("published_at", "pk")
    lessons = live.filter(asset__isnull=False).order_by("course_order")
    plan = make_plan(
        title=TITLE,
        organisation=unit,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=45),
        items=[*articles[:2], *lessons[:1], *live.filter(kind="quiz").order_by("pk")[:1]],
        made_by=organiser,
        audience=frozenset({LineShape.person(_last_of(unit).pk, is_exception=True)}),
    )
    send_plan(plan=plan, actor=organiser, now=now)
    keep_template(plan=plan, made_by=organiser)
    return plan


def _last_of(unit: Organisation) -> Member:
    """Somebody whom the plan leaves out."""
    return Member.objects.affiliated_under(unit).counted().order_by("-number")[0]


def _organiser(*, now: datetime) -> User:
    """The one whose card the demo prints; made here where no card has been printed yet."""
    user, is_new = User.objects.get_or_create(username="zuzhiyuan", defaults={"display_name": "演示组织员"})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    root = Organisation.objects.get(code=ROOT)
    grant_role(user=user, role=Role.ORGANISER, organisation=root, actor=None, now=now - timedelta(days=60))
    user.__dict__.pop("granted", None)
    return user
