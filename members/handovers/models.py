from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.organisation.models import Organisation
from members.roles.policies import led_paths, under


class HandoverState(models.TextChoices):
    OPEN = "open", _("Waits for the successor")
    ACCEPTED = "accepted", _("Taken over")
    RETURNED = "returned", _("Not taken over yet")
    WITHDRAWN = "withdrawn", _("Taken back")


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user) -> "HandoverQuerySet":
        """One hands over, takes over, or has made it; and those of the units that one leads."""
        if not user.is_authenticated:
            return self.none()
        own = Q(leaving_id=user.pk) | Q(successor_id=user.pk) | Q(made_by_id=user.pk)
        return self.filter(own | under("organisation__path", led_paths(user)))

    def led_by(self, user) -> "HandoverQuerySet":
        return self.filter(under("organisation__path", led_paths(user)))

    def open(self) -> "HandoverQuerySet":
        return self.filter(state=HandoverState.OPEN)


class Handover(models.Model):
    """A post changes hands (交接): what was open, listed on one day, given by one and taken over by another."""

    privacy = "keep: who handed over to whom, as long as the unit"
    not_exported = "tells of a unit and its posts; who gave and took is named there as a duty"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="handovers")
    leaving = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    successor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=HandoverState.choices, default=HandoverState.OPEN)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=200, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handing over of a post")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "leaving"], condition=Q(state=HandoverState.OPEN), name="one_open_handover"
            ),
            models.CheckConstraint(
                condition=Q(leaving=None) | Q(successor=None) | ~Q(leaving=F("successor")),
                name="nobody_hands_over_to_oneself",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == HandoverState.OPEN


class HandoverLine(models.Model):
    """One open thing as it was listed: which it is, never what it says."""

    privacy = "keep: what was handed over, as long as the unit"

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=20)
    thing_id = models.PositiveBigIntegerField()
    is_passed_on = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of a handing over")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "kind", "thing_id"], name="a_thing_is_handed_over_once")
        ]
        indexes = [models.Index(fields=["kind", "thing_id"], name="handover_of_a_thing")]
