from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member
from members.organisation.models import Organisation
from members.roles.policies import superior_paths, under


class YearClosingQuerySet(models.QuerySet):
    def reaching(self, path: str) -> "YearClosingQuerySet":
        """Made for the unit at this path, or for one above it."""
        return self.filter(organisation__path__in=superior_paths(path))


class YearClosing(models.Model):
    """A year of study hours is closed (结转) for a unit and everybody under it whose year was open.

    What it says never changes: a line that is written later is a dated supplement (补充) beside it. `loose` says how
    many things of each kind were still open.
    """

    privacy = "keep: who closed a year, as long as the unit"
    not_exported = "tells of a unit; who closed the year acted as organiser"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="year_closings")
    year = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    loose = models.JSONField(default=dict)

    objects = YearClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing of a year")
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="a_unit_closes_a_year_once")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


class OfMemberInYearQuerySet(models.QuerySet):
    def visible_to(self, user) -> "OfMemberInYearQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()


class YearFigureQuerySet(OfMemberInYearQuerySet):
    def under(self, organisation: Organisation) -> "YearFigureQuerySet":
        return self.filter(under("organisation__path", [organisation.path]))


class YearFigure(models.Model):
    """One member's year as it was closed: where they belonged when it ended, and what the ledger held.

    `lines` are the lines of the ledger that were counted; `target` is null where nothing was asked of them.
    """

    privacy = "export"
    on_erasure = "keep: study hours of the unit, as long as the unit"

    closing = models.ForeignKey(YearClosing, models.CASCADE, related_name="figures")
    member = models.ForeignKey(Member, models.CASCADE, related_name="year_figures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="year_figures")
    year = models.PositiveSmallIntegerField()
    hours = models.JSONField(default=dict)  # {category: "1.50"}
    counted = models.DecimalField(max_digits=7, decimal_places=2)
    target = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    lines = models.JSONField(default=list)

    objects = YearFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a closed year")
        constraints = [models.UniqueConstraint(fields=["member", "year"], name="a_year_of_a_member_is_closed_once")]
        indexes = [models.Index(fields=["year", "organisation"], name="year_figure_in_unit")]


class YearRecordQuerySet(OfMemberInYearQuerySet):
    def led_by(self, user) -> "YearRecordQuerySet":
        return self.filter(member__in=Member.objects.led_by(user, with_ended=True).values("pk"))


class YearRecord(models.Model):
    """A yearly record (年度学习记录) as it was issued on paper; whoever holds the paper checks it by `code`.

    Never edited: what comes later is said beside it. It goes with the person, so a paper of who was erased is unknown.
    """

    privacy = "export"

    member = models.ForeignKey(Member, models.CASCADE, related_name="year_records")
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    figures = models.JSONField()
    digest = models.CharField(max_length=64)

    objects = YearRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly record")
        constraints = [
            models.UniqueConstraint(fields=["member", "year", "digest"], name="the_same_record_is_issued_once")
        ]
