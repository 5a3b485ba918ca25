import hashlib
import json

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One thing somebody did or looked at. Never changed, never deleted: each row carries the hash of the one before.

    Holds numbers of rows, never names. The actor is a plain number, so that erasing an account leaves the chain whole.
    """

    privacy = "keep: who saw or changed personal data (PIPL), audit.retention"

    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    organisation = models.CharField(max_length=40, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit event")
        indexes = [
            models.Index(fields=["action", "at"], name="audit_by_action"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["organisation", "at"], name="audit_by_unit"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"

    def sealed(self) -> str:
        """The hash over everything this row says and the row before it."""
        said = [
            self.at.isoformat(),
            self.actor,
            self.action,
            self.organisation,
            self.object_type,
            self.object_id,
            self.detail,
            self.previous_hash,
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class AuditHorizon(models.Model):
    """How far the log was trimmed when its retention had passed: the chain goes on from the last event that went.

    The database lets go of events up to the latest horizon only, and of no horizon.
    """

    last_id = models.BigIntegerField(unique=True)
    last_hash = models.CharField(max_length=64)
    dropped = models.PositiveBigIntegerField()
    trimmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("horizon of the audit log")
