from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member
from members.roles.policies import led_paths, under


class MessageState(models.TextChoices):
    DUE = "due", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    HELD = "held", _("Held back")


class MessageQuerySet(models.QuerySet):
    def due(self, now: datetime) -> "MessageQuerySet":
        """The row is the queue."""
        return self.filter(state=MessageState.DUE, due_at__lte=now)

    def visible_to(self, user) -> "MessageQuerySet":
        """One's own, once sent."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(to__user_id=user.pk, state=MessageState.SENT)

    def led_by(self, user) -> "MessageQuerySet":
        return self.filter(
            Q(to__affiliations__until=None) & under("to__affiliations__organisation__path", led_paths(user))
        )

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """A message inside the platform to one member: it can always say why it was sent, or why it was held back."""

    privacy = "erase"

    to = models.ForeignKey(Member, models.CASCADE, related_name="messages")
    topic = models.CharField(max_length=60)
    title = models.CharField(max_length=100)
    text = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=200)
    dedupe_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=5, choices=MessageState.choices, default=MessageState.DUE)
    held_because = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        indexes = [models.Index(fields=["state", "due_at"], name="message_queue")]


class MuteQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MuteQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()


class Mute(models.Model):
    """A member wants no messages of this topic."""

    privacy = "export"

    member = models.ForeignKey(Member, models.CASCADE, related_name="mutes")
    topic = models.CharField(max_length=60)
    since = models.DateTimeField()

    objects = MuteQuerySet.as_manager()

    class Meta:
        verbose_name = _("muted topic")
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="a_topic_is_muted_once")]
