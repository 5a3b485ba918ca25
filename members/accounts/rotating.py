"""A new key for telephone numbers: everything is sealed anew, some rows at a time, and the old key goes."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from members.accounts.models import Member
from members.accounts.phone_keys import add_key, drop_keys, read_keys
from members.accounts.phones import open_phone, seal_phone
from members.audit.actions import record_event
from members.organisation.models import ImportBatch

AT_ONCE = 500
FIELDS = ["phone_cipher", "phone_key", "phone_last4"]


def rotate_phone_key(*, now: datetime, so_far: Callable[[int], None] = lambda sealed: None) -> tuple[int, list[str]]:
    """Changes the key, or goes on with a change that was cut off: how many rows were sealed anew, which keys went.

    Readable at every moment: the old key stays in the file until nothing is sealed with it.
    """
    current = add_key(now=now)
    sealed = 0
    while some := _seal_some(current):
        sealed += some
        so_far(sealed)
    sealed += _seal_imports(current)
    record_event("phone_key.rotated", now=now, detail={"key": current, "sealed": sealed})
    return sealed, drop_unused_keys(now=now)


def drop_unused_keys(*, now: datetime) -> list[str]:
    """Drops old keys that nothing is sealed with any more; which."""
    keys = read_keys()
    old = set(keys["keys"]) - {keys["current"]}
    if not old:
        return []
    return drop_keys({key for key in old if not _is_used(key)}, now=now)


def _seal_some(current: str) -> int:
    """Some rows in one transaction; each only if nobody changed its number meanwhile."""
    with transaction.atomic():
        old = Member.objects.exclude(phone_cipher="").exclude(phone_cipher__startswith=f"{current}:")
        rows = list(old.select_for_update().only(*FIELDS).order_by("pk")[:AT_ONCE])
        for row in rows:
            for field, value in asdict(seal_phone(open_phone(row.phone_cipher))).items():
                setattr(row, field, value)
        Member.objects.bulk_update(rows, FIELDS)
    return len(rows)


def _seal_imports(current: str) -> int:
    """What an import noted of the numbers before it, in order to be undone."""
    sealed = 0
    for number in list(_batches_with_phones().values_list("pk", flat=True)):
        with transaction.atomic():
            batch = ImportBatch.objects.select_for_update().get(pk=number)
            old = [before for before in _noted(batch) if not before["phone_cipher"].startswith(f"{current}:")]
            for before in old:
                before |= asdict(seal_phone(open_phone(before["phone_cipher"])))
            if old:
                batch.save(update_fields=["changed"])
            sealed += len(old)
    return sealed


def _is_used(key: str) -> bool:
    if Member.objects.filter(phone_cipher__startswith=f"{key}:").exists():
        return True
    batches = _batches_with_phones().iterator(chunk_size=20)
    return any(before["phone_cipher"].startswith(f"{key}:") for batch in batches for before in _noted(batch))


def _batches_with_phones():
    return ImportBatch.objects.filter(changed__icontains="phone_cipher").order_by("pk")


def _noted(batch: ImportBatch) -> list[dict]:
    told = (trace.get("before") or {} for trace in batch.changed if isinstance(trace, dict))
    return [before for before in told if before.get("phone_cipher")]
