from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from learning.hours.ledger import ledger_of


@require_safe
@login_required
def hours(request: HttpRequest) -> HttpResponse:
    """What my study hours are made of, a year at a time."""
    ledger = ledger_of(request, year=request.GET.get("year", ""), now=timezone.now())
    return render(request, "learning/hours.html", {"ledger": ledger})
