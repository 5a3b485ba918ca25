from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.organisation.models import Organisation
from members.roles.policies import led_paths, taught_paths, under


class FeedbackState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    ANSWERED = "answered", pgettext_lazy("feedback", "Answered")


class FeedbackQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FeedbackQuerySet":
        """One's own."""
        return self.filter(author_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "FeedbackQuerySet":
        """Put to a unit that this person leads, or about what they teach: theirs to answer. Nobody answers oneself."""
        taught = Q(is_about_study=True) & under("organisation__path", taught_paths(user))
        return self.filter(under("organisation__path", led_paths(user)) | taught).exclude(author_id=user.pk)

    def open(self) -> "FeedbackQuerySet":
        """To be answered; not where its words were erased at the author's wish."""
        return self.filter(state=FeedbackState.OPEN).exclude(text="")

    def answered(self) -> "FeedbackQuerySet":
        return self.filter(state=FeedbackState.ANSWERED)

    def overdue(self, on: date) -> "FeedbackQuerySet":
        return self.open().filter(due_on__lt=on)


class Feedback(models.Model):
    """What somebody thinks of a page (意见建议): with an owner, a day to answer by, and a visible answer."""

    privacy = "anonymise"
    person = "author"
    on_erasure = "blank author text: that feedback was answered, as long as the unit"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="feedback")
    text = models.TextField(_("what you want to say"), max_length=2000)
    about_title = models.CharField(max_length=255)
    is_about_study = models.BooleanField(default=False)
    about_url = models.CharField(max_length=500)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="feedback")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=FeedbackState.choices, default=FeedbackState.OPEN)
    sent_at = models.DateTimeField()
    dedupe_key = models.CharField(max_length=64, unique=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")


class Reply(models.Model):
    """An answer, or a word back; nothing said is changed afterwards."""

    privacy = "anonymise"
    person = "feedback__author"
    on_erasure = "blank text: that feedback was answered, as long as the unit"

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="replies")
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("reply")
        ordering = ["written_at", "pk"]
