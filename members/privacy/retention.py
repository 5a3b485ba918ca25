"""What is held for a while only, and goes by itself when its time by rule is over."""

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from members.accounts.drafts import Draft
from members.accounts.models import Member
from members.audit.heads import note_head
from members.audit.trimming import trim_log
from members.checkins.contact_rhythm import months_later
from members.messages.models import Message, MessageState
from members.organisation.models import Post
from members.organisation.rules import Rule
from members.privacy.erasing import erase_member
from members.privacy.models import DataRequest, RequestKind, RequestState
from members.roles.models import RoleGrant

SHORTEST_LOG_MONTHS = 6  # 网络安全法: a rule may say more, never less
AT_ONCE = 1000
PEOPLE_AT_ONCE = 20


def months_before(now: datetime, key: str) -> datetime:
    """The moment before which a retention of so many months, by the rule `key`, is over."""
    return _back(now, _value(key, now))


def drop_what_is_over(*, now: datetime) -> None:
    """Drafts, messages, old events of the log, people whose time is over. Interrupted, the next turn goes on."""
    Draft.objects.older_than(now - timedelta(days=_value("draft.retention_days", now))).delete()
    _drop_messages(before=months_before(now, "message.retention_months"))
    kept_months = max(SHORTEST_LOG_MONTHS, _value("audit.retention_months", now))
    trim_log(older_than=_back(now, kept_months), now=now)
    erase_the_gone(now=now)
    note_head(now=now)


def erase_the_gone(*, now: datetime) -> int:
    """Whose membership ended long enough ago, or ended after they had asked and it was agreed; how many."""
    due = list(_due_for_erasure(now)[:PEOPLE_AT_ONCE])
    for member in due:
        erase_member(member=member, actor=None, now=now)
    return len(due)


def _due_for_erasure(now: datetime) -> QuerySet[Member]:
    """Not while a post or a role still stands: people end those first."""
    limit = timezone.localdate(months_before(now, "membership.retention_months"))
    agreed = DataRequest.objects.filter(member=OuterRef("pk"), kind=RequestKind.ERASE, state=RequestState.DONE)
    standing = Post.objects.filter(member=OuterRef("pk"), until=None)
    acting = RoleGrant.objects.live(now).filter(user=OuterRef("user"))
    over = Member.objects.filter(~Exists(standing), ~Exists(acting), ended_on__isnull=False, erased_on=None)
    return over.filter(Q(ended_on__lte=limit) | Exists(agreed)).select_related("user").order_by("pk")


def _drop_messages(*, before: datetime) -> None:
    over = Message.objects.exclude(state=MessageState.DUE).filter(due_at__lt=before)
    while some := list(over.values_list("pk", flat=True)[:AT_ONCE]):
        Message.objects.filter(pk__in=some).delete()


def _back(now: datetime, months: int) -> datetime:
    """Midnight of the same day so many months ago."""
    return timezone.make_aware(datetime.combine(months_later(timezone.localdate(now), -months), time()))


def _value(key: str, now: datetime) -> int:
    return Rule.objects.value(key, on=timezone.localdate(now))
