from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.completion.tasks import wake_fold
from learning.planning.actions import ChangedMeanwhile, PlanIsOver, change_plan
from learning.planning.editing import SEARCHES, Editing, editing
from learning.planning.effects import effect_of
from learning.planning.people import people_of_plan
from learning.planning.views.plans import board_of, show_editor
from learning.plans.models import StudyPlan
from members.audit.actions import record_event
from members.roles.doors import for_organisers


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a plan that is out may be changed; first a page shows what that does to whom."""
    out = StudyPlan.objects.organised_by(request.user).published()
    shown = get_object_or_404(out.select_related("organisation"), pk=pk)
    if request.method != "POST":
        if shown.ends_on < timezone.localdate():
            return _over(request, shown)
        return show_editor(request, editing(shown, user=request.user, searched=request.GET))
    typed = editing(shown, user=request.user, typed=request.POST, searched=request.POST)
    if not typed.is_right:
        return show_editor(request, typed, status=422)
    if any(name in request.POST for name in (*SEARCHES, "edit")):
        return show_editor(request, typed)
    if not typed.shape.items:
        messages.error(request, _("Nothing would be left in the plan. Please keep something, or put something in."))
        return show_editor(request, typed, status=422)
    try:
        return _confirmed(request, typed) if "confirm" in request.POST else _show_effect(request, typed)
    except PlanIsOver:
        return _over(request, shown)


@require_safe
@for_organisers
def plan_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would get the plan, or has it, and why; or who of its unit does not, and why. That it was seen is noted."""
    shown = get_object_or_404(StudyPlan.objects.organised_by(request.user).select_related("organisation"), pk=pk)
    now, code = timezone.now(), shown.organisation.code
    record_event("plan.people_seen", now=now, actor=request.user, organisation=code, about=shown)
    is_out, page = request.GET.get("who") == "out", request.GET.get("page", "")
    people = people_of_plan(shown, is_out=is_out, page=page, today=timezone.localdate(now))
    return render(request, "learning/plan_people.html", {"plan": shown, "shown": people, "kept": "who=out" * is_out})


def _confirmed(request: HttpRequest, typed: Editing) -> HttpResponse:
    seen = request.POST["confirm"]
    try:
        change_plan(plan=typed.plan, shape=typed.shape, seen=seen, actor=request.user, now=timezone.now())
    except ChangedMeanwhile:
        return _show_effect(request, typed, is_changed_meanwhile=True)
    wake_fold()
    messages.success(request, _("The plan is changed. What people have studied stays theirs."))
    return redirect(board_of(StudyPlan.objects.select_related("organisation").get(pk=typed.plan.pk)))


def _show_effect(request: HttpRequest, typed: Editing, *, is_changed_meanwhile: bool = False) -> HttpResponse:
    effect = effect_of(typed.plan, typed.shape, page=request.POST.get("page", ""), now=timezone.now())
    if effect.is_nothing:
        messages.info(request, _("Nothing is changed yet: everything stands as before."))
        return show_editor(request, typed)
    code = typed.plan.organisation.code
    record_event("plan.people_seen", now=timezone.now(), actor=request.user, organisation=code, about=typed.plan)
    context = {
        "plan": typed.plan,
        "effect": effect,
        "carried": typed.carried,
        "is_changed_meanwhile": is_changed_meanwhile,
    }
    return render(request, "learning/plan_effect.html", context)


def _over(request: HttpRequest, shown: StudyPlan) -> HttpResponse:
    messages.info(request, _("The period of this plan is over, and its figures stand. You can make it once more."))
    return redirect("learning:plan", pk=shown.pk)
