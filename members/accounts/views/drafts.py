"""What the script sends while somebody types. The middleware has kept it before these are asked."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from members.accounts.draft_keeping import drop_draft as drop
from members.accounts.views.addresses import own_address


@require_POST
def drafts(request: HttpRequest) -> HttpResponse:
    """Whether what somebody is typing is kept."""
    return HttpResponse(status=204 if getattr(request, "typed", None) else 401)


@require_POST
@login_required
def drop_draft(request: HttpRequest) -> HttpResponse:
    drop(user_id=request.user.pk, form_key=request.POST.get("key", ""))
    return redirect(own_address(request, request.POST.get("next")))
