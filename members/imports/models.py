from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.organisation.models import ImportBatch

KEPT = timedelta(hours=2)


class ListStep(models.TextChoices):
    """What is to be done with a list next; the last two: nothing more."""

    READ = "read", _("to be read")
    ASK = "ask", _("its columns are to be confirmed")
    PLAN = "plan", _("to be compared")
    SHOW = "show", _("to be looked at")
    WRITE = "write", _("to be imported")
    TELL = "tell", _("figures are to follow")
    DONE = "done", _("imported")
    REFUSED = "refused", _("cannot be read")


BY_ITSELF = (ListStep.READ, ListStep.PLAN, ListStep.WRITE, ListStep.TELL)


class IncomingListQuerySet(models.QuerySet):
    def visible_to(self, user) -> "IncomingListQuerySet":
        """One's own."""
        return self.filter(sent_by_id=user.pk) if user.is_authenticated else self.none()

    def kept(self, now: datetime) -> "IncomingListQuerySet":
        return self.filter(sent_at__gte=now - KEPT)

    def expired(self, now: datetime) -> "IncomingListQuerySet":
        """Has lain too long; what was confirmed is finished first."""
        return self.filter(sent_at__lt=now - KEPT).exclude(step__in=(ListStep.WRITE, ListStep.TELL))

    def to_turn(self) -> "IncomingListQuerySet":
        """What the worker does next: the row is the queue. Least tried first, so that no bad one holds up the rest."""
        return self.filter(step__in=BY_ITSELF).order_by("attempts", "pk")


class IncomingList(models.Model):
    """A list between its upload and its import. Its content lies in files (`files.py`), never in the database."""

    privacy = "erase"
    not_exported = "a file in the hands of its sender, for two hours"

    key = models.CharField(max_length=60, unique=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    step = models.CharField(max_length=10, choices=ListStep.choices, default=ListStep.READ)
    attempts = models.PositiveSmallIntegerField(default=0)  # of this step, so that a deadly file is not tried for ever
    picked = models.JSONField(default=list)  # for each column of the format the place of its heading, or -1
    rows = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=300, blank=True)  # one sentence for the sender, where something did not work
    batch = models.ForeignKey(ImportBatch, models.SET_NULL, null=True, related_name="+")

    objects = IncomingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list being imported")

    def go(self, step: ListStep, **fields) -> None:
        """On to the next step."""
        self.step, self.attempts = step, 0
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["step", "attempts", *fields])
