"""The demo's ledger: what was studied together, hours entered by hand, a question about a line, old news read."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, Q
from django.utils import timezone

from learning.claims.actions import Said, approve_claim, propose_hours
from learning.completion.help_telling import TOPIC as HELP
from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.questions import ask_about, sign_line
from learning.hours.telling import TOPIC
from learning.together.actions import choose_studied
from members.accounts.models import Member, User
from members.activities.models import Activity
from members.feedback.about import read_about
from members.feedback.actions import answer_feedback
from members.feedback.models import Feedback
from members.messages.models import Message, MessageState

NEW = timedelta(days=14)
TOGETHER = "一起读：居民议事的规矩"


def choose_for(activity: Activity, *, actor: User | None, now: datetime) -> None:
    """In one activity of the year an article of the plan was read together."""
    if activity.topic == TOGETHER:
        read = StudyItem.objects.live().filter(kind="article").order_by("published_at", "pk")
        choose_studied(activity=activity, item_ids=[each.pk for each in read[:1]], actor=actor, now=now)


def load_hours(*, member: Member, secretary: Member, now: datetime) -> None:
    """A training at the district school that counts, one that waits; a question with its answer, one that waits."""
    organiser = User.objects.get(username="zuzhiyuan")
    day = timezone.localdate(now)
    trained = Said("区委党校党员培训", "training", Decimal(4), day - timedelta(days=40))
    waits = Said("街道组织的专题讲座", "training", Decimal("1.5"), day - timedelta(days=6))
    for person in (member, secretary):
        at = now - timedelta(days=30)
        claim = propose_hours(member=person, said=trained, actor=secretary.user, may_judge=False, now=at)
        approve_claim(claim=claim, actor=organiser, now=at + timedelta(days=1))
    propose_hours(member=member, said=waits, actor=secretary.user, may_judge=False, now=now - timedelta(days=5))
    lines = HoursEntry.objects.filter(member=member, hours__gt=0).select_related("item").order_by("-earned_on")
    _ask(lines.exclude(source=HoursSource.BY_HAND)[0], "这次活动有一个半小时，学时是怎样算的？", now=now)
    asked = now - timedelta(days=20)
    question = _ask(lines.filter(source=HoursSource.BY_HAND)[0], "区委党校那次上了两天，怎么记 4 学时？", now=asked)
    answer = "第一天是报到和参观，不算学时；第二天上课 4 小时，记 4 学时。通知里有日程，您可以对一对。"
    answer_feedback(feedback=question, answerer=secretary.user, text=answer, now=asked + timedelta(days=2))


def _ask(line: HoursEntry, text: str, *, now: datetime) -> Feedback:
    about = read_about(sign_line(line, now=now), now=now)
    return ask_about(entry=line, author=line.member.user, text=text, about=about, now=now)


def read_old_news(*, now: datetime) -> None:
    """What was told weeks ago of hours and of help has been sent and read since."""
    told = Message.objects.filter(Q(topic__startswith=f"{TOPIC}/") | Q(topic__startswith=f"{HELP}/"))
    told.filter(state=MessageState.DUE).update(state=MessageState.SENT, sent_at=F("due_at"))
    told.filter(due_at__lt=now - NEW).update(read_at=F("due_at"))
