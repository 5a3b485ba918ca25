"""What the CMS adds to the library of files."""

from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtailmedia.permissions import get_permission_policy
from wagtailmedia.views import media as library

from media.delivery import sign_file
from media.models import AssetStatus


def media_play(request: HttpRequest, pk: int) -> HttpResponse:
    """Plays a file to an editor who may change it."""
    mine = get_permission_policy().instances_user_has_any_permission_for(request.user, ["change", "delete"])
    asset = get_object_or_404(mine, pk=pk)
    if asset.status == AssetStatus.READY:
        return redirect(sign_file(user_id=request.user.pk, asset=asset, now=timezone.now()))
    messages.warning(request, asset.refusal_sentence or _("The file is still being checked. Please wait a moment."))
    return redirect("wagtailmedia:edit", asset.pk)


def delete(request: HttpRequest, media_id: int) -> HttpResponse:
    """The library's own page, but a file that a lesson still shows stays, and the editor sees where."""
    try:
        return library.delete(request, media_id)
    except ProtectedError:
        messages.error(request, _("This file is still used. Please choose another one in these places first."))
        return redirect("wagtailmedia:media_usage", media_id)
