from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath

from django.db import models
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia, MediaQuerySet

from media.facts import Facts
from media.playable import plays_everywhere
from media.sentences import refusal_sentence

LONGEST_STEM = 40  # 40 Han characters are 120 bytes, and a name on the disk has 255


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


def name_file(asset: "Asset", filename: str) -> str:
    return _name_once("media", PurePath(filename))


def name_thumbnail(asset: "Asset", filename: str) -> str:
    return _name_once("media_thumbnails", PurePath(filename))


def _name_once(folder: str, path: PurePath) -> str:
    """A name that no other upload ever has: it stands for one content, in a browser's cache and in a running probe."""
    stem = slugify(path.stem, allow_unicode=True)[:LONGEST_STEM] or "file"
    return f"{folder}/{stem}-{get_random_string(10).lower()}{path.suffix.lower()}"


class Asset(AbstractMedia):
    """A video or sound file. What the file itself says (length, size of picture, codecs) is read by a probe."""

    privacy = "keep: who uploaded a file, as long as the file"
    not_exported = "tells of a file; who uploaded it acted as editor"

    file = models.FileField(_("file"), upload_to=name_file)
    thumbnail = models.FileField(_("picture shown before it plays"), upload_to=name_thumbnail, blank=True)
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

    @property
    def url(self) -> str:
        """Where somebody in the CMS plays it; visitors get signed addresses from `media.delivery`."""
        return reverse("media_play", args=[self.pk])

    @property
    def refusal_sentence(self) -> str:
        return refusal_sentence(self.refusal, self.facts)

    @property
    def plays_everywhere(self) -> bool:
        """Also on old iPhones, which know neither webm nor ogg."""
        return plays_everywhere(Facts(**self.facts))

    def save(self, *args, **kwargs) -> None:
        if self._has_new_file():
            self.status, self.refusal, self.facts, self.sha256 = AssetStatus.QUEUED, "", {}, ""
            self.duration, self.width, self.height, self.size_bytes = 0, None, None, 0
            self.probed_at, self.probe_attempts = None, 0
        super().save(*args, **kwargs)

    def _has_new_file(self) -> bool:
        kept = type(self).objects.filter(pk=self.pk).values_list("file", flat=True).first()
        return kept is not None and kept != self.file.name

    def _still_queued(self) -> AssetQuerySet:
        """This row, while it waits with the file that is in hand."""
        return type(self).objects.queued().filter(pk=self.pk, file=self.file.name, probe_attempts=self.probe_attempts)

    def count_attempt(self) -> bool:
        """Says before a probe that it begins; False when somebody else was quicker."""
        is_mine = self._still_queued().update(probe_attempts=self.probe_attempts + 1) == 1
        self.probe_attempts += is_mine
        return is_mine

    def settle_probe(self, *, now: datetime, refusal: str, facts: Facts) -> bool:
        """Writes what the probe found; only if the file still waits and is the one that was probed."""
        found = {
            "status": AssetStatus.REFUSED if refusal else AssetStatus.READY,
            "refusal": refusal,
            "probed_at": now,
            "facts": asdict(facts),
            "duration": facts.duration_seconds,
            "width": facts.width or None,
            "height": facts.height or None,
            "size_bytes": facts.size_bytes,
            "sha256": facts.sha256,
        }
        is_settled = self._still_queued().update(**found) == 1
        if is_settled:
            for name, value in found.items():
                setattr(self, name, value)
        return is_settled
