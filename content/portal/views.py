from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from content.portal.models import PortalPage
from content.portal.queries import home_of


def home(request: HttpRequest, page: PortalPage) -> HttpResponse:
    """The front door: what is required of me, where I was, what is new."""
    context = page.get_context(request) | {"home": home_of(request, now=timezone.now())}
    return render(request, page.get_template(request), context)
