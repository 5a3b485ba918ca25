from datetime import date
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.board.days import read_day
from learning.board.missing import missing_of
from learning.board.people import enrolled, items_of, iter_people, page_of, people_of, reason, rows_of
from learning.board.people_then import people_then
from learning.board.queries import Board, board_of, family_of
from learning.board.workbook import write_board
from learning.completion.forms import HelpForm
from learning.completion.helping import ask_for_help, clear_help
from learning.completion.models import HelpNote, HelpReason
from learning.hours.models import HoursEntry
from learning.hours.queries import hours_of
from members.audit.actions import record_event
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import organised_paths

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def board(request: HttpRequest, code: str = "") -> HttpResponse:
    """A unit at a glance: the units under it with their counts; of a branch, the people."""
    family = family_of(code, user=request.user)
    if (family is None or family.unit.successor_id) and _plan_id(request) is None:
        successor = Organisation.objects.led_by(request.user).filter(predecessors__code=code).first()
        if successor is not None:  # of a certain plan the old figures are asked for
            return redirect("learning:board_unit", code=successor.code)
    if family is None:
        raise Http404
    shown, unit = board_of(family, user=request.user, plan_id=_plan_id(request), day=_day(request)), family.unit
    is_organiser = bool(organised_paths(request.user))
    if not (shown.names_people and shown.plan):
        return render(request, "learning/board.html", {"board": shown, "is_organiser": is_organiser})
    now = timezone.now()
    record_event("board.people_seen", now=now, actor=request.user, organisation=unit.code, about=shown.plan)
    if shown.days.asked:
        then = people_then(unit, shown.plan, user=request.user, day=shown.days.asked)
        context = {"board": shown, "is_organiser": is_organiser, "people": then}
        return render(request, "learning/board_then.html", context)
    is_all = request.GET.get("who") == "all"
    asked = people_of(unit, shown.plan, user=request.user, is_all=is_all)
    page = page_of(asked, request.GET.get("page", ""))
    context = {
        "board": shown,
        "is_all": is_all,
        "is_organiser": is_organiser,
        "everybody": shown.total.members,
        "page": page,
        "people": rows_of(page, shown.plan, user=request.user, today=timezone.localdate(now)),
        "kept": f"plan={shown.plan.pk}{'&who=all' if is_all else ''}",
    }
    return render(request, "learning/board_people.html", context)


@require_safe
@login_required
def board_export(request: HttpRequest, code: str) -> HttpResponse:
    """The same board as a workbook, with everybody's state and reason."""
    shown = _board_or_404(request, code, day=_day(request))
    unit = shown.unit
    now = timezone.now()
    if shown.days.asked:
        people = iter(people_then(unit, shown.plan, user=request.user, day=shown.days.asked))
    else:
        people = iter_people(unit, shown.plan, user=request.user, today=timezone.localdate(now))
    file = BytesIO()
    write_board(file, shown, people)
    file.seek(0)
    detail = {"people": shown.total.members}
    record_event("board.exported", now=now, actor=request.user, organisation=unit.code, about=shown.plan, detail=detail)
    name = _("Study, %(unit)s, %(day)s.xlsx") % {
        "unit": unit.name,
        "day": (shown.days.asked or timezone.localdate(now)).isoformat(),
    }
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
@login_required
def person(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One person of a unit: where they stand with each item, and why."""
    shown = _board_or_404(request, code)
    unit = shown.unit
    enrolment = get_object_or_404(enrolled(unit, shown.plan, user=request.user), member__number=number)
    now = timezone.now()
    record_event("board.person_seen", now=now, actor=request.user, organisation=unit.code, about=enrolment)
    items = items_of(enrolment, user=request.user, today=timezone.localdate(now))
    missing = missing_of(enrolment)
    context = {
        "board": shown,
        "enrolment": enrolment,
        "member": enrolment.member,
        "items": items,
        "help_note": HelpNote.objects.led_by(request.user).open().filter(member=enrolment.member).first(),
        "hours": hours_of(enrolment.member, HoursEntry.objects.led_by(request.user), now=now),
        "reason": reason(enrolment, shown.plan, missing, today=timezone.localdate(now)),
    }
    return render(request, "learning/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def person_help(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Somebody of the unit needs help, or was helped."""
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=code)
    homes = Affiliation.objects.led_by(request.user).open().filter(organisation__in=Organisation.objects.under(unit))
    home = get_object_or_404(homes.select_related("member", "organisation"), member__number=number)
    note = HelpNote.objects.led_by(request.user).open().filter(member=home.member).first()
    form = HelpForm(
        request.POST if request.method == "POST" else None, initial={"reason": note.reason if note else None}
    )
    now = timezone.now()
    if request.method == "POST" and "clear" in request.POST:
        clear_help(member=home.member, actor=request.user, now=now)
    elif request.method == "POST" and form.is_valid():
        reason = HelpReason(form.cleaned_data["reason"])
        ask_for_help(member=home.member, reason=reason, actor=request.user, now=now)
    else:
        record_event("board.person_seen", now=now, actor=request.user, organisation=unit.code, about=home.member)
        context = {"unit": unit, "home": home, "form": form, "note": note}
        return render(request, "learning/person_help.html", context, status=422 if form.is_bound else 200)
    messages.success(request, _("It is noted for %(name)s.") % {"name": home.member.name})
    return redirect("learning:board_unit", code=unit.code)


@require_safe
@login_required
def help_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the page of who asked for help, wherever they belong by now."""
    note = get_object_or_404(HelpNote.objects.led_by(request.user).select_related("member"), pk=pk)
    if note.cleared_at is not None:
        messages.info(request, _("It has been noted already that help was given."))
        return redirect("members:person", number=note.member.number)
    return redirect("learning:person_help", code=note.member.organisation_now().code, number=note.member.number)


def _board_or_404(request: HttpRequest, code: str, *, day: date | None = None) -> Board:
    """Of a unit that the reader leads and that a plan concerns."""
    family = family_of(code, user=request.user)
    shown = board_of(family, user=request.user, plan_id=_plan_id(request), day=day) if family else None
    if shown is None or shown.plan is None:
        raise Http404
    return shown


def _day(request: HttpRequest) -> date | None:
    """Any day that was typed comes before one that was chosen."""
    said = request.GET.get("day") or request.GET.get("asof", "")
    return read_day(said, today=timezone.localdate())


def _plan_id(request: HttpRequest) -> int | None:
    asked = request.GET.get("plan", "")
    return int(asked) if asked.isdecimal() else None
