"""What somebody is typing, kept on the server: no line is lost to an ended session or an empty battery."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DraftQuerySet":
        """One's own."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def older_than(self, moment: datetime) -> "DraftQuerySet":
        return self.filter(saved_at__lt=moment)


class Draft(models.Model):
    """The fields of one form of one person as they stood last; gone once the form is taken."""

    privacy = "erase"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    form_key = models.CharField(max_length=120)
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        constraints = [models.UniqueConstraint(fields=["user", "form_key"], name="one_draft_for_person_and_form")]
