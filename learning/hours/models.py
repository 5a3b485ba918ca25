from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.courses.categories import HoursCategory
from learning.courses.models import StudyItem
from members.accounts.models import Member
from members.feedback.models import Feedback
from members.organisation.models import Organisation
from members.roles.of_members import RowsOfMembers
from members.roles.policies import under


class YearOf(models.Func):
    """The year of a day, by the database's own means: what a table checks must hold for whoever opens it."""

    template = "EXTRACT(YEAR FROM %(expressions)s)"
    output_field = models.IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="CAST(strftime('%%%%Y', %(expressions)s) AS integer)")


IN_QUARTERS = Q(hours=Round(F("hours") * 4) / 4)


class OfMemberQuerySet(RowsOfMembers):
    def under(self, organisation: Organisation) -> "OfMemberQuerySet":
        """Of members who belong to the unit or under it."""
        there = under("member__affiliations__organisation__path", [organisation.path])
        return self.filter(there, member__affiliations__until=None)


class HoursEntryQuerySet(OfMemberQuerySet):
    def in_year(self, year: int) -> "HoursEntryQuerySet":
        return self.filter(year=year)


class HoursSource(models.TextChoices):
    """Where hours come from."""

    LESSON = "lesson", _("Lesson or article")
    QUIZ = "quiz", _("Quiz")
    ATTENDANCE = "attendance", _("Activity of the branch")
    TRAINING = "training", _("Training")
    BY_HAND = "by_hand", _("Entered by hand")


class HoursEntry(models.Model):
    """One line of the ledger (学时明细). Never edited or deleted, and the database itself sees to it: a mistake is
    reversed by a line of its own. Only an erasure blanks what a line says in words.

    `year` is the one in which the hours count: that of `earned_on`, whenever the line is written. `evidence` says what
    they were given for, in figures and names of things.
    """

    privacy = "export"
    on_erasure = "blank reason evidence: study hours of the unit, as long as the unit"

    member = models.ForeignKey(Member, models.CASCADE, related_name="hours_entries")
    source = models.CharField(max_length=10, choices=HoursSource.choices)
    category = models.CharField(max_length=10, choices=HoursCategory.choices)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    earned_on = models.DateField()
    year = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=dict)
    item = models.ForeignKey(StudyItem, models.PROTECT, null=True, related_name="hours_entries")
    # What the hours were given for, e.g. "item:12"; nothing is paid twice.
    source_key = models.CharField(max_length=60)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = HoursEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("study hours")
        constraints = [
            models.UniqueConstraint(fields=["member", "source_key"], name="hours_once_for_each_source"),
            models.CheckConstraint(
                condition=Q(year=YearOf("earned_on")), name="hours_count_in_the_year_in_which_they_were_earned"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, hours__gte=0) | Q(reverses__isnull=False, hours__lte=0),
                name="only_a_reversal_takes_hours_back",
            ),
            models.CheckConstraint(condition=IN_QUARTERS, name="hours_are_counted_in_quarters"),
        ]
        indexes = [models.Index(fields=["year", "recorded_at"], name="hours_by_year_and_entry")]

    @property
    def is_late_entry(self) -> bool:
        """Written in another year than the one in which it counts (补录)."""
        return timezone.localdate(self.recorded_at).year != self.year

    def __str__(self) -> str:
        return f"{self.earned_on} {self.hours}"


class HoursTarget(models.Model):
    """How many hours are asked of one member in one year, instead of what the rules say; the reason is a short one."""

    privacy = "export"

    member = models.ForeignKey(Member, models.CASCADE, related_name="hours_targets")
    year = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.CharField(max_length=60)
    set_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = OfMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("individual target of study hours")
        constraints = [
            models.UniqueConstraint(fields=["member", "year"], name="one_target_for_member_and_year"),
            models.CheckConstraint(condition=IN_QUARTERS & Q(hours__gte=0), name="a_target_is_counted_in_quarters"),
        ]


class HoursQuestion(models.Model):
    """«I have a question»: which line of the ledger a word of feedback is about."""

    privacy = "export"
    on_erasure = "keep: that feedback was answered, as long as the unit"

    entry = models.ForeignKey(HoursEntry, models.PROTECT, related_name="questions")
    feedback = models.OneToOneField(Feedback, models.CASCADE, related_name="hours_question")

    class Meta:
        verbose_name = _("question about study hours")
