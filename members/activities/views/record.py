from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.activities.actions import NotOpen, UnknownGuest, add_guest, drop_guest, mark_attendance, write_minutes
from members.activities.decisions import NotReady, accept_activity, reopen_activity, return_activity, submit_activity
from members.activities.document import write_record
from members.activities.forms import ReasonForm, RecordForm
from members.activities.marks import everybody, marks_from
from members.activities.models import Activity, Attendance
from members.activities.queries import Record, own_unit, record_of, record_rows, with_facts
from members.activities.wording import say_about, say_attendance, say_record
from members.audit.actions import record_event

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ON_A_PAGE = 30


@login_required
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """All activities of the units that this person leads, the latest first."""
    if own_unit(request.user) is None:
        raise Http404
    led = Activity.objects.led_by(request.user)
    now = timezone.now()
    page = Paginator(with_facts(led.order_by("-starts_at", "-pk")), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "members/records.html", {"page": page, "rows": record_rows(page, now=now)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there and what was said; to be submitted, or to be judged."""
    activity = get_object_or_404(with_facts(Activity.objects.led_by(request.user)), pk=pk)
    now = timezone.now()
    shown = record_of(activity, user=request.user, now=now)
    if request.method == "POST":
        if shown.is_changeable and shown.has_begun:
            return _take(request, shown, now=now)
        messages.warning(request, _("This record cannot be changed just now."))
        return redirect("activities:record", pk=pk)
    record_event("activity.people_seen", now=now, actor=request.user, organisation=activity.lead.code, about=activity)
    return _show(request, shown, now=now)


@login_required
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit above accepts the record, returns it, or opens an accepted one again."""
    judged = Activity.objects.led_by(request.user).judged_by(request.user)
    activity = get_object_or_404(with_facts(judged), pk=pk)
    now, deed = timezone.now(), request.POST.get("deed")
    form = ReasonForm(request.POST)
    if deed != "accept" and not form.is_valid():
        return _show(request, record_of(activity, user=request.user, now=now), now=now, reason=form, status=422)
    try:
        if deed == "accept":
            seen = _moment(request.POST.get("seen"))
            accept_activity(activity=activity, seen=seen, actor=request.user, now=now)
            messages.success(request, _("Accepted and filed. Hours and study plans have been brought up to date."))
        else:
            act = reopen_activity if deed == "reopen" else return_activity
            act(activity=activity, reason=form.cleaned_data["reason"], actor=request.user, now=now)
            messages.success(request, _("It is with the unit again, with your words."))
    except NotOpen:
        messages.warning(request, _("The record has changed meanwhile. Please look at it once more."))
        return redirect("activities:record", pk=pk)
    return redirect("content:branch")


@login_required
@require_safe
def record_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as a Word document."""
    activity = get_object_or_404(with_facts(Activity.objects.led_by(request.user)), pk=pk)
    now = timezone.now()
    shown = record_of(activity, user=request.user, now=now)
    file = write_record(shown, now=now)
    record_event("activity.exported", now=now, actor=request.user, organisation=activity.lead.code, about=activity)
    name = _("Record, %(topic)s, %(day)s.docx") % {
        "topic": activity.topic,
        "day": timezone.localdate(activity.starts_at).isoformat(),
    }
    return FileResponse(file, as_attachment=True, filename=name, content_type=DOCX)


def _show(request: HttpRequest, shown: Record, *, now: datetime, status: int = 200, **forms) -> HttpResponse:
    activity = shown.activity
    members = [line.member for line in shown.lines]
    initial = {"minutes": shown.minutes, "host": activity.host_id, "recorder": activity.recorder_id}
    standing, say = say_record(activity, now=now)
    is_asked = not (shown.is_submitted and shown.may_judge) or "edit" in request.GET
    context = {
        "record": shown,
        "activity": activity,
        "about": say_about(activity, now=now),
        "attendance": say_attendance(shown.roster),
        "standing": standing,
        "say": say,
        "now": now,
        "is_editing": shown.is_changeable and shown.has_begun and is_asked,
        "form": RecordForm(members=members, initial=initial),
        "reason": ReasonForm(),
        "draft": f"record:{activity.pk}",
    }
    return render(request, "members/record.html", context | forms, status=status)


def _take(request: HttpRequest, shown: Record, *, now: datetime) -> HttpResponse:
    """Keeps everything that was ticked and written, then does what the button says."""
    activity, deed = shown.activity, request.POST.get("deed", "save")
    form = RecordForm(request.POST, members=[line.member for line in shown.lines])
    if not form.is_valid():
        return _show(request, shown, now=now, form=form, status=422)
    said, stamp = form.cleaned_data, {"actor": request.user, "now": now}
    rendered_at = _moment(request.POST.get("at"))
    came_since = Attendance.objects.led_by(request.user).filter(activity=activity, is_by_code=True)
    kept = set(came_since.filter(marked_at__gt=rendered_at or now).values_list("member_id", flat=True))
    marks = everybody(shown.lines) if deed == "everybody" else marks_from(request.POST, shown.lines, kept=kept)
    try:
        with transaction.atomic():
            mark_attendance(activity=activity, marks=marks, **stamp)
            if shown.may_run:
                written = {"text": said["minutes"], "host": said["host"], "recorder": said["recorder"]}
                write_minutes(activity=activity, **written, **stamp)
        return _go_on(request, shown, form, deed, now=now)
    except NotOpen:
        messages.warning(request, _("The record has changed meanwhile. Please look at it once more."))
        return redirect("activities:record", pk=activity.pk)


def _go_on(request: HttpRequest, shown: Record, form: RecordForm, deed: str, *, now: datetime) -> HttpResponse:
    activity, stamp = shown.activity, {"actor": request.user, "now": now}
    if not shown.may_run:
        messages.success(request, _("Saved."))
    elif deed == "guest":
        said = {"number": form.cleaned_data["guest_number"], "name": form.cleaned_data["guest_name"]}
        try:
            guest = add_guest(activity=activity, **said, **stamp)
        except UnknownGuest:
            form.add_error("guest_number", _("No member has this number and this name. Please look at both."))
            return _show(request, record_of(activity, user=request.user, now=now), now=now, form=form, status=422)
        messages.success(request, _("%(name)s is on the list as a guest.") % {"name": guest.name})
    elif deed.startswith("drop:"):
        guests = [line.member for line in shown.roster.guests if str(line.member.pk) == deed[5:]]
        for guest in guests:
            drop_guest(activity=activity, member=guest, **stamp)
    elif deed == "submit":
        try:
            submit_activity(activity=activity, **stamp)
        except NotReady:
            form.add_error(None, _("Nobody is ticked as present yet, so there is nothing to submit. It is saved."))
            return _show(request, record_of(activity, user=request.user, now=now), now=now, form=form, status=422)
        messages.success(request, _("Submitted. You are told here when it is accepted, or what to change."))
        return redirect("content:branch")
    else:
        messages.success(request, _("Saved."))
    return redirect("activities:record", pk=activity.pk)


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_datetime(text or "")
    except ValueError:
        return None
