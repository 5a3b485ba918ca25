"""The audit administrator's pages: the log, whether its chain is whole, and the log as a workbook."""

from io import BytesIO
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from members.accounts.administering import only_for
from members.accounts.log import ACTIONS, MOST_ROWS, Wanted, page_of, write_log
from members.audit.actions import record_event
from members.audit.queries import broken_links
from members.roles.models import Role
from members.roles.policies import events_for

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@only_for(Role.AUDIT_ADMIN)
def audit(request: HttpRequest) -> HttpResponse:
    wanted = Wanted.read(request.GET)
    before = request.GET.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 18 else None
    lines, next_before = page_of(wanted.within(events_for(request.user)), before=number)
    record_event("audit.read", now=timezone.now(), actor=request.user, detail=wanted.noted())
    context = {
        "lines": lines,
        "wanted": wanted,
        "query": urlencode(wanted.said()),
        "next_before": next_before,
        "actions": sorted(ACTIONS.items(), key=lambda each: each[0]),
        "most": MOST_ROWS,
    }
    return render(request, "members/audit.html", context)


@require_POST
@only_for(Role.AUDIT_ADMIN)
def verify_audit(request: HttpRequest) -> HttpResponse:
    """Recomputes every link of the chain and says whether it is whole."""
    broken = broken_links()
    record_event("audit.verified", now=timezone.now(), actor=request.user, detail={"broken": len(broken)})
    if broken:
        named = _(", ").join(map(str, broken[:10]))
        said = ngettext(
            "The chain is broken at %(count)d event: %(numbers)s. Keep the database as it is and call for help.",
            "The chain is broken at %(count)d events: %(numbers)s. Keep the database as it is and call for help.",
            len(broken),
        )
        messages.error(request, said % {"count": len(broken), "numbers": named})
    else:
        count = events_for(request.user).count()
        messages.success(request, _("The chain is whole: %(count)s events, none changed.") % {"count": count})
    return redirect("members:audit")


@require_safe
@only_for(Role.AUDIT_ADMIN)
def audit_export(request: HttpRequest) -> HttpResponse:
    wanted, now = Wanted.read(request.GET), timezone.now()
    file = BytesIO()
    write_log(file, wanted.within(events_for(request.user)))
    file.seek(0)
    record_event("audit.exported", now=now, actor=request.user, detail=wanted.noted())
    name = _("Audit log, %(day)s.xlsx") % {"day": timezone.localdate(now).isoformat()}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
