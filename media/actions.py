"""What happens to an uploaded file before anybody may play it."""

import fcntl
from datetime import datetime
from pathlib import PurePath

from media.facts import Facts
from media.models import Asset
from media.playable import refusal_of
from media.probe import probe_file
from media.refusals import Refusal

MOST_ATTEMPTS = 3
PROBES_A_TURN = 20


def probe_queued(*, now: datetime, limit: int = PROBES_A_TURN) -> int:
    """Looks into files that wait, least tried first, and says how many are settled.

    Attempts are counted before a probe begins: a file that killed the worker three times is refused, not tried again.
    """
    waiting = Asset.objects.queued().order_by("probe_attempts", "pk")[:limit]
    return sum(_probe(asset, now) for asset in waiting)


def _probe(asset: Asset, now: datetime) -> bool:
    try:
        file = asset.file.open("rb")
    except (FileNotFoundError, ValueError):  # ValueError: the row names no file
        return asset.settle_probe(now=now, refusal=Refusal.MISSING, facts=Facts())
    with file:
        try:
            # Held while one worker reads; the kernel gives it back however that worker ends.
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if asset.probe_attempts >= MOST_ATTEMPTS:
            return asset.settle_probe(now=now, refusal=Refusal.GAVE_UP, facts=Facts())
        if not asset.count_attempt():
            return False
        facts = probe_file(asset.file.path)
        refusal = refusal_of(facts, kind=asset.type, extension=PurePath(asset.file.name).suffix[1:])
        return asset.settle_probe(now=now, refusal=refusal, facts=facts)
