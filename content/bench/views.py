from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.bench.queries import bench_of
from content.bench.tree import beginning, tree_of
from content.bench.unit_page import unit_page_of
from members.audit.actions import record_event
from members.organisation.models import Organisation
from members.roles.policies import led_paths

TYPED = 50


@login_required
@require_safe
def branch(request: HttpRequest) -> HttpResponse:
    """The secretary's page: what there is to do."""
    bench = bench_of(request.user, now=timezone.now())
    if bench is None:
        raise Http404
    return render(request, "content/branch.html", {"bench": bench})


@login_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree, one level a page, or the units that are called so."""
    if not led_paths(request.user):
        raise Http404
    code, typed = request.GET.get("under", ""), request.GET.get("q", "").strip()[:TYPED]
    led = Organisation.objects.led_by(request.user)
    unit = get_object_or_404(led, code=code) if code else beginning(request.user)
    asked = {"unit": unit, "typed": typed, "is_with_closed": request.GET.get("closed") == "1"}
    tree = tree_of(request.user, number=request.GET.get("page"), **asked)
    return render(request, "content/organisations.html", {"tree": tree})


@login_required
@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: who, what, when, and the next step."""
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=code)
    now = timezone.now()
    record_event("unit.seen", now=now, actor=request.user, organisation=unit.code, about=unit)
    asked = {"typed": request.GET.get("q", "").strip()[:TYPED], "number": request.GET.get("page")}
    shown = unit_page_of(unit, user=request.user, now=now, **asked)
    return render(request, "content/organisation.html", {"shown": shown, "unit": unit})
