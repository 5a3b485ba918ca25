from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.completion.tasks import wake_fold
from learning.planning.actions import NotReady, send_plan
from learning.planning.audience import say_audience
from learning.planning.editing import SEARCHES, Editing, editing, words
from learning.planning.forms import NewPlanForm
from learning.planning.items import lines_of
from learning.planning.queries import reach_of, seen_by, shelf_of, unfit_titles
from learning.plans.actions import NobodyNamed, PlanIsOut, begin_draft, change_draft, discard_draft
from learning.plans.models import StudyPlan
from learning.plans.shape import shape_of
from members.roles.doors import for_organisers


@require_safe
@for_organisers
def plan_list(request: HttpRequest) -> HttpResponse:
    """Drafts, running plans, those whose period is over, and templates."""
    today = timezone.localdate()
    return render(request, "learning/plan_list.html", {"shelf": shelf_of(request.user, today=today)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan_new(request: HttpRequest) -> HttpResponse:
    """A draft begins with its title, for whom and when; what is to be studied comes next, or from a template."""
    today = timezone.localdate()
    first = {"starts_on": today, "ends_on": today.replace(month=12, day=31), "template": request.GET.get("template")}
    form = NewPlanForm(request.POST if request.method == "POST" else None, user=request.user, initial=first)
    if form.is_valid():
        try:
            plan = begin_draft(**form.cleaned_data, made_by=request.user)
        except NobodyNamed:
            form.add_error("template", _("It names people, and none of them belongs to this unit."))
        else:
            return redirect("learning:plan", pk=plan.pk)
    return render(request, "learning/plan_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft or a template to work on; of a plan that is out, what stands in it."""
    shown = get_object_or_404(seen_by(request.user).select_related("organisation"), pk=pk)
    if shown.published_at is not None and request.method == "POST":
        messages.info(request, _("Meanwhile this plan has been sent out; what is in it stands."))
        return redirect("learning:plan", pk=pk)
    if shown.published_at is not None:
        return _published(request, shown)
    if request.method != "POST":
        return show_editor(request, editing(shown, user=request.user, searched=request.GET))
    return _keep(request, editing(shown, user=request.user, typed=request.POST, searched=request.POST))


@require_POST
@for_organisers
def plan_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a draft or a template that nobody needs."""
    draft = get_object_or_404(StudyPlan.objects.organised_by(request.user), pk=pk)
    try:
        discard_draft(plan=draft)
    except PlanIsOut:
        messages.info(request, _("Meanwhile this plan has been sent out; what is in it stands."))
        return redirect("learning:plan", pk=pk)
    messages.success(request, _("The template is deleted.") if draft.is_template else _("The draft is deleted."))
    return redirect("learning:plan_list")


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """How many people the plan concerns; then it goes out to them."""
    drafts = StudyPlan.objects.organised_by(request.user).filter(is_template=False)
    draft = get_object_or_404(drafts.select_related("organisation"), pk=pk)
    if request.method == "POST":
        try:
            number = send_plan(plan=draft, actor=request.user, now=timezone.now())
        except NotReady:
            return redirect("learning:plan_publish", pk=pk)
        wake_fold()
        said = ngettext(
            "The plan has been sent to %(number)d person.", "The plan has been sent to %(number)d people.", number
        )
        messages.success(request, said % {"number": number})
        return redirect(board_of(draft))
    if draft.published_at is not None:
        return redirect("learning:plan", pk=pk)
    context = {
        "plan": draft,
        "reach": reach_of(draft, today=timezone.localdate()),
        "number": draft.items.count(),
        "unfit": unfit_titles(draft),
        "meant": say_audience(shape_of(draft)),
    }
    return render(request, "learning/plan_publish.html", context)


def show_editor(request: HttpRequest, shown: Editing, *, status: int = 200) -> HttpResponse:
    """Everything about a plan in one form."""
    context = {"plan": shown.plan, "form": shown.form, "shown": shown, "lines": shown.lines}
    template = "learning/plan_change.html" if shown.plan.published_at else "learning/plan_draft.html"
    return render(request, template, context, status=status)


def _keep(request: HttpRequest, shown: Editing) -> HttpResponse:
    if not shown.is_right:
        return show_editor(request, shown, status=422)
    try:
        change_draft(plan=shown.plan, shape=shown.shape)
    except PlanIsOut:
        messages.info(request, _("Meanwhile this plan has been sent out; what is in it stands."))
        return redirect("learning:plan", pk=shown.plan.pk)
    if "publish" in request.POST:
        return redirect("learning:plan_publish", pk=shown.plan.pk)
    page = reverse("learning:plan", args=[shown.plan.pk])
    if not any(name in request.POST for name in SEARCHES):
        messages.success(request, _("Kept. Nobody sees it but the organisers."))
        return redirect(page)
    asked = {name: said for name in ("q", "who") if (said := words(request.POST, name))}
    return redirect(f"{page}?{urlencode(asked)}#{'choose' if 'find' in request.POST else 'audience'}")


def _published(request: HttpRequest, shown: StudyPlan) -> HttpResponse:
    is_own = StudyPlan.objects.organised_by(request.user).filter(pk=shown.pk).exists()
    context = {
        "plan": shown,
        "is_own": is_own,
        "is_over": shown.ends_on < timezone.localdate(),
        "lines": lines_of(shown),
        "meant": say_audience(shape_of(shown)),
        "next_year": StudyPlan.objects.organised_by(request.user).filter(repeats=shown).first(),
        "board": board_of(shown, is_own=is_own),
    }
    return render(request, "learning/plan.html", context)


def board_of(shown: StudyPlan, *, is_own: bool = True) -> str:
    """Where the figures of a plan stand."""
    if not is_own:
        return f"{reverse('learning:board')}?plan={shown.pk}"
    return f"{reverse('learning:board_unit', args=[shown.organisation.code])}?plan={shown.pk}"
