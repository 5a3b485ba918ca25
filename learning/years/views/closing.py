"""Closing a year of study hours, for organisers."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learning.years.actions import close_year
from learning.years.queries import EARLIEST, YearOfUnit, closing_units, shelves_of, year_of
from learning.years.workbook import write_year
from members.audit.actions import record_event
from members.organisation.models import Organisation
from members.roles.doors import for_organisers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@for_organisers
def years(request: HttpRequest) -> HttpResponse:
    """The years of one's units, and how each stands."""
    return render(request, "learning/years.html", {"shelves": shelves_of(request.user, now=timezone.now())})


@require_safe
@for_organisers
def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year of a unit: what is still open, or the sums as they were closed and what came since."""
    return render(request, "learning/year.html", {"shown": _asked(request, year)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def year_close(request: HttpRequest, year: int) -> HttpResponse:
    """What closing means with what is still open; the one button closes."""
    shown = _asked(request, year)
    here = f"{reverse('learning:year', args=[year])}?unit={shown.unit.code}"
    if shown.closing is not None:
        return redirect(here)
    if not shown.may_close:
        raise Http404
    if request.method == "POST":
        close_year(unit=shown.unit, year=year, actor=request.user, now=timezone.now())
        messages.success(
            request, _("The year %(year)d is closed. What comes later is shown beside it.") % {"year": year}
        )
        return redirect(here)
    return render(request, "learning/year_close.html", {"shown": shown})


@require_safe
@for_organisers
def year_export(request: HttpRequest, year: int) -> HttpResponse:
    """A closed year as a workbook."""
    shown = _asked(request, year)
    if shown.closing is None:
        raise Http404
    file = BytesIO()
    write_year(file, shown)
    file.seek(0)
    detail = {"year": year}
    event = {"organisation": shown.unit.code, "about": shown.closing, "detail": detail}
    record_event("year.sums_taken", now=timezone.now(), actor=request.user, **event)
    name = _("Study hours %(year)d, %(unit)s.xlsx") % {"unit": shown.unit.name, "year": year}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _asked(request: HttpRequest, year: int) -> YearOfUnit:
    """The unit that is asked for, else the first of one's highest."""
    now = timezone.now()
    if not EARLIEST <= year <= timezone.localdate(now).year:
        raise Http404
    code = request.GET.get("unit") or request.POST.get("unit")
    if code:
        unit = get_object_or_404(Organisation.objects.organised_by(request.user), code=code)
    else:
        unit = next(iter(closing_units(request.user)), None)
    if unit is None:
        raise Http404
    return year_of(unit, year, user=request.user, now=now)
