"""The room's words for templates."""

from django import template
from django.utils import timezone

from learning.courses.audience import is_open_to
from learning.courses.wording import say_about, say_duration
from learning.hours.models import HoursEntry
from learning.hours.queries import HoursView, hours_of
from learning.hours.wording import say_change, say_hours
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
