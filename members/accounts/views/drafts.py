"""What the script sends while somebody types. The middleware has kept it before these are asked."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from members.accounts.draft_keeping import KEY_LENGTH
from members.accounts.draft_keeping import drop_draft as drop
from members.accounts.draft_offers import device_key
from members.accounts.typed_text import TAKEN, tell_device
from members.accounts.views.addresses import own_address


@require_POST
def drafts(request: HttpRequest) -> HttpResponse:
    """Whether what somebody is typing is kept."""
    return HttpResponse(status=204 if getattr(request, "typed", None) else 401)


@require_POST
@login_required
def drop_draft(request: HttpRequest) -> HttpResponse:
    """Here and, by word to the script, on the device."""
    key, user = request.POST.get("key", "")[:KEY_LENGTH], request.user
    drop(user_id=user.pk, form_key=key)
    response = redirect(own_address(request, request.POST.get("next")))
    tell_device(request, response, TAKEN, f"{device_key(user.pk)}:{key}")
    return response
