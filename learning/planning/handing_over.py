"""Drafts of plans, and pages that nobody has published yet: what this room leaves open when a post changes hands."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, WorkflowState, get_page_models

from learning.courses.models import StudyPage
from learning.plans.models import StudyPlan
from members.handovers.kinds import OpenKind, Thing, register
from members.roles.policies import under


class DraftPlans(OpenKind):
    name, place = "plans", 40
    label = gettext_lazy("Study plans not sent out yet")
    after = gettext_lazy("The organiser goes on with them under “Study plans”.")

    def open_rows(self, paths, *, writer_id=None):
        reached = Q() if paths is None else under("organisation__path", list(paths))
        return StudyPlan.objects.drafts().filter(reached)

    def rows(self, pks):
        return StudyPlan.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        found = rows.select_related("organisation").order_by("starts_on", "pk")
        return [
            Thing(
                self.name,
                each.pk,
                each.title,
                each.organisation.name,
                each.organisation.path,
                each.made_by_id,
                reverse("learning:plan", args=[each.pk]),
            )
            for each in found
        ]


class UnpublishedPages(OpenKind):
    """Never published, or in somebody's workflow: whoever began it answers for it."""

    name, place = "pages", 50
    label = gettext_lazy("Pages not published yet, or waiting in a workflow")
    after = gettext_lazy("The successor becomes the owner of the page.")
    is_checked = False
    is_reassigned = True

    def open_rows(self, paths, *, writer_id=None):
        pages = Page.objects.filter(Q(live=False, first_published_at=None) | Q(pk__in=_in_workflow()))
        reached = Q(pk__in=[])
        for model in get_page_models():
            if issubclass(model, StudyPage):
                within = Q() if paths is None else under("organisation__path", list(paths))
                reached |= Q(pk__in=model.objects.filter(within).values("pk"))
        return pages.filter(reached)

    def rows(self, pks):
        return Page.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        found = list(rows.order_by("title", "pk").specific())
        waiting = set(_in_workflow()) if found else set()
        return [self._thing(each, each.pk in waiting) for each in found]

    def _thing(self, page: Page, is_waiting: bool) -> Thing:
        about = _("waits in a workflow") if is_waiting else _("not published yet")
        unit = getattr(page, "organisation", None)
        return Thing(self.name, page.pk, page.title, about, unit.path if unit else "", page.owner_id, is_kept=True)

    def pass_on(self, pk, *, to, actor, now):
        return bool(Page.objects.filter(pk=pk).update(owner=to))


def _in_workflow() -> list[int]:
    waiting = WorkflowState.objects.filter(
        status__in=(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES),
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    return [int(pk) for pk in waiting.values_list("object_id", flat=True)]


for kind in (DraftPlans(), UnpublishedPages()):
    register(kind)
