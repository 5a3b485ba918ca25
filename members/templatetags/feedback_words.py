"""The room's words for templates."""

from django import template

from members.feedback import box

register = template.Library()
register.tag("page_name", box.page_name)
register.simple_tag(box.feedback_box, takes_context=True)
