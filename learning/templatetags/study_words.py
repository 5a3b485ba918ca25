"""The room's words for templates."""

from django import template

from learning.courses.wording import say_about, say_duration
from learning.hours.wording import say_hours

register = template.Library()
register.filter("duration", say_duration)
register.filter("about", say_about)
register.filter("hours", say_hours)
