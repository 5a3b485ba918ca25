import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from members.imports.files import ListFiles, drop_strays
from members.imports.models import IncomingList, ListStep

PIECE = 1024 * 1024


def receive_list(*, file: BinaryIO, file_name: str, kind: str, actor: Any, now: datetime) -> IncomingList:
    """Keeps an upload for the worker to read; nothing of it is opened here."""
    incoming = IncomingList(
        key=secrets.token_urlsafe(24),
        sent_by=actor,
        sent_at=now,
        kind=kind,
        file_name=file_name[:200],
    )
    with ListFiles(incoming).being_written("upload") as kept:
        while piece := file.read(PIECE):
            kept.write(piece)
    incoming.save(force_insert=True)
    return incoming


@transaction.atomic
def pick_columns(*, incoming: IncomingList, picked: list[int]) -> bool:
    """Which heading means what; False where the list has gone on meanwhile."""
    fresh = IncomingList.objects.select_for_update().get(pk=incoming.pk)
    if fresh.step not in (ListStep.ASK, ListStep.SHOW):
        return False
    fresh.go(ListStep.PLAN, picked=picked, said="")
    return True


@transaction.atomic
def confirm_list(*, incoming: IncomingList) -> bool:
    """The sender has looked at the list and wants it; False where it was wanted or imported already."""
    fresh = IncomingList.objects.select_for_update().get(pk=incoming.pk)
    if fresh.step != ListStep.SHOW:
        return False
    fresh.go(ListStep.WRITE, said="")
    return True


def drop_expired(*, now: datetime) -> int:
    """Removes every list that has lain too long, whoever sent it; how many."""
    dropped = sum(_drop(incoming) for incoming in IncomingList.objects.expired(now))
    drop_strays(now=now)
    return dropped


def drop_naming(words: Iterable[str]) -> int:
    """Removes every list in hand that names somebody who is erased; its sender sends it again. How many."""
    named = [word for word in words if word]
    return sum(_drop(incoming) for incoming in IncomingList.objects.all() if ListFiles(incoming).name_any(named))


def _drop(incoming: IncomingList) -> bool:
    """False where the worker has it in hand."""
    with ListFiles(incoming).held() as is_ours:
        if is_ours:
            ListFiles(incoming).drop()
            incoming.delete()
        return is_ours
