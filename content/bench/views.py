from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.bench.queries import bench_of


@login_required
@require_safe
def branch(request: HttpRequest) -> HttpResponse:
    """The secretary's page: what there is to do."""
    bench = bench_of(request.user, now=timezone.now())
    if bench is None:
        raise Http404
    return render(request, "content/branch.html", {"bench": bench})
