"""What the pages about people's own data show in the demo: requests that wait, and who has looked."""

from datetime import datetime, timedelta

from members.accounts.models import Member
from members.audit.actions import record_event
from members.privacy.actions import answer_request, ask_about_data
from members.privacy.models import RequestKind

WRONG = "我的入党日期登记错了，应当是 1985 年 7 月，组织部门的档案里有。"
ANSWERED = "手机号已经删除，支部以后当面或通过家人通知您。"


def load_privacy(*, secretary: Member, member: Member, now: datetime) -> None:
    """Two of the branch ask; the secretary has looked at the list, and at the member who shows the house."""
    branch = secretary.organisation_now()
    others = Member.objects.affiliated_under(branch).filter(user__isnull=False, posts=None).exclude(pk=member.pk)
    first, second = others.order_by("number")[:2]
    ask_about_data(member=first, kind=RequestKind.CORRECT, text=WRONG, now=now - timedelta(days=2))
    asked = ask_about_data(member=second, kind=RequestKind.ERASE, text="", now=now - timedelta(days=3))
    answer_request(request=asked, is_done=True, answer=ANSWERED, actor=secretary.user, now=now - timedelta(days=1))
    seen = {"now": now, "actor": secretary.user, "organisation": branch.code}
    record_event("people.seen", **seen)
    record_event("person.seen", about=member, **seen)
