"""What one's plans say of an item, for every page on which it can be studied."""

from django import template
from django.utils import timezone

from learning.study.plan_notes import PlanNote, plan_note_of

register = template.Library()


@register.simple_tag(takes_context=True)
def plan_note(context, item) -> PlanNote | None:
    """`item` may be missing: a page that is not published yet has none."""
    request = context.get("request")
    return plan_note_of(item, request=request, now=timezone.now()) if item and request else None
