"""The yearly record on paper: for its member, and for who leads them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from learning.years.codes import in_groups
from learning.years.issuing import issue_record
from learning.years.models import YearRecord
from learning.years.presenting import sheet_of
from learning.years.queries import EARLIEST, years_of
from learning.years.record import digest_of, record_of
from members.accounts.models import Member
from members.activities.qr import draw
from members.audit.actions import record_event

reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


@reading_and_writing
@login_required
def own_record(request: HttpRequest, year: int) -> HttpResponse:
    """My study of one year on an A4 sheet; the button puts it under a code by which others can check it."""
    member = get_object_or_404(Member.objects.visible_to(request.user))
    return _record(request, member, year)


@reading_and_writing
@login_required
def year_record(request: HttpRequest, year: int, number: str) -> HttpResponse:
    """The same of somebody whom one leads, also of who has left."""
    member = get_object_or_404(Member.objects.led_by(request.user, with_ended=True), number=number)
    home = member.affiliations.order_by("-since", "-pk").values_list("organisation__code", flat=True).first()
    if request.method != "POST":
        seen = {"organisation": home or "", "about": member, "detail": {"year": year}}
        record_event("year.record_seen", now=timezone.now(), actor=request.user, **seen)
    return _record(request, member, year, is_led=True)


def _record(request: HttpRequest, member: Member, year: int, *, is_led: bool = False) -> HttpResponse:
    now = timezone.now()
    this_year = timezone.localdate(now).year
    if not EARLIEST <= year <= this_year:
        raise Http404
    if request.method == "POST":
        issue_record(member=member, year=year, actor=request.user, now=now)
        return redirect(request.path)
    figures = record_of(member, year)
    context = {
        "sheet": sheet_of(figures),
        "member": member,
        "is_led": is_led,
        "is_over": year < this_year,
        "today": timezone.localdate(now),
        "years": years_of(member, now=now),
    }
    papers = list(_doors(request).filter(member=member, year=year).distinct().order_by("-issued_at", "-pk"))
    issued = next((each for each in papers if each.digest == digest_of(figures)), None)
    context["earlier"] = [(each.issued_at, in_groups(each.code)) for each in papers if each != issued]
    return render(request, "learning/year_record.html", context | (_on_paper(request, issued) if issued else {}))


def _doors(request: HttpRequest):
    return YearRecord.objects.visible_to(request.user) | YearRecord.objects.led_by(request.user)


def _on_paper(request: HttpRequest, record: YearRecord) -> dict:
    address = request.build_absolute_uri(reverse("learning:verify_record", args=[in_groups(record.code)]))
    door = request.build_absolute_uri(reverse("learning:record_code"))
    return {"record": record, "code": in_groups(record.code), "qr": draw(address), "door": door}
