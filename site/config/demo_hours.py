"""The demo's ledger: what was studied together, hours entered by hand, a question about a line, old news read."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from learning.claims.actions import Said, approve_claim, propose_hours
from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry
from learning.hours.questions import ask_about, sign_line
from learning.hours.telling import TOPIC
from learning.together.actions import choose_studied
from members.accounts.models import Member, User
from members.activities.models import Activity
from members.feedback.about import read_about
from members.messages.models import Message, MessageState

NEW = timedelta(days=14)
TOGETHER = "一起读：居民议事的规矩"


def choose_for(activity: Activity, *, actor: User | None, now: datetime) -> None:
    """In one activity of the year an article of the plan was read together."""
    if activity.topic == TOGETHER:
        read = StudyItem.objects.live().filter(kind="article").order_by("published_at", "pk")
        choose_studied(activity=activity, item_ids=[each.pk for each in read[:1]], actor=actor, now=now)


def load_hours(*, member: Member, secretary: Member, now: datetime) -> None:
    """A training at the district school that counts, one that waits, and a question that waits for its answer."""
    organiser = User.objects.get(username="zuzhiyuan")
    day = timezone.localdate(now)
    trained = Said("区委党校党员培训", "training", Decimal(4), day - timedelta(days=40))
    waits = Said("街道组织的专题讲座", "training", Decimal("1.5"), day - timedelta(days=6))
    for person in (member, secretary):
        at = now - timedelta(days=30)
        claim = propose_hours(member=person, said=trained, actor=secretary.user, may_judge=False, now=at)
        approve_claim(claim=claim, actor=organiser, now=at + timedelta(days=1))
    propose_hours(member=member, said=waits, actor=secretary.user, may_judge=False, now=now - timedelta(days=5))
    line = HoursEntry.objects.filter(member=member, hours__gt=0).select_related("item").order_by("-earned_on").first()
    about = read_about(sign_line(line, now=now), now=now)
    ask_about(entry=line, author=member.user, text="这次活动有一个半小时，学时是怎样算的？", about=about, now=now)


def read_old_news(*, now: datetime) -> None:
    """What was told of hours weeks ago has been sent and read since."""
    told = Message.objects.filter(topic__startswith=f"{TOPIC}/", state=MessageState.DUE)
    told.update(state=MessageState.SENT, sent_at=F("due_at"))
    Message.objects.filter(topic__startswith=f"{TOPIC}/", due_at__lt=now - NEW).update(read_at=F("due_at"))
