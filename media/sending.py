"""Sends a stored file, whole or in part, never more than one block of it in memory."""

import os
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePath
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date

from media.ranges import Part, UnsatisfiableError, asked_part

BLOCK_BYTES = 64 * 1024
# Named here: the tables of operating systems differ, and Safari plays nothing under another name.
CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}


def send_stored(request: HttpRequest, name: str, *, cache_control: str) -> HttpResponseBase:
    """The file of this name under the uploads; nginx sends it where `MEDIA_ACCEL_PREFIX` is set. 404 if none."""
    content_type = CONTENT_TYPES.get(PurePath(name).suffix.lower())
    if content_type is None:
        raise Http404
    answer = _hand_over(name) if settings.MEDIA_ACCEL_PREFIX else _send(request, _open(name))
    if answer.status_code < 400:
        answer["Content-Type"] = content_type
        answer["Content-Disposition"] = content_disposition_header(False, PurePath(name).name)
        answer["Cache-Control"] = cache_control
    return answer


def _hand_over(name: str) -> HttpResponse:
    return HttpResponse(headers={"X-Accel-Redirect": settings.MEDIA_ACCEL_PREFIX + quote(name)})


def _open(name: str) -> BinaryIO:
    try:
        return Path(settings.MEDIA_ROOT, name).open("rb")
    except (OSError, ValueError) as error:  # not there, a folder, a name too long or with a NUL in it
        raise Http404 from error


def _send(request: HttpRequest, file: BinaryIO) -> HttpResponseBase:
    state = os.fstat(file.fileno())
    etag, changed_at = f'"{state.st_mtime_ns:x}-{state.st_size:x}"', int(state.st_mtime)
    answer = get_conditional_response(request, etag, changed_at)
    if answer is None:
        answer = _answer(request, file, state.st_size, etag, changed_at)
    if not answer.streaming:
        file.close()
    answer["ETag"], answer["Last-Modified"], answer["Accept-Ranges"] = etag, http_date(changed_at), "bytes"
    return answer


def _answer(request: HttpRequest, file: BinaryIO, size: int, etag: str, changed_at: int) -> HttpResponseBase:
    part = None
    if request.method == "GET" and _is_same_file(request.headers.get("If-Range"), etag, changed_at):
        try:
            part = asked_part(request.headers.get("Range", ""), size)
        except UnsatisfiableError:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    sent = part or Part(0, size - 1)
    if request.method == "HEAD":
        answer: HttpResponseBase = HttpResponse()
    else:
        answer = StreamingHttpResponse(_blocks(file, sent), status=206 if part else 200)
    answer["Content-Length"] = str(sent.length)
    if part:
        answer["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return answer


def _is_same_file(condition: str | None, etag: str, changed_at: int) -> bool:
    """If-Range: a part is only of use to who has the rest of the same file."""
    if condition is None or condition == etag:
        return True
    try:
        return parsedate_to_datetime(condition).timestamp() == changed_at
    except ValueError:
        return False


def _blocks(file: BinaryIO, part: Part) -> Iterator[bytes]:
    with file:
        file.seek(part.first)
        left = part.length
        while left > 0 and (block := file.read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block
