from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SECRETARY = "secretary", _("Branch secretary")
    ORGANISER = "organiser", _("Organiser")
    EDITOR = "editor", _("Editor")
    CORRESPONDENT = "correspondent", _("Correspondent")
    LECTURER = "lecturer", _("Lecturer")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
# Who sees or does so much that a password alone must not open it (DESIGN §3).
IN_TWO_STEPS = (*ADMINISTRATORS, Role.ORGANISER, Role.EDITOR)


class RoleGrantQuerySet(models.QuerySet):
    def open(self, now: datetime) -> "RoleGrantQuerySet":
        """Not over yet, with or without an end in the future."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now))

    def live(self, now: datetime) -> "RoleGrantQuerySet":
        return self.open(now).filter(since__lte=now)

    def of(self, user) -> "RoleGrantQuerySet":
        return self.filter(user_id=user.pk)


class RoleGrant(models.Model):
    """A person acts in a role for one unit and everything under it (administrators: for the house), for a term.

    A grant with an end in the future is open too. A deputy (代理) acts for somebody who keeps their own grant.
    """

    privacy = "keep: who was allowed what and when, audit.retention"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    # The three administrators serve the whole installation: no unit.
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, null=True, blank=True, related_name="grants"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    deputy_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="deputy_grants"
    )
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(until__isnull=True),
                name="one_open_grant_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(until__isnull=True, organisation=None),
                name="one_open_grant_for_the_house",
            ),
            models.CheckConstraint(
                condition=Q(role__in=ADMINISTRATORS, organisation=None)
                | ~Q(role__in=ADMINISTRATORS) & Q(organisation__isnull=False),
                name="only_administrators_serve_the_house",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="grant_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(deputy_for=None) | Q(until__isnull=False) & ~Q(deputy_for=F("user")),
                name="a_deputy_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return timezone.localdate(self.until - timedelta(microseconds=1)) if self.until else None
