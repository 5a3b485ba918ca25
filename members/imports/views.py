import shutil
import tempfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from django.contrib import messages
from django.db import DatabaseError, IntegrityError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from members.imports.actions import take_list
from members.imports.forms import ListForm, too_large
from members.imports.kinds import DOORS, ListKind
from members.imports.pending import Pending, find, keep
from members.imports.queries import batches_for, preview_of, problems_of
from members.imports.workbook import write_commented
from members.organisation.import_report import ImportReport
from members.organisation.sentences import reason_of
from members.organisation.workbook import MEGABYTE, Limits, Sheet, read_rows
from members.roles.doors import for_organisers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@for_organisers
def import_list(request: HttpRequest) -> HttpResponse:
    """What was imported, when, by whom."""
    return render(request, "members/import_list.html", {"batches": batches_for(request.user)})


@csrf_exempt  # only so far that a body that is too large is refused unread; the form itself is protected
@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def import_new(request: HttpRequest) -> HttpResponse:
    """Takes a workbook in, to be looked at first."""
    if request.method == "POST" and _length(request) > Limits().file_bytes + MEGABYTE:
        shown = {"form": ListForm(), "doors": _examples(), "refusal": too_large()}
        return render(request, "members/import_new.html", shown, status=413)
    return _import_new(request)


@csrf_protect
def _import_new(request: HttpRequest) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListForm(*sent, initial={"kind": ListKind.MEMBERS})
    if form.is_valid():
        kind = ListKind(form.cleaned_data["kind"])
        sheet = _read(form.cleaned_data["file"], kind)
        refusals = [reason_of(problem) for problem in sheet.problems if not problem.row]
        if not refusals:
            key = keep(sheet, kind, user_id=request.user.pk, now=timezone.now())
            return redirect("imports:import_preview", key=key)
        form.add_error("file", refusals)
    return render(request, "members/import_new.html", {"form": form, "doors": _examples()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def import_preview(request: HttpRequest, key: str) -> HttpResponse:
    """What would change, or what is wrong; the one button takes all of it."""
    now = timezone.now()
    pending = _own_or_404(request, key)
    if pending.is_taken:
        messages.info(request, _("This list has been imported already."))
        return redirect("imports:import_list")
    if request.method == "POST":
        try:
            report = take_list(pending=pending, actor=request.user, now=now)
        except IntegrityError:
            messages.error(request, _("Somebody else changed the same data at this moment. Please look once more."))
            return redirect("imports:import_preview", key=key)
        except DatabaseError:
            messages.error(request, _("The database is busy. Nothing was imported; please try again in a minute."))
            return redirect("imports:import_preview", key=key)
        if not report.problems:
            messages.success(request, _said(pending, report))
            return redirect("imports:import_list")
    preview = preview_of(pending, user=request.user, now=now)
    return render(request, "members/import_preview.html", {"preview": preview, "key": key})


@require_safe
@for_organisers
def import_errors(request: HttpRequest, key: str) -> HttpResponse:
    """The list back, with a comment in each bad cell."""
    pending = _own_or_404(request, key)
    problems = problems_of(pending, user=request.user, now=timezone.now())
    if not any(problem.row for problem in problems):
        raise Http404
    file = BytesIO()
    write_commented(file, pending.sheet, DOORS[ListKind(pending.kind)].columns, problems)
    file.seek(0)
    stem = Path(pending.sheet.file_name).stem
    name = _("%(name)s, to put right.xlsx") % {"name": stem}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _own_or_404(request: HttpRequest, key: str) -> Pending:
    pending = find(key, user_id=request.user.pk, now=timezone.now())
    if pending is None:
        raise Http404
    return pending


def _read(file, kind: ListKind) -> Sheet:
    """The upload lies in a file of its own only while it is read."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        sheet = read_rows(copy.name, DOORS[kind].columns)
    return replace(sheet, file_name=file.name)


def _examples() -> list[tuple[str, tuple[str, ...]]]:
    return [(str(kind.label), DOORS[kind].columns) for kind in ListKind]


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0


def _said(pending: Pending, report: ImportReport) -> str:
    number = report.made + report.changed
    if pending.kind == ListKind.MEMBERS:
        return ngettext("%(number)d person imported.", "%(number)d people imported.", number) % {"number": number}
    return ngettext("%(number)d unit imported.", "%(number)d units imported.", number) % {"number": number}
