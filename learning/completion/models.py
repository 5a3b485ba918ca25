from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.completion.standing import Standing
from learning.plans.models import PlanItem, StudyPlan
from members.accounts.models import Member
from members.organisation.models import Organisation
from members.roles.policies import led_paths, under

STANDINGS = [
    (Standing.TODO, _("Not started yet")),
    (Standing.DOING, _("Studying")),
    (Standing.DONE, _("Studied")),
    (Standing.BY_BRANCH, _("Studies with the branch")),
    (Standing.NOT_REQUIRED, _("Not required")),
]


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
    """One member in one plan: counted in the unit where the member belongs, from the day of joining on."""

    privacy = "export"
    on_erasure = "keep: where counted figures belong, as long as the unit"
    goes_with = ("member",)

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="enrolments")
    member = models.ForeignKey(Member, models.CASCADE, related_name="enrolments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments")
    standing = models.CharField(max_length=12, choices=STANDINGS)
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
    """So many members stand so with a plan (or with one item of it) in a unit."""

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="+")
    plan_item = models.ForeignKey(PlanItem, models.CASCADE, null=True, related_name="+")
    standing = models.CharField(max_length=12, choices=STANDINGS)

    class Meta:
        abstract = True


class Tally(Count):
    """The folded count, for a unit with everything under it."""

    goes_with = ("organisation",)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tallies")
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
    """A change of a count, written in the transaction of its cause, not yet folded into the tallies."""

    goes_with = ("organisation",)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="deltas")
    change = models.IntegerField()

    class Meta:
        verbose_name = _("delta")
        indexes = [models.Index(fields=["plan", "organisation"], name="delta_of_plan")]
