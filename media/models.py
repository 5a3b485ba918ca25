from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia, MediaQuerySet


class AssetStatus(models.TextChoices):
    QUEUED = "queued", _("Being checked")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Cannot be played")


class AssetQuerySet(MediaQuerySet):
    def queued(self) -> "AssetQuerySet":
        """Uploaded and not looked into yet: the row is the queue."""
        return self.filter(status=AssetStatus.QUEUED)

    def ready(self) -> "AssetQuerySet":
        return self.filter(status=AssetStatus.READY)


class Asset(AbstractMedia):
    """A video or sound file. What the file itself says (length, size of picture, codecs) is read by a probe."""

    privacy = "keep: who uploaded a file, as long as the file"

    status = models.CharField(max_length=10, choices=AssetStatus.choices, default=AssetStatus.QUEUED, editable=False)
    refusal = models.CharField(max_length=40, blank=True, editable=False)
    facts = models.JSONField(default=dict, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    size_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    probed_at = models.DateTimeField(null=True, editable=False)
    probe_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    transcript = models.TextField(_("transcript"), blank=True)

    objects = AssetQuerySet.as_manager()
    admin_form_fields = ("title", "file", "collection", "thumbnail", "transcript")

    class Meta:
        verbose_name = _("video or sound")
        verbose_name_plural = _("videos and sounds")

    def save(self, *args, **kwargs) -> None:
        if self._has_new_file():
            self.status, self.refusal, self.facts, self.sha256 = AssetStatus.QUEUED, "", {}, ""
            self.probed_at, self.probe_attempts = None, 0
        super().save(*args, **kwargs)

    def _has_new_file(self) -> bool:
        kept = type(self).objects.filter(pk=self.pk).values_list("file", flat=True).first()
        return kept is not None and kept != self.file.name

    def settle_probe(self, *, now: datetime, status: str, refusal: str = "", **facts) -> None:
        """Writes what the probe found; only if the file is still the one that was probed."""
        self.status, self.refusal, self.probed_at = status, refusal, now
        for name, value in facts.items():
            setattr(self, name, value)
        fields = ["status", "refusal", "probed_at", "probe_attempts", *facts]
        type(self).objects.filter(pk=self.pk, file=self.file.name).update(
            **{name: getattr(self, name) for name in fields}
        )
