from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.activities.actions import NotOpen, add_unit, announce_activity, change_activity, drop_unit
from members.activities.decisions import cancel_activity
from members.activities.forms import FactsForm, initial_facts, usual_facts
from members.activities.models import Activity
from members.activities.queries import kinds_for, own_unit, units_named, with_facts
from members.organisation.models import Organisation


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """What, when and where: of a new activity, or of one that is not accepted yet."""
    units = Organisation.objects.led_by(request.user).open().in_order()
    activity = get_object_or_404(_run_by(request), pk=pk) if pk else None
    unit = activity.lead if activity else own_unit(request.user, code=request.GET.get("unit", ""))
    if unit is None:
        raise Http404
    if activity and request.POST.get("deed") == "cancel":
        return _cancel(request, activity)
    begun = {"initial": initial_facts(activity) if activity else usual_facts(unit, now=timezone.now())}
    sent = request.POST if request.method == "POST" else None
    form = FactsForm(sent, units=units, unit=unit, is_changing=activity and activity.minutes_long, **begun)
    if form.is_valid():
        return _take(request, form, activity)
    fitting, others = kinds_for(unit)
    context = {"form": form, "activity": activity, "unit": unit, "units": units, "fitting": fitting, "others": others}
    context |= {"ticked": form["kinds"].value() or [], "draft": f"activity:{pk or 'new'}"}
    return render(request, "members/facts.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """Which other units hold it too: found by name, added and taken away."""
    activity = get_object_or_404(_run_by(request), pk=pk)
    if request.method == "POST":
        organisation = get_object_or_404(Organisation.objects.open(), code=request.POST.get("code", ""))
        act = drop_unit if request.POST.get("deed") == "drop" else add_unit
        try:
            act(activity=activity, organisation=organisation, actor=request.user, now=timezone.now())
        except NotOpen:
            messages.warning(request, _("This record is with the unit above; it cannot be changed just now."))
        return redirect("activities:units", pk=pk)
    words = request.GET.get("q", "").strip()
    held = [holding.organisation for holding in activity.holdings.all()]
    found = [unit for unit in units_named(words) if unit not in held]
    return render(request, "members/units.html", {"activity": activity, "words": words, "held": held, "found": found})


def _run_by(request: HttpRequest):
    return with_facts(Activity.objects.led_by(request.user).run_by(request.user))


def _take(request: HttpRequest, form: FactsForm, activity: Activity | None) -> HttpResponse:
    now = timezone.now()
    if activity is None:
        activity = announce_activity(facts=form.facts(), actor=request.user, now=now)
        if activity.starts_at > now:
            messages.success(request, _("It is arranged. Everybody on the list finds it under Activities."))
        return redirect("activities:record", pk=activity.pk)
    try:
        change_activity(activity=activity, facts=form.facts(), actor=request.user, now=now)
    except NotOpen:
        messages.warning(request, _("This record is accepted; only the unit above can open it again."))
    else:
        messages.success(request, _("Saved."))
    return redirect("activities:record", pk=activity.pk)


def _cancel(request: HttpRequest, activity: Activity) -> HttpResponse:
    try:
        cancel_activity(activity=activity, actor=request.user, now=timezone.now())
    except NotOpen:
        messages.warning(request, _("This record is with the unit above; it cannot be changed just now."))
    else:
        messages.success(request, _("Noted: it does not take place. Members read so under Activities."))
    return redirect("activities:record", pk=activity.pk)
