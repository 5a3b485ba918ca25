from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.organisation.models import Organisation
from members.roles.policies import led_paths, under


class ChangeKind(models.TextChoices):
    OPENED = "opened", _("Opened")
    CHANGED = "changed", _("Name or contact changed")
    MOVED = "moved", _("Moved under another unit")
    MERGED = "merged", _("Merged into another unit")
    TOOK_IN = "took_in", _("Another unit was merged into it")
    SPLIT = "split", _("Divided")
    CLOSED = "closed", _("Closed")


class UnitChangeQuerySet(models.QuerySet):
    def led_by(self, user) -> "UnitChangeQuerySet":
        return self.filter(under("organisation__path", led_paths(user)))


class UnitChange(models.Model):
    """One page in the life of a unit: what was changed, with which other unit, by whom. Only ever added to."""

    privacy = "keep: how a unit came to be as it is, as long as the unit"
    not_exported = "tells of a unit; who wrote it down acted as its organiser"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    other = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    people = models.PositiveIntegerField(default=0)
    former_name = models.CharField(max_length=100, blank=True)
    happened_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = UnitChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a unit")
        ordering = ["happened_at", "pk"]
