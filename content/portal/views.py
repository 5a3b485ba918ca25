from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.portal.models import OpenPage, PortalPage, UnitPage
from content.portal.queries import home_of, notices_for, open_page_view, page_after_merger
from members.roles.models import Role
from members.roles.policies import has_role

PER_PAGE = 20


def home(request: HttpRequest, page: PortalPage) -> HttpResponse:
    """The front door: what is required of me, where I was, what is new."""
    context = page.get_context(request) | {
        "home": home_of(request, now=timezone.now()),
        "is_editor": has_role(request.user, Role.EDITOR),
    }
    return render(request, page.get_template(request), context)


def open_page(request: HttpRequest, page: OpenPage) -> HttpResponse:
    """A topic, a notice or a unit's page, for those who may see it; a merged unit's leads to its successor's."""
    if isinstance(page, UnitPage) and (after := page_after_merger(page, user=request.user)):
        return redirect(after.get_url(request))
    if not type(page).objects.visible_to(request.user).filter(pk=page.pk).exists():
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    context = page.get_context(request) | open_page_view(page, request=request)
    return render(request, page.get_template(request), context)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices that I may see, the newest first."""
    page = Paginator(notices_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "content/notices.html", {"page": page})
