"""Whoever holds a printed yearly record checks it here, without signing in: only by the whole code (decision 0096)."""

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.years.codes import in_groups, read_code
from learning.years.issuing import find_record, verified
from learning.years.presenting import sheet_of
from members.audit.actions import record_event

# Who guesses types codes that are unknown; an office that checks a pile of papers does not.
COUNTED = {
    "app": "years",
    "config": {"unknown_record": "30/300s/ip", "verify_record": "300/300s/ip"},
    "limit_get": True,
}


@require_safe
@never_cache
def record_code(request: HttpRequest) -> HttpResponse:
    """Where the code of a paper is typed."""
    typed = request.GET.get("code", "").strip()[:60]
    code = read_code(typed)
    if code is not None:
        return redirect("learning:verify_record", code=in_groups(code))
    return render(request, "learning/record_code.html", {"typed": typed}, status=422 if typed else 200)


@require_safe
@never_cache
def verify_record(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the house issued this paper, whether the archive still says the same, and what came since."""
    if not _may_try(request):
        return _answer(request, "learning/record_wait.html", {}, status=429)
    meant = read_code(code)
    record = find_record(meant) if meant else None
    if record is None:
        consume(request, action="unknown_record", **COUNTED)
        return _answer(request, "learning/record_unknown.html", {"typed": code[:60]}, status=404)
    actor = request.user if request.user.is_authenticated else None
    record_event("year.record_verified", now=timezone.now(), actor=actor, about=record)
    found = verified(record)
    context = {"found": found, "sheet": sheet_of(found.figures), "code": in_groups(record.code)}
    return _answer(request, "learning/verify_record.html", context)


def _may_try(request: HttpRequest) -> bool:
    tried = consume(request, action="unknown_record", dry_run=True, **COUNTED)
    return tried is not None and consume(request, action="verify_record", **COUNTED) is not None


def _answer(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """For whoever holds the paper alone: found by no search engine, and the address is told to no other site."""
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
