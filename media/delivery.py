"""Signed addresses of videos, sounds and posters, and what answers there. Who may watch is decided by who signs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath, PurePosixPath

from django.conf import settings
from django.core import signing
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from media.models import Asset
from media.sending import send_stored

LIFETIME_HOURS = 12
SIGNER = signing.Signer(salt="media.delivery")
PRIVATE = "private, max-age=43200"
PUBLIC = "public, max-age=86400"


def sign_file(*, user_id: int | None, asset: Asset, now: datetime) -> str:
    """An address where this person plays the file for twelve hours; the same one within an hour, so caches work."""
    return _sign(user_id, asset, asset.file, "file", now)


def sign_poster(*, user_id: int | None, asset: Asset, now: datetime) -> str:
    """An address of the picture shown before the video; empty where there is none."""
    return _sign(user_id, asset, asset.thumbnail, "thumbnail", now) if asset.thumbnail else ""


def _sign(user_id: int | None, asset: Asset, file: FieldFile, part: str, now: datetime) -> str:
    full_hour = now.replace(minute=0, second=0, microsecond=0)
    until = int((full_hour + timedelta(hours=LIFETIME_HOURS + 1)).timestamp())
    token = SIGNER.sign_object({"user": user_id, "asset": asset.pk, "part": part, "until": until})
    return reverse("media:file", args=[token, PurePath(file.name).name])


@require_safe
def file(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """Plays what the token says; 404 for a token that is not ours, 410 for one whose time is over."""
    try:
        said = SIGNER.unsign_object(token)
    except signing.BadSignature as error:
        raise Http404 from error
    if timezone.now() >= datetime.fromtimestamp(said["until"], UTC):
        return render(request, "media/expired.html", status=410)
    stored = _stored_name(said["asset"], said["part"])
    # A new upload has a new name: who still plays the old one must not be given bytes of another film.
    if PurePath(stored).name != filename:
        raise Http404
    return send_stored(request, stored, cache_control=PRIVATE)


def _stored_name(pk: int, part: str) -> str:
    """Nothing is played before it has been looked into."""
    return Asset.objects.ready().filter(pk=pk).values_list(part, flat=True).first() or ""


@require_safe
def image(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture as the pages show it: of all uploads, this one folder is open to everybody."""
    folder = Path(settings.MEDIA_ROOT, "images").resolve()
    try:
        found = Path(folder, path).resolve()
    except (OSError, ValueError) as error:
        raise Http404 from error
    if not found.is_relative_to(folder):
        raise Http404
    return send_stored(request, str(PurePosixPath("images", found.relative_to(folder))), cache_control=PUBLIC)
