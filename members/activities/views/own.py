from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.core.internal.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts.models import Member
from members.activities.actions import NotOpen, ask_leave, withdraw_leave
from members.activities.models import Activity
from members.activities.queries import COMING_SHOWN, PAST_SHOWN, own_activity, own_rows, to_sign_in_at, with_facts
from members.activities.sign_in import Outcome, activity_of_code, activity_seen, activity_showing
from members.activities.sign_in import sign_in as sign_in_member
from members.activities.wording import say_kinds, say_when, say_where

TRIES = {"sign_in_code": "10/300s/key"}
SEEN = "sign_in"  # in the session: the code in the hall was seen, and until when that is good
GOOD_FOR = timedelta(minutes=5)


@login_required
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What comes, and what was, for one member."""
    now, user = timezone.now(), request.user
    mine = Activity.objects.visible_to(user)
    coming, past = list(mine.coming(now)[:COMING_SHOWN]), list(mine.past(now)[:PAST_SHOWN])
    rows = own_rows([*coming, *past], user=user, now=now)
    context = {
        "coming": rows[: len(coming)],
        "past": rows[len(coming) :],
        "is_code_open": to_sign_in_at(user, now=now).exists(),
        "is_member": Member.objects.visible_to(user).present().exists(),
    }
    return render(request, "members/activities.html", context)


@login_required
@require_safe
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: what, when, where, who hosts; how the reader took part; the minutes once they are accepted."""
    now, user = timezone.now(), request.user
    shown = get_object_or_404(with_facts(Activity.objects.visible_to(user)).select_related("host"), pk=pk)
    member = Member.objects.visible_to(user).present().first()
    context = {
        "own": own_activity(shown, user=user, member=member, now=now),
        "activity": shown,
        "kinds": say_kinds(shown),
        "when": say_when(shown, now=now),
        "where": say_where(shown),
        "is_led": Activity.objects.led_by(user).filter(pk=pk).exists(),
    }
    return render(request, "members/activity.html", context)


@login_required
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for leave beforehand, or takes it back; no reason is asked."""
    shown = get_object_or_404(Activity.objects.visible_to(request.user), pk=pk)
    member = Member.objects.visible_to(request.user).present().first()
    is_withdrawn = request.POST.get("deed") == "withdraw"
    act = withdraw_leave if is_withdrawn else ask_leave
    try:
        is_done = member is not None and act(activity=shown, member=member, now=timezone.now())
    except NotOpen:
        is_done = False
    if is_done:
        said = _("You are expected again.") if is_withdrawn else _("Your leave is noted. The branch sees it.")
        messages.success(request, said)
    else:
        messages.warning(request, _("This cannot be changed here any more. Please tell your branch secretary."))
    return redirect("activities:activity", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """From the code in the hall to a row: scan, one button; or the six digits typed."""
    now = timezone.now()
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("activities:sign_in"))
        return _sign_in(request, now=now)
    typed, asked = request.GET.get("code", ""), request.GET.get("activity", "")
    if typed and asked.isdecimal() and len(asked) < 19:
        found = _try(request, lambda: activity_showing(int(asked), typed, now=now))
        if found is not None:
            request.session[SEEN] = [found.pk, (now + GOOD_FOR).timestamp()]
        elif not request.user.is_authenticated or _seen(request, now=now) is None:
            return _ask(request, _gone(), status=200)
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("activities:sign_in"))
    return _ask(request)


def _sign_in(request: HttpRequest, *, now: datetime) -> HttpResponse:
    member = Member.objects.visible_to(request.user).present().first()
    if member is None:
        return _ask(request, _("This account is not a Party member's; nothing was recorded."), status=422)
    typed = request.POST.get("code", "").strip()
    among = to_sign_in_at(request.user, now=now)
    found = _try(request, lambda: activity_of_code(typed, among, now=now)) if typed else _seen(request, now=now)
    if found is None:
        return _ask(request, _gone(), status=422)
    outcome = sign_in_member(activity=found, member=member, now=now)
    if outcome == Outcome.NOT_LISTED:
        return _ask(request, _not_listed(found), status=422)
    if outcome == Outcome.CLOSED:
        return _ask(
            request, _("Signing in at this activity is over; nothing was recorded. The secretary can tick you.")
        )
    request.session.pop(SEEN, None)
    if outcome == Outcome.ALREADY:
        messages.info(request, _("You had already signed in at this activity; once is enough."))
    else:
        messages.success(request, _("You have signed in at this activity."))
    return redirect("activities:activity", pk=found.pk)


def _ask(request: HttpRequest, wrong: str = "", *, status: int = 200) -> HttpResponse:
    seen = None if wrong else _seen(request, now=timezone.now())
    return render(request, "members/sign_in.html", {"seen": seen, "wrong": wrong}, status=status)


def _seen(request: HttpRequest, *, now: datetime) -> Activity | None:
    """The activity whose code this browser has shown a few minutes ago: signing in may take an elder some time."""
    pk, until = request.session.get(SEEN) or (None, 0)
    return activity_seen(pk) if until > now.timestamp() else None


def _try(request: HttpRequest, look: Callable[[], Activity | None]) -> Activity | None:
    """What the digits stand for. Ten wrong ones in five minutes are enough of guessing."""
    user = request.user
    key = f"user:{user.pk}" if user.is_authenticated else f"session:{request.META.get('REMOTE_ADDR', '')}"
    counted = {"app": "activities", "action": "sign_in_code", "config": TRIES, "key": key, "limit_get": True}
    if not consume(request, dry_run=True, **counted):
        return None
    found = look()
    if found is None:
        consume(request, **counted)
    return found


def _gone() -> str:
    return _("This code is not the one shown now; it changes every half minute. Scan again, or type the new digits.")


def _not_listed(activity: Activity) -> str:
    said = _("You are not on the list of “%(topic)s”, so nothing was recorded. The secretary can add you.")
    return said % {"topic": activity.topic}
