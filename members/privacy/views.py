from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.audit.actions import record_event
from members.privacy.documents import write_json, write_workbook
from members.privacy.holdings import holdings_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def data(request: HttpRequest, form: str) -> HttpResponse:
    """All that is held about the person who asks, and about nobody else."""
    now, file = timezone.now(), BytesIO()
    if form == "json":
        file.write(write_json(holdings_of(request.user)).encode())
    else:
        write_workbook(file, holdings_of(request.user))
    file.seek(0)
    record_event("own_data.exported", now=now, actor=request.user, about=request.user, detail={"form": form})
    name = _("My data, %(day)s") % {"day": timezone.localdate(now).isoformat()}
    kind = "application/json" if form == "json" else XLSX
    return FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=kind)
