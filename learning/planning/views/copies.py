from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from learning.planning.queries import units_to_copy_to
from learning.plans.actions import copy_plan, keep_template, repeat_plan
from learning.plans.models import StudyPlan
from members.roles.doors import for_organisers


@require_POST
@for_organisers
def plan_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps the plan as a template, from which others begin."""
    shown = get_object_or_404(StudyPlan.objects.organised_by(request.user), pk=pk)
    template = keep_template(plan=shown, made_by=request.user)
    messages.success(request, _("Kept as a template. When you make a plan, you can begin from it."))
    return redirect("learning:plan", pk=template.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def plan_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of the plan for each unit that is ticked; the organisers there find it among their drafts."""
    plans = StudyPlan.objects.organised_by(request.user).select_related("organisation")
    shown = get_object_or_404(plans, pk=pk)
    units, is_missing = units_to_copy_to(shown, request.user), False
    if request.method == "POST":
        ticked = [each.unit for each in units if each.unit.code in request.POST.getlist("unit") and not each.has_copy]
        if ticked:
            made = copy_plan(plan=shown, units=ticked, made_by=request.user)
            _say_copied(request, len(made), len(ticked) - len(made))
            return redirect("learning:plan_list")
        is_missing = True
    context = {"plan": shown, "units": units, "is_missing": is_missing}
    return render(request, "learning/plan_copy.html", context, status=422 if is_missing else 200)


@require_POST
@for_organisers
def plan_repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for the next year, as a draft; the year that was stays as it is."""
    out = StudyPlan.objects.organised_by(request.user).published()
    shown = get_object_or_404(out, pk=pk)
    draft, is_new = repeat_plan(plan=shown, made_by=request.user)
    if is_new:
        messages.success(request, _("A draft for the next year is made: every day stands one year later."))
    return redirect("learning:plan", pk=draft.pk)


def _say_copied(request: HttpRequest, made: int, passed_over: int) -> None:
    said = ngettext("%(number)d draft is made.", "%(number)d drafts are made.", made) % {"number": made}
    if passed_over:
        said += _("In %(number)d units nobody belongs whom the plan names; nothing is made there.") % {
            "number": passed_over
        }
    messages.success(request, said)
