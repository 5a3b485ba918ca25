"""Stored files for tests: what an editor has uploaded."""

from pathlib import Path

from django.core.files.base import ContentFile, File

from media.facts import Facts
from media.models import Asset, AssetStatus


def upload(path: Path, **rest) -> Asset:
    """A file as the library of the CMS keeps it: nobody has looked into it yet."""
    kind = "audio" if path.suffix in (".mp3", ".m4a", ".ogg") else "video"
    with path.open("rb") as file:
        return Asset.objects.create(title=path.stem, type=kind, file=File(file, name=path.name), **rest)


def make_ready(content: bytes = bytes(range(256)) * 4, name: str = "lesson.mp4", **rest) -> Asset:
    """An asset that may be played, with any content."""
    ready = {"status": AssetStatus.READY, "facts": {**vars(Facts()), "container": "mp3"}, **rest}
    return Asset.objects.create(title="第一课", type="video", file=ContentFile(content, name=name), **ready)
