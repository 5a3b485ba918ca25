"""The room's words for templates: what the page of a member says beyond the account (decision 0065)."""

from django import template
from django.utils import timezone

from content.bench.story import MemberStory, story_of
from members.accounts.models import Member, User

register = template.Library()


@register.simple_tag
def member_story(member: Member, user: User) -> MemberStory:
    """For whoever was let in to the page; what they do not lead is left out."""
    return story_of(member, user=user, now=timezone.now())
