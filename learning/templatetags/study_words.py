"""The room's words for templates."""

from django import template
from django.utils import timezone

from learning.courses.audience import is_open_to
from learning.courses.models import StudyItem
from learning.courses.wording import say_about, say_duration
from learning.hours.models import HoursEntry
from learning.hours.queries import HoursView, hours_of
from learning.hours.wording import say_change, say_hours
from learning.progress.group_study import GroupMark
from members.accounts.models import Member, User

register = template.Library()
register.filter("open_to", is_open_to)
register.filter("duration", say_duration)
register.filter("about", say_about)
register.filter("hours", say_hours)
register.filter("signed_hours", say_change)


@register.simple_tag
def own_hours(user: User) -> HoursView | None:
    """This year's study hours of whoever looks at the page; nothing for who is no member."""
    member = Member.objects.visible_to(user).first()
    return hours_of(member, HoursEntry.objects.visible_to(user), now=timezone.now()) if member else None


@register.simple_tag
def counted_together(item: StudyItem | str | None, user: User) -> str:
    """In which activity of this year whoever looks at the page has studied the item with others; else nothing."""
    if not item:  # also the preview of a page that has none yet
        return ""
    own = GroupMark.objects.visible_to(user).filter(item=item, held_on__year=timezone.localdate().year)
    return own.order_by("held_on", "pk").values_list("together__title", flat=True).first() or ""
