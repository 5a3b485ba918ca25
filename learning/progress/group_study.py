"""What is studied together: in which activity which items, and who has studied them so."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from learning.courses.models import StudyItem
from learning.progress.models import ProgressQuerySet
from members.accounts.models import Member


class GroupStudy(models.Model):
    """An item that is studied in an activity of a branch."""

    activity = models.ForeignKey("members.Activity", models.CASCADE, related_name="group_studies")
    item = models.ForeignKey(StudyItem, models.PROTECT, related_name="group_studies")

    class Meta:
        verbose_name = _("item studied in an activity")
        constraints = [models.UniqueConstraint(fields=["activity", "item"], name="an_item_is_studied_once_together")]


class GroupMark(models.Model):
    """One member has studied an item in one accepted activity, `together` being the study item of that activity.

    It stands as long as the record is accepted, beside whatever the member has studied alone.
    """

    privacy = "export"
    on_erasure = "keep: that something was studied, as long as the unit"

    member = models.ForeignKey(Member, models.CASCADE, related_name="group_marks")
    item = models.ForeignKey(StudyItem, models.PROTECT, related_name="group_marks")
    together = models.ForeignKey(StudyItem, models.PROTECT, related_name="marks_given")
    held_on = models.DateField()
    completed_at = models.DateTimeField()

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("studied together")
        constraints = [
            models.UniqueConstraint(fields=["member", "item", "together"], name="studied_once_in_an_activity")
        ]
