from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning.planning.actions import NotReady, change_period, send_plan
from learning.planning.forms import PeriodForm, PlanForm
from learning.planning.items import ItemLine, in_order, lines_from, lines_of
from learning.planning.queries import choices_for, items_for, reach_of, seen_by, shelf_of, unfit_titles
from learning.plans.actions import PlanIsOut, begin_draft, change_draft, discard_draft
from learning.plans.models import StudyPlan
from learning.tasks import wake_fold
from members.roles.doors import for_organisers


@require_safe
@for_organisers
def plan_list(request: HttpRequest) -> HttpResponse:
    """Drafts, running plans, and those whose period is over."""
    today = timezone.localdate()
    return render(request, "learning/plan_list.html", {"shelf": shelf_of(request.user, today=today)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan_new(request: HttpRequest) -> HttpResponse:
    """A draft begins with its title, for whom and when; what is to be studied comes next."""
    year = timezone.localdate().year
    first = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate().replace(year=year, month=12, day=31)}
    form = PlanForm(request.POST if request.method == "POST" else None, user=request.user, initial=first)
    if form.is_valid():
        plan = begin_draft(**form.cleaned_data, made_by=request.user)
        return redirect("learning:plan", pk=plan.pk)
    return render(request, "learning/plan_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft to work on; of a published plan, what stands in it."""
    shown = get_object_or_404(seen_by(request.user).select_related("organisation"), pk=pk)
    is_own = StudyPlan.objects.organised_by(request.user).filter(pk=pk).exists()
    if shown.published_at is None:
        return _draft(request, shown)
    return _published(request, shown, is_own=is_own)


@require_POST
@for_organisers
def plan_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a draft that nobody needs."""
    draft = get_object_or_404(StudyPlan.objects.organised_by(request.user), pk=pk)
    try:
        discard_draft(plan=draft)
    except PlanIsOut:
        messages.info(request, _("Meanwhile this plan has been sent out; what is in it stands."))
        return redirect("learning:plan", pk=pk)
    messages.success(request, _("The draft is deleted."))
    return redirect("learning:plan_list")


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """How many people the plan concerns; then it goes out to them."""
    draft = get_object_or_404(StudyPlan.objects.organised_by(request.user).select_related("organisation"), pk=pk)
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
        return redirect(_board_of(draft))
    if draft.published_at is not None:
        return redirect("learning:plan", pk=pk)
    context = {"plan": draft, "reach": reach_of(draft), "number": draft.items.count(), "unfit": unfit_titles(draft)}
    return render(request, "learning/plan_publish.html", context)


def _draft(request: HttpRequest, draft: StudyPlan) -> HttpResponse:
    if request.method != "POST":
        asked = request.GET.get("q", "").strip()[:60]
        form = PlanForm(instance=draft, user=request.user)
        return _show_draft(request, draft, form, lines_of(draft), asked=asked)
    asked, ticked = request.POST.get("q", "").strip()[:60], request.POST.getlist("add")
    form = PlanForm(request.POST, instance=StudyPlan.objects.get(pk=draft.pk), user=request.user)
    is_right = form.is_valid()
    lines = lines_from(request.POST, request.POST.getlist("drop"), draft, form.period if is_right else None)
    if not is_right or any(line.wrong and not line.is_dropped for line in lines):
        return _show_draft(request, draft, form, lines, asked=asked, ticked=ticked)
    kept = [(line.item.pk, line.due_on) for line in in_order(lines)]
    known = {line.item.pk for line in lines}
    added = [(item.pk, None) for item in items_for(draft, ticked) if item.pk not in known]
    try:
        change_draft(plan=draft, **form.cleaned_data, items=[*kept, *added])
    except PlanIsOut:
        messages.info(request, _("Meanwhile this plan has been sent out; what is in it stands."))
        return redirect("learning:plan", pk=draft.pk)
    if "publish" in request.POST:
        return redirect("learning:plan_publish", pk=draft.pk)
    if "find" not in request.POST:
        messages.success(request, _("The draft is kept. Nobody sees it but the organisers."))
    search = "?" + urlencode({"q": asked}) if asked else ""
    return redirect(reverse("learning:plan", args=[draft.pk]) + search + ("#choose" if "find" in request.POST else ""))


def _show_draft(
    request: HttpRequest,
    draft: StudyPlan,
    form: PlanForm,
    lines: list[ItemLine],
    *,
    asked: str,
    ticked: list[str] | None = None,
) -> HttpResponse:
    context = {
        "plan": draft,
        "form": form,
        "lines": lines,
        "choices": choices_for(draft, asked=asked),
        "asked": asked,
        "ticked": ticked or [],
    }
    return render(request, "learning/plan_draft.html", context)


def _published(request: HttpRequest, shown: StudyPlan, *, is_own: bool) -> HttpResponse:
    sent = request.POST if request.method == "POST" and is_own else None
    form = PeriodForm(sent, instance=StudyPlan.objects.select_related("organisation").get(pk=shown.pk))
    if form.is_valid():
        change_period(plan=shown, **form.cleaned_data, actor=request.user, now=timezone.now())
        messages.success(request, _("Title and period are changed."))
        return redirect("learning:plan", pk=shown.pk)
    context = {
        "plan": shown,
        "form": form if is_own else None,
        "lines": lines_of(shown),
        "board": _board_of(shown, is_own=is_own),
    }
    return render(request, "learning/plan.html", context)


def _board_of(shown: StudyPlan, *, is_own: bool = True) -> str:
    if not is_own:
        return f"{reverse('learning:board')}?plan={shown.pk}"
    return f"{reverse('learning:board_unit', args=[shown.organisation.code])}?plan={shown.pk}"
