from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.activities.actions import NotOpen
from members.activities.models import Activity, SignInCode
from members.activities.qr import draw
from members.activities.queries import with_facts
from members.activities.roster import roster_of
from members.activities.rotation import STEP_SECONDS, digits, seconds_left, step_at
from members.activities.sign_in import EARLIEST, close_code, open_code, open_code_of
from members.activities.wording import say_kinds


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code for the hall: another one every half minute, while it is open."""
    run = with_facts(Activity.objects.led_by(request.user).run_by(request.user))
    activity = get_object_or_404(run, pk=pk)
    now = timezone.now()
    if request.method == "POST":
        return _turn(request, activity)
    roster = roster_of(activity, user=request.user)
    standing = open_code_of(activity, now=now)
    context = {
        "activity": activity,
        "kinds": say_kinds(activity),
        "came": roster.came,
        "expected": roster.expected,
        "is_early": now < activity.starts_at - EARLIEST,
        "is_open": standing is not None,
    }
    if standing is not None:
        context |= _shown(request, standing, now=now)
    return render(request, "members/code.html", context)


def _turn(request: HttpRequest, activity: Activity) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("deed") == "close":
        close_code(activity=activity, actor=request.user, now=now)
        return redirect("activities:record", pk=activity.pk)
    try:
        open_code(activity=activity, actor=request.user, now=now)
    except NotOpen:
        messages.warning(request, _("The code can be shown from two hours before the beginning until it is submitted."))
    return redirect("activities:code", pk=activity.pk)


def _shown(request: HttpRequest, standing: SignInCode, *, now) -> dict:
    said = digits(standing.secret, standing.activity_id, step_at(now))
    query = urlencode({"activity": standing.activity_id, "code": said})
    address = request.build_absolute_uri(f"{reverse('activities:sign_in')}?{query}")
    return {"digits": said, "qr": draw(address), "left": seconds_left(now), "step": STEP_SECONDS}
