"""The only receivers of the house, three lines each. Wagtail's signals too: scheduled publishing runs no admin hook."""

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published, page_unpublished

from learning.completion.actions import follow_moves, follow_people, follow_units, settle
from learning.courses.actions import publish_item, withdraw_item
from learning.courses.models import StudyPage
from learning.plans.actions import take_over_plans
from learning.quizzes.actions import follow_lesson
from learning.study.actions import complete_by_new_rule, reverse_attendance, settle_attendance
from members.events import (
    affiliation_changed,
    attendance_reversed,
    attendance_settled,
    organisation_merged,
    organisation_moved,
    standing_changed,
)


@receiver(page_published, dispatch_uid="learning.publish")
def page_is_published(sender, instance, **kwargs) -> None:
    if isinstance(instance, StudyPage):
        publish_item(instance, now=timezone.now())
        follow_lesson(page_id=instance.pk, now=timezone.now())
        complete_by_new_rule(now=timezone.now())


@receiver(page_unpublished, dispatch_uid="learning.withdraw")
def page_is_unpublished(sender, instance, **kwargs) -> None:
    if isinstance(instance, StudyPage):
        withdraw_item(instance, now=timezone.now())


@receiver(affiliation_changed, dispatch_uid="learning.follow_moves")
def members_have_moved(sender, moves, now, **kwargs) -> None:
    follow_moves(moves, now=now)


@receiver(standing_changed, dispatch_uid="learning.settle")
def members_stand_otherwise(sender, member_ids, now, **kwargs) -> None:
    settle(member_ids=member_ids, now=now)
    follow_people(member_ids, now=now)


@receiver(organisation_moved, dispatch_uid="learning.follow_units")
def units_have_moved(sender, moves, now, **kwargs) -> None:
    follow_units(moves, now=now)


@receiver(organisation_merged, dispatch_uid="learning.take_over_plans")
def unit_is_merged(sender, organisation, successor, now, **kwargs) -> None:
    take_over_plans(before=organisation, after=successor, now=now)


@receiver(attendance_settled, dispatch_uid="learning.settle_attendance")
def activity_is_accepted(sender, attended, by, now, **kwargs) -> None:
    settle_attendance(attended, by=by, now=now)


@receiver(attendance_reversed, dispatch_uid="learning.reverse_attendance")
def activity_is_open_again(sender, activity_id, reason, by, now, **kwargs) -> None:
    reverse_attendance(activity_id=activity_id, reason=reason, by=by, now=now)
