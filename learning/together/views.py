from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from learning.together.actions import AT_MOST, TooMany, choose_studied
from learning.together.choosing import choices_for
from members.activities.actions import NotOpen
from members.activities.kinds import OPEN
from members.activities.models import Activity
from members.activities.queries import with_facts

TYPED = 60


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def studied(request: HttpRequest, pk: int) -> HttpResponse:
    """What was studied in an activity: chosen by who keeps the record, read by who leads a unit that held it."""
    activity = get_object_or_404(with_facts(Activity.objects.led_by(request.user)), pk=pk)
    is_mine = Activity.objects.led_by(request.user).run_by(request.user).filter(pk=pk).exists()
    if request.method == "POST":
        return _choose(request, get_object_or_404(Activity.objects.led_by(request.user).run_by(request.user), pk=pk))
    asked = request.GET.get("q", "").strip()[:TYPED]
    context = {
        "activity": activity,
        "is_open": is_mine and activity.state in OPEN,
        "choices": choices_for(activity, asked=asked, today=timezone.localdate()),
        "asked": asked,
    }
    return render(request, "learning/studied.html", context)


def _choose(request: HttpRequest, activity: Activity) -> HttpResponse:
    ticked = {int(value) for value in request.POST.getlist("item") if value.isdecimal() and len(value) < 18}
    asked = request.POST.get("q", "").strip()[:TYPED]
    here = reverse("learning:studied", args=[activity.pk])
    try:
        number = choose_studied(activity=activity, item_ids=ticked, actor=request.user, now=timezone.now())
    except NotOpen:
        messages.warning(request, _("This record cannot be changed just now."))
        return redirect(here)
    except TooMany:
        messages.warning(request, _("At most %(number)d can be studied in one activity.") % {"number": AT_MOST})
        return redirect(here)
    if "find" in request.POST:
        return redirect(f"{here}?{urlencode({'q': asked})}#find")
    said = ngettext("%(number)d item was studied there.", "%(number)d items were studied there.", number)
    messages.success(request, said % {"number": number})
    return redirect("activities:record", pk=activity.pk)
