from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.courses.categories import HoursCategory
from learning.hours.models import IN_QUARTERS, OfMemberQuerySet
from members.accounts.models import Member
from members.roles.policies import organised_paths, under


class ClaimState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for approval")
    APPROVED = "approved", _("Approved and recorded")
    DECLINED = "declined", _("Not recorded")


class HoursClaimQuerySet(OfMemberQuerySet):
    def waiting(self) -> "HoursClaimQuerySet":
        return self.filter(state=ClaimState.PROPOSED, member__ended_on=None)

    def decided(self) -> "HoursClaimQuerySet":
        return self.exclude(state=ClaimState.PROPOSED)

    def judged_by(self, user) -> "HoursClaimQuerySet":
        """Of members whom this person organises; nobody judges what they proposed, or their own hours."""
        organised = under("member__affiliations__organisation__path", organised_paths(user))
        theirs = self.filter(Q(member__affiliations__until=None) & organised)
        return theirs.exclude(proposed_by_id=user.pk).exclude(member__user_id=user.pk)


class HoursClaim(models.Model):
    """Hours that a leader asks to have recorded for a member (人工补录): only an approval writes the line."""

    privacy = "export"
    on_erasure = "blank title note decline_reason: study hours of the unit, as long as the unit"

    member = models.ForeignKey(Member, models.CASCADE, related_name="hours_claims")
    title = models.CharField(_("what for"), max_length=100)
    category = models.CharField(max_length=10, choices=HoursCategory.choices)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    held_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decline_reason = models.CharField(max_length=200, blank=True)
    # Of the showing of the form from which it came: sent twice, it stands once.
    sent_key = models.CharField(max_length=64, null=True, unique=True)

    objects = HoursClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours entered by hand")
        constraints = [
            models.CheckConstraint(condition=IN_QUARTERS & Q(hours__gt=0), name="a_claim_is_counted_in_quarters"),
            models.CheckConstraint(
                condition=Q(state=ClaimState.PROPOSED, decided_at=None)
                | Q(state__in=[ClaimState.APPROVED, ClaimState.DECLINED], decided_at__isnull=False),
                name="a_decided_claim_has_a_moment",
            ),
        ]

    @property
    def year(self) -> int:
        day: date = self.held_on
        return day.year
