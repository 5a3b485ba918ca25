from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.completion.standing import NEEDS_HELP, Standing
from learning.plans.models import PlanItem, StudyPlan
from members.accounts.models import Member
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import led_paths, under

STANDINGS = [
    (Standing.TODO, _("Not started yet")),
    (Standing.DOING, _("Studying")),
    (Standing.DONE, _("Studied")),
    (Standing.BY_BRANCH, _("Studies with the branch")),
    (Standing.NOT_REQUIRED, _("Not required")),
]
COUNTED = [*STANDINGS, (NEEDS_HELP, _("Needs help"))]


class OfMembersQuerySet(models.QuerySet):
    member = "member"

    def visible_to(self, user) -> "OfMembersQuerySet":
        """One's own."""
        return self.filter(**{f"{self.member}__user_id": user.pk}) if user.is_authenticated else self.none()

    def led_by(self, user) -> "OfMembersQuerySet":
        return self.filter(under(f"{self.unit}__path", led_paths(user)))

    unit = "organisation"

    def under(self, organisation: Organisation) -> "OfMembersQuerySet":
        return self.filter(under(f"{self.unit}__path", [organisation.path]))


class EnrolmentQuerySet(OfMembersQuerySet):
    pass


class CompletionQuerySet(OfMembersQuerySet):
    member = "enrolment__member"
    unit = "enrolment__organisation"


class Enrolment(models.Model):
    """One member in one plan: counted in the unit where the member belongs, from the day of joining on.

    `needs_help`: an open note says so (HelpNote); kept here so that it is counted as everything else is.
    """

    privacy = "export"
    on_erasure = "keep: where counted figures belong, as long as the unit"
    goes_with = ("member",)

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="enrolments")
    member = models.ForeignKey(Member, models.CASCADE, related_name="enrolments")
    # Without a constraint, as for counts: whoever takes people in does not wait for a unit that is being moved.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments", db_constraint=False)
    standing = models.CharField(max_length=12, choices=STANDINGS)
    needs_help = models.BooleanField(default=False)
    items_done = models.PositiveSmallIntegerField(default=0)
    counts_from = models.DateField()
    left_on = models.DateField(null=True)
    completed_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        constraints = [models.UniqueConstraint(fields=["plan", "member"], name="a_member_is_once_in_a_plan")]
        indexes = [models.Index(fields=["organisation", "plan", "standing"], name="enrolment_in_unit")]


class Completion(models.Model):
    """One item of a plan for one enrolled member: where it stands and since when."""

    privacy = "export"
    on_erasure = "keep: where counted figures belong, as long as the unit"

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="completions")
    plan_item = models.ForeignKey(PlanItem, models.CASCADE, related_name="completions")
    standing = models.CharField(max_length=12, choices=STANDINGS)
    completed_at = models.DateTimeField(null=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "plan_item"], name="one_completion_for_member_and_plan_item")
        ]
        indexes = [models.Index(fields=["plan_item", "standing"], name="completion_by_item")]


class Count(models.Model):
    """So many members stand so with a plan (or with one item of it) in a unit.

    The database does not ask for the unit: a unit that is being moved is locked until all its plans have followed, and
    whoever counts in it would wait for that.
    """

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="+")
    plan_item = models.ForeignKey(PlanItem, models.CASCADE, null=True, related_name="+")
    standing = models.CharField(max_length=12, choices=COUNTED)

    class Meta:
        abstract = True


class Tally(Count):
    """The folded count, for a unit with everything under it."""

    goes_with = ("organisation",)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tallies", db_constraint=False)
    members = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "plan", "standing"], condition=Q(plan_item=None), name="one_tally_for_a_plan"
            ),
            models.UniqueConstraint(
                fields=["organisation", "plan_item", "standing"],
                condition=Q(plan_item__isnull=False),
                name="one_tally_for_an_item",
            ),
        ]


class Delta(Count):
    """A change of a count on a day, written in the transaction of its cause, not yet folded into the tallies."""

    goes_with = ("organisation",)

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="deltas", db_constraint=False, db_index=False
    )
    change = models.IntegerField()
    day = models.DateField()

    class Meta:
        verbose_name = _("delta")
        indexes = [models.Index(fields=["plan", "organisation"], name="delta_of_plan")]


class DayCount(models.Model):
    """By how much a count of a unit itself changed on a day: summed up to a day it is the count as of that day."""

    goes_with = ("organisation",)

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="day_counts", db_constraint=False, db_index=False
    )
    standing = models.CharField(max_length=12, choices=COUNTED)
    day = models.DateField()
    change = models.IntegerField()

    class Meta:
        verbose_name = _("count of a day")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "standing", "day"], name="one_count_for_a_unit_and_day"
            )
        ]


class HelpReason(models.TextChoices):
    """Why somebody does not get on; chosen from these, never written, never about health."""

    PHONE = "phone", _("The telephone number has changed, reminders do not arrive")
    SIGN_IN = "sign_in", _("Cannot sign in")
    NO_PHONE = "no_phone", _("Has no telephone that goes online")
    HARD_TO_USE = "hard_to_use", _("Pages are hard to see, hear or use")
    CONTACT = "contact", _("Asks the organisation to get in touch")


class HelpNoteQuerySet(models.QuerySet):
    def open(self) -> "HelpNoteQuerySet":
        return self.filter(cleared_at=None)

    def visible_to(self, user) -> "HelpNoteQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "HelpNoteQuerySet":
        """Of those who belong today to units that this person leads."""
        homes = Affiliation.objects.open().led_by(user)
        return self.filter(member__in=homes.values("member_id"))


class HelpNote(models.Model):
    """Somebody needs help: said by the member or by who leads, cleared by either; never set by a rule."""

    privacy = "export"
    person = "member"

    member = models.ForeignKey(Member, models.CASCADE, related_name="help_notes")
    reason = models.CharField(max_length=12, choices=HelpReason.choices)
    since = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = HelpNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note that somebody needs help")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(cleared_at=None), name="one_open_note_for_a_member")
        ]


class NightlyCheck(models.Model):
    """What one check of the figures found in one night: how many differ from the records under them."""

    subject = models.CharField(max_length=20)
    day = models.DateField()
    checked_at = models.DateTimeField()
    wrong = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("check of the figures")
        constraints = [models.UniqueConstraint(fields=["day", "subject"], name="one_check_of_a_kind_a_day")]
