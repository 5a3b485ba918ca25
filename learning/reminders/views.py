from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from learning.board.queries import plans_for, usual_plan
from learning.plans.models import StudyPlan
from learning.reminders.actions import remind as send_reminders
from learning.reminders.queries import reminder_of
from members.audit.actions import record_event
from members.organisation.models import Organisation


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remind(request: HttpRequest, code: str) -> HttpResponse:
    """Who gets which reminder and who gets none, and why; the one button sends it."""
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=code)
    plan = _plan_or_404(request, unit)
    now = timezone.now()
    if request.method == "POST":
        number = send_reminders(unit=unit, plan=plan, actor=request.user, now=now)
        messages.success(request, _said(number))
        return redirect(f"{reverse('learning:board_unit', args=[unit.code])}?plan={plan.pk}")
    record_event("reminders.people_seen", now=now, actor=request.user, organisation=unit.code, about=plan)
    reminder = reminder_of(unit, plan, user=request.user, now=now)
    return render(request, "learning/remind.html", {"unit": unit, "plan": plan, "reminder": reminder})


def _plan_or_404(request: HttpRequest, unit: Organisation) -> StudyPlan:
    asked = request.GET.get("plan", "")
    plans = list(plans_for(unit, user=request.user))
    named = (each for each in plans if str(each.pk) == asked)
    plan = next(named, None) if asked else usual_plan(unit, plans)
    if plan is None:
        raise Http404
    return plan


def _said(number: int) -> str:
    if not number:
        return _("Nobody is left to be reminded this week.")
    return ngettext("Sent to %(number)d person.", "Sent to %(number)d people.", number) % {"number": number}
