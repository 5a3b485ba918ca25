import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from members.imports.actions import confirm_list, pick_columns, receive_list
from members.imports.exports import export_list
from members.imports.files import ListFiles
from members.imports.forms import ColumnsForm, ExportForm, ListForm, too_large
from members.imports.kinds import DOORS, ListKind
from members.imports.models import BY_ITSELF, IncomingList, ListStep
from members.imports.queries import EXAMPLES, batches_for, headings_of, line_of, progress_of
from members.imports.tasks import wake_imports
from members.imports.undoing import ask_undo
from members.organisation.models import ImportBatch
from members.organisation.problems import Problem
from members.organisation.sentences import reason_of
from members.organisation.workbook import MEGABYTE, Limits
from members.roles.doors import for_organisers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@for_organisers
def import_list(request: HttpRequest) -> HttpResponse:
    """What was imported, when, by whom."""
    waiting = IncomingList.objects.visible_to(request.user).kept(timezone.now()).exclude(step=ListStep.DONE)
    shown = {"batches": batches_for(request.user), "waiting": waiting.order_by("-pk")}
    return render(request, "members/import_list.html", shown)


@csrf_exempt  # only so far that a body that is too large is refused unread; the form itself is protected
@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def import_new(request: HttpRequest) -> HttpResponse:
    """Takes a list in, to be looked at first."""
    if request.method == "POST" and _length(request) > Limits().file_bytes + MEGABYTE:
        shown = {"form": ListForm(), "doors": _examples(), "refusal": too_large()}
        return render(request, "members/import_new.html", shown, status=413)
    return _import_new(request)


@csrf_protect
def _import_new(request: HttpRequest) -> HttpResponse:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListForm(*sent, initial={"kind": ListKind.MEMBERS})
    if form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        incoming = receive_list(file=file, file_name=file.name, kind=kind, actor=request.user, now=timezone.now())
        wake_imports()
        return redirect("imports:import_preview", key=incoming.key)
    return render(request, "members/import_new.html", {"form": form, "doors": _examples()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def import_columns(request: HttpRequest, key: str) -> HttpResponse:
    """Which heading means what: as guessed, to be confirmed or put right."""
    incoming = _own_or_404(request, key)
    if incoming.step not in (ListStep.ASK, ListStep.SHOW):
        return redirect("imports:import_preview", key=key)
    headings = headings_of(ListFiles(incoming).sheet(most=20 * EXAMPLES))
    form = ColumnsForm(request.POST or None, incoming=incoming, headings=headings)
    if form.is_valid():
        if pick_columns(incoming=incoming, picked=form.picked()):
            wake_imports()
        return redirect("imports:import_preview", key=key)
    shown = {"form": form, "headings": headings, "incoming": incoming, "kind": DOORS[incoming.kind].label}
    return render(request, "members/import_columns.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def import_preview(request: HttpRequest, key: str) -> HttpResponse:
    """Where a list stands: being worked on, what would change, what is wrong. The one button takes all of it."""
    incoming = _own_or_404(request, key)
    if request.method == "POST":
        if confirm_list(incoming=incoming):
            wake_imports()
        return redirect("imports:import_preview", key=key)
    if incoming.step == ListStep.ASK:
        return redirect("imports:import_columns", key=key)
    if incoming.step == ListStep.DONE:
        return redirect("imports:import_batch", pk=incoming.batch_id) if incoming.batch_id else _gone(request)
    if incoming.step in BY_ITSELF:
        shown = {"incoming": incoming, "progress": progress_of(incoming)}
        return render(request, "members/import_progress.html", shown)
    if incoming.step == ListStep.REFUSED:
        found = [Problem(**each) for each in ListFiles(incoming).said("refusal") or ()]
        shown = {"incoming": incoming, "refusals": [reason_of(problem) for problem in found]}
        return render(request, "members/import_refused.html", shown)
    shown = {"incoming": incoming, "preview": ListFiles(incoming).said("preview"), "key": key}
    return render(request, "members/import_preview.html", shown)


@require_safe
@for_organisers
def import_errors(request: HttpRequest, key: str) -> HttpResponse:
    """The list back, with a comment in each bad cell."""
    incoming = _own_or_404(request, key)
    path = ListFiles(incoming).path("errors")
    if incoming.step != ListStep.SHOW or not path.is_file():
        raise Http404
    name = _("%(name)s, to put right.xlsx") % {"name": Path(incoming.file_name).stem}
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What one import did; the button takes it back, as long as nothing depends on it."""
    batches = ImportBatch.objects.led_by(request.user).light().filter(kind__in=DOORS).select_related("imported_by")
    batch = get_object_or_404(batches, pk=pk)
    if request.method == "POST":
        if ask_undo(batch=batch, actor=request.user, now=timezone.now()):
            wake_imports()
        return redirect("imports:import_batch", pk=pk)
    is_waiting = batch.undo_asked_at is not None and batch.undone_at is None and not batch.undo_refusals
    shown = {"batch": batch, "line": line_of(batch), "is_waiting": is_waiting, "undoing": DOORS[batch.kind].undoing}
    return render(request, "members/import_batch.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organisers
def register_export(request: HttpRequest) -> HttpResponse:
    """The register as a list that can be imported again; telephones only when asked for, with the reason noted."""
    form = ExportForm(request.POST or None, initial={"kind": ListKind.MEMBERS})
    if not form.is_valid():
        return render(request, "members/register_export.html", {"form": form})
    kind, now = ListKind(form.cleaned_data["kind"]), timezone.now()
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it when it has been sent
    export_list(file, kind=kind, user=request.user, now=now, purpose=form.asked_purpose())
    file.seek(0)
    name = f"{kind.label} {timezone.localdate(now).isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _own_or_404(request: HttpRequest, key: str) -> IncomingList:
    return get_object_or_404(IncomingList.objects.visible_to(request.user).kept(timezone.now()), key=key)


def _gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("This list has been imported already."))
    return redirect("imports:import_list")


def _examples() -> list[tuple[str, tuple[str, ...]]]:
    return [(str(door.label), door.columns) for door in DOORS.values()]


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0
