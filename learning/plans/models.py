from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learning.courses.audience import own_path, superior_paths
from learning.courses.models import StudyItem
from members.organisation.models import Organisation
from members.roles.policies import led_paths, organised_paths, under


class StudyPlanQuerySet(models.QuerySet):
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


class StudyPlan(models.Model):
    """What the members of a unit are to study in a period.

    `is_in_order`: its items are studied one after the other. `counts_earlier`: what was completed before the first day
    counts too; else it is studied once more.
    """

    privacy = "keep: who made a plan, as long as the plan"
    not_exported = "tells of a plan; who made it acted as organiser"

    title = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="study_plans")
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_in_order = models.BooleanField(default=False)
    counts_earlier = models.BooleanField(default=True)
    published_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = StudyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("study plan")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_ends_after_it_begins")
        ]

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
