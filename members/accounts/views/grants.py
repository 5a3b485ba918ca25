"""The security administrator's pages: who holds which role where; given and ended here, never to oneself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.administering import only_for
from members.accounts.staff_forms import GrantForm
from members.audit.actions import record_event
from members.roles.actions import NotGranted, end_grant, grant_role
from members.roles.duties import duties_by_role, shared_duties
from members.roles.models import Role
from members.roles.policies import grants_for

A_PAGE = 50


@require_safe
@only_for(Role.SECURITY_ADMIN)
def grants(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    role, who, unit = (request.GET.get(name, "").strip() for name in ("role", "who", "unit"))
    found = grants_for(request.user).live(now).select_related("user", "organisation", "deputy_for")
    if role in Role.values:
        found = found.filter(role=role)
    if who:
        found = found.filter(user__username__startswith=who)
    if unit:
        found = found.filter(organisation__code__startswith=unit)
    record_event("grants.seen", now=now, actor=request.user)
    page = Paginator(found.order_by("organisation__code", "role", "user__username", "pk"), A_PAGE)
    context = {"page": page.get_page(request.GET.get("page")), "roles": Role.choices}
    return render(request, "members/grants.html", context | {"role": role, "who": who, "unit": unit})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Role.SECURITY_ADMIN)
def new_grant(request: HttpRequest) -> HttpResponse:
    """Asked twice: first filled in, then read once more with the names."""
    form = GrantForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if "sure" not in request.POST:
            return render(request, "members/new_grant.html", {"form": form, "asked": given, "role": _role(given)})
        try:
            grant_role(
                user=given["who"],
                role=Role(given["role"]),
                organisation=given["organisation"],
                last_day=given["last_day"],
                deputy_for=given["deputy_for"],
                actor=request.user,
                now=timezone.now(),
            )
        except NotGranted as refusal:
            form.add_error("who", str(refusal))
        else:
            messages.success(request, _("The role is given, from now on."))
            return redirect("members:grants")
    return render(request, "members/new_grant.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Role.SECURITY_ADMIN)
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then ends the grant; who leads nothing any more keeps the account and all that was studied."""
    grant = get_object_or_404(grants_for(request.user).select_related("user", "organisation"), pk=pk)
    if request.method == "POST":
        if grant.user_id == request.user.pk:
            messages.warning(request, _("Nobody ends their own role."))
        else:
            end_grant(grant=grant, actor=request.user, now=timezone.now())
            messages.success(request, _("The role has ended, as of now."))
        return redirect("members:grants")
    return render(request, "members/end_role.html", {"grant": grant})


@require_safe
@login_required
def role_table(request: HttpRequest) -> HttpResponse:
    """What each role may do: the same table that the tests read."""
    return render(request, "members/role_table.html", {"roles": duties_by_role(), "shared": shared_duties()})


def _role(given: dict) -> str:
    return Role(given["role"]).label
