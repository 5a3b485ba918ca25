"""The room's words for templates."""

from django import template

from learning.courses.audience import is_open_to
from learning.courses.wording import say_duration
from learning.hours.wording import say_hours

register = template.Library()
register.filter("open_to", is_open_to)
register.filter("duration", say_duration)
register.filter("hours", say_hours)
