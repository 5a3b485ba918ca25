from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learning.courses.audience import own_path, superior_paths
from learning.courses.models import StudyItem
from members.organisation.kinds import PostKind
from members.organisation.models import Organisation
from members.roles.policies import led_paths, organised_paths, under


class StudyPlanQuerySet(models.QuerySet):
    def drafts(self) -> "StudyPlanQuerySet":
        """Not sent to anybody yet, and meant to be."""
        return self.filter(published_at=None, is_template=False)

    def templates(self) -> "StudyPlanQuerySet":
        """Kept to begin others from."""
        return self.filter(is_template=True)

    def published(self) -> "StudyPlanQuerySet":
        return self.filter(published_at__isnull=False)

    def running(self, on: date) -> "StudyPlanQuerySet":
        """Published, and the day lies in its period."""
        return self.published().filter(starts_on__lte=on, ends_on__gte=on)

    def unfinished(self, on: date) -> "StudyPlanQuerySet":
        """Published, and the period is not over: running, or still to begin."""
        return self.published().filter(ends_on__gte=on)

    def reaching(self, organisation: Organisation) -> "StudyPlanQuerySet":
        """Made for this unit or for one above it."""
        return self.filter(organisation__path__in=superior_paths(organisation.path))

    def visible_to(self, user) -> "StudyPlanQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self.published().filter(organisation__path__in=superior_paths(own_path(user)))

    def led_by(self, user) -> "StudyPlanQuerySet":
        """Plans that concern people whom this person leads: made in the led units, or above them."""
        paths = led_paths(user)
        above = {path for led in paths for path in superior_paths(led)}
        return self.filter(under("organisation__path", paths) | Q(organisation__path__in=above))

    def organised_by(self, user) -> "StudyPlanQuerySet":
        """Plans for units of which this person is organiser, drafts too: theirs to change."""
        return self.filter(under("organisation__path", organised_paths(user)))

    def offered_to(self, user) -> "StudyPlanQuerySet":
        """Plans from which this person may begin one: of the units served, and of those above them."""
        paths = organised_paths(user)
        above = {path for own in paths for path in superior_paths(own)}
        return self.filter(under("organisation__path", paths) | Q(organisation__path__in=above))


class StudyPlan(models.Model):
    """What the members of a unit are to study in a period.

    `is_in_order`: its items are studied one after the other. `counts_earlier`: what was completed before the first day
    counts too; else it is studied once more. `is_yearly`: every December a draft for the next year is made, which says
    in `repeats` what it repeats. `copied_from`: the plan of a unit above of which this one was a copy. `overlaps`: it
    was sent out or changed, and who joined in that moment is still to be looked for (learning.completion.overlaps).
    """

    privacy = "keep: who made a plan, as long as the plan"
    not_exported = "tells of a plan; who made it acted as organiser"

    title = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="study_plans")
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_in_order = models.BooleanField(default=False)
    counts_earlier = models.BooleanField(default=True)
    is_yearly = models.BooleanField(default=False)
    is_template = models.BooleanField(default=False)
    repeats = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="repeated_by")
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")
    published_at = models.DateTimeField(null=True)
    overlaps = models.BigIntegerField(null=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = StudyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("study plan")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(is_template=False) | Q(published_at=None), name="a_template_is_sent_to_nobody"
            ),
            models.UniqueConstraint(fields=["copied_from", "organisation"], name="a_unit_has_one_copy_of_a_plan"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(overlaps__isnull=False), name="plans_with_overlaps")]

    def __str__(self) -> str:
        return self.title


class PlanItem(models.Model):
    """One thing to study in a plan, required or offered. A course stands in a plan as its lessons.

    Its window is from `opens_on` to `due_on`, both within the period; without them the period is its window.
    """

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="items")
    item = models.ForeignKey(StudyItem, models.PROTECT, related_name="plan_items")
    order = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)
    opens_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("plan item")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["plan", "item"], name="an_item_stands_once_in_a_plan")]


class AudienceKind(models.TextChoices):
    STATUS = "status", _("a kind of member")
    MOBILE = "mobile", _("away on a registered spell")
    POST = "post", _("a post held")
    PERSON = "person", _("a person named")
    UNIT = "unit", _("a unit")


TEAM = "team"  # of posts: everybody in the leading body of a unit
TEAM_POSTS = tuple(kind for kind in PostKind if kind != PostKind.GROUP_LEADER)


class AudienceLineManager(models.Manager):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("organisation")


class AudienceLineQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AudienceLineQuerySet":
        """Those that name oneself."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()


class AudienceLine(models.Model):
    """Who of the unit of a plan is meant, or is not: `learning.plans.audience` says how lines go together."""

    privacy = "export"
    on_erasure = "keep: where counted figures belong, as long as the unit"
    person = "member"

    plan = models.ForeignKey(StudyPlan, models.CASCADE, related_name="audience")
    kind = models.CharField(max_length=10, choices=AudienceKind.choices)
    value = models.CharField(max_length=20, blank=True)  # which status, which post
    member = models.ForeignKey("members.Member", models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    is_exception = models.BooleanField(default=False)

    objects = AudienceLineManager.from_queryset(AudienceLineQuerySet)()

    class Meta:
        verbose_name = _("whom a plan concerns")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "value"],
                condition=Q(member=None, organisation=None),
                name="a_kind_of_people_is_meant_once",
            ),
            models.UniqueConstraint(fields=["plan", "member"], name="a_person_is_named_once_in_a_plan"),
            models.UniqueConstraint(fields=["plan", "organisation"], name="a_unit_is_left_out_once"),
            models.CheckConstraint(
                condition=Q(kind=AudienceKind.PERSON, member__isnull=False, organisation=None)
                | Q(kind=AudienceKind.UNIT, member=None, organisation__isnull=False, is_exception=True)
                | Q(kind__in=["status", "mobile", "post"], member=None, organisation=None, is_exception=False),
                name="an_audience_line_means_one_thing",
            ),
        ]
