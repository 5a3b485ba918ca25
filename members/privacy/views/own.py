"""One's own data: take along, see who saw them, ask to correct or erase, agree or decline."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.consent import Consent, ConsentText
from members.accounts.consenting import answer_consent, text_in_force
from members.accounts.models import Member
from members.accounts.views.addresses import own_address
from members.audit.actions import record_event
from members.privacy.actions import AlreadyAsked, ask_about_data
from members.privacy.documents import write_json, write_workbook
from members.privacy.forms import AskForm
from members.privacy.holdings import holdings_of
from members.privacy.models import DataRequest
from members.privacy.sightings import sightings_of
from members.privacy.wording import say_kept

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


@require_safe
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """Who looked at or exported what is held about me: by day, duty and unit."""
    before = request.GET.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 18 else None
    lines, next_before = sightings_of(request.user, before=number)
    return render(request, "members/seen.html", {"lines": lines, "next_before": next_before, "is_later": number})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """What I asked to be corrected or erased, each with its answer; and the form to ask."""
    member = get_object_or_404(Member.objects.visible_to(request.user).present())
    chosen = {"kind": request.GET.get("kind", "correct")}
    form = AskForm(request.POST if request.method == "POST" else None, initial=chosen)
    if form.is_bound and form.is_valid():
        try:
            ask_about_data(member=member, now=timezone.now(), **form.cleaned_data)
        except AlreadyAsked:
            form.add_error(
                None, _("You have asked for this already; it is answered first. What you wrote is still here.")
            )
        else:
            messages.success(request, _("Sent. The answer will stand here, by the day that is named."))
            return redirect("privacy:requests")
    mine = DataRequest.objects.visible_to(request.user).select_related("organisation").order_by("-sent_at", "-pk")
    told = [(each, say_kept(each.kept)) for each in mine[:50]]
    context = {"form": form, "key": "data-request:new", "told": told, "today": timezone.localdate()}
    return render(request, "members/requests.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def consent(request: HttpRequest) -> HttpResponse:
    """The text in force, what I answered, and the two answers: asked once, to be changed at any time."""
    get_object_or_404(Member.objects.visible_to(request.user).present())
    wanted = own_address(request, request.POST.get("next") or request.GET.get("next"))
    if request.method == "POST":
        return _answered(request, wanted)
    last = Consent.objects.visible_to(request.user).select_related("text").last()
    context = {"text": text_in_force(), "last": last, "next": wanted}
    return render(request, "members/consent.html", context)


def _answered(request: HttpRequest, wanted: str) -> HttpResponse:
    """The answer counts for the version that was read; where a newer one came meanwhile, that one is asked."""
    version, said = request.POST.get("version", ""), request.POST.get("answer", "")
    if not version.isdecimal() or said not in ("yes", "no"):
        raise Http404
    text = get_object_or_404(ConsentText, version=int(version[:4]))
    if text != text_in_force():
        messages.info(request, _("The text has been changed meanwhile. Please read it once more."))
        return redirect("privacy:consent")
    answer_consent(user=request.user, text=text, is_given=said == "yes", now=timezone.now())
    if said == "yes":
        messages.success(request, _("Thank you. You can change your mind at any time under “Mine”."))
        return redirect(wanted)
    messages.success(request, _("That is all right. Your branch arranges your study; nothing is recorded online."))
    return redirect("members:me")
