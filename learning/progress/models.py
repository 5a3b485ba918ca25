from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.courses.models import StudyItem
from learning.progress.spans import is_end_seen, missing
from members.accounts.models import Member
from members.roles.of_members import RowsOfMembers

Pair = tuple[int, int]  # (member, item)
BY_HAND = "by_hand"
BY_GROUP = "group"  # how the evidence of a mark begins that was given for studying together


class ProgressState(models.TextChoices):
    STUDYING = "studying", _("Studying")
    COMPLETED = "completed", _("Completed")


class ProgressQuerySet(RowsOfMembers):
    def completed(self) -> "ProgressQuerySet":
        return self.filter(state=ProgressState.COMPLETED)

    def unfinished(self) -> "ProgressQuerySet":
        return self.filter(state=ProgressState.STUDYING)

    def without_own_mark(self) -> "ProgressQuerySet":
        """Unfinished, or completed with the group alone: what is studied by oneself still counts."""
        return self.filter(Q(state=ProgressState.STUDYING) | Q(evidence__how=BY_GROUP))


class Progress(models.Model):
    """How far one member has come with one item. Completed stays completed, with its evidence.

    `spans` are the stretches seen, in seconds of the item: [[from, to], …], sorted and disjoint. `allowance_seconds` is
    how much new coverage the server's clock still permits, counted up to `clock_at`. `beats` are the numbers already
    taken of the visit `visit`: a repeated beat changes nothing.
    """

    privacy = "export"
    on_erasure = (
        "blank spans covered_seconds position_seconds allowance_seconds visit beats evidence: "
        "that something was studied, as long as the unit"
    )

    member = models.ForeignKey(Member, models.CASCADE, related_name="progress")
    item = models.ForeignKey(StudyItem, models.PROTECT, related_name="progress")
    state = models.CharField(max_length=10, choices=ProgressState.choices, default=ProgressState.STUDYING)
    spans = models.JSONField(default=list)
    covered_seconds = models.FloatField(default=0)
    position_seconds = models.FloatField(default=0)
    allowance_seconds = models.FloatField(default=0)
    clock_at = models.DateTimeField(null=True)
    visit = models.CharField(max_length=22, blank=True)
    beats = models.JSONField(default=list)
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)
    rule_version = models.PositiveIntegerField(default=1)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress")
        constraints = [
            models.UniqueConstraint(fields=["member", "item"], name="one_progress_for_member_and_item"),
            models.CheckConstraint(
                condition=Q(state=ProgressState.STUDYING, completed_at=None)
                | Q(state=ProgressState.COMPLETED, completed_at__isnull=False),
                name="completed_has_a_moment",
            ),
        ]

    @property
    def is_completed(self) -> bool:
        return self.state == ProgressState.COMPLETED

    @property
    def is_by_hand(self) -> bool:
        """Completed by a leader's word."""
        return self.is_completed and self.evidence.get("how") == BY_HAND

    def has_seen_enough(self, *, gap: float) -> bool:
        """Asked of the spans: kept figures are rounded. Of a text the very end, too: somebody must have come there."""
        length, spans = self.item.length_seconds, [(start, end) for start, end in self.spans]
        if length is None or missing(spans, length, gap, spare=self.item.spare_seconds):
            return False
        return not self.item.is_text or is_end_seen(spans, length)

    @property
    def is_by_group(self) -> bool:
        """Completed with the group, not (yet) by the member alone."""
        return self.is_completed and self.evidence.get("how") == BY_GROUP

    @property
    def is_own(self) -> bool:
        """Completed by the member alone."""
        return self.is_completed and not self.is_by_group

    def complete(self, *, now: datetime, evidence: dict, rule_version: int) -> None:
        """Marks it; the first evidence of the member's own study stands, before that of a group."""
        if not self.is_own:
            self.state, self.completed_at = ProgressState.COMPLETED, now
            self.evidence, self.rule_version = evidence, rule_version

    def reopen(self) -> None:
        """The mark goes; what was seen stays, as far as it has been kept."""
        self.state, self.completed_at, self.evidence = ProgressState.STUDYING, None, {}
        self.rule_version = self.item.rule_version
        if not self.spans:
            self.covered_seconds = 0


class PastMark(models.Model):
    """A mark that was filed when its item was begun anew, because a plan asks for it once more. It counts as before."""

    privacy = "export"
    on_erasure = "blank evidence: that something was studied, as long as the unit"

    member = models.ForeignKey(Member, models.CASCADE, related_name="past_marks")
    item = models.ForeignKey(StudyItem, models.PROTECT, related_name="past_marks")
    completed_at = models.DateTimeField()
    evidence = models.JSONField(default=dict)
    rule_version = models.PositiveIntegerField()

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("past mark")
        constraints = [
            models.UniqueConstraint(fields=["member", "item", "completed_at"], name="a_mark_is_filed_once"),
        ]


class ConfirmationQuerySet(ProgressQuerySet):
    def standing(self) -> "ConfirmationQuerySet":
        return self.filter(withdrawn_at=None)


class Confirmation(models.Model):
    """A leader's word that a member has studied an item, with the reason; and when it was taken back, why."""

    privacy = "export"
    on_erasure = "blank reason withdrawn_reason: that something was studied, as long as the unit"

    member = models.ForeignKey(Member, models.CASCADE, related_name="confirmations")
    item = models.ForeignKey(StudyItem, models.PROTECT, related_name="confirmations")
    reason = models.CharField(max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=100, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation by hand")
