import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Model
from modelsearch.index import get_indexed_instance

from content.search.documents import document_of, index_of
from content.search.engine import Document
from content.search.models import IndexChange

logger = logging.getLogger(__name__)
LATE = timedelta(minutes=30)


def note_changes(*, root: str, pks: Iterable[object], is_deletion: bool = False) -> None:
    """Write down, in the transaction of the change itself, that the index has to look at these objects again."""
    rows = [IndexChange(root=root, object_pk=str(pk), is_deletion=is_deletion) for pk in pks]
    IndexChange.objects.bulk_create(rows, batch_size=500)


def fold_index_changes(*, now: datetime, limit: int = 500) -> int:
    """Bring all changes that wait into the index, `limit` to a commit; returns how many.

    May be called at any time and by any number of processes; killed half-way, the next call does the rest.
    """
    oldest = IndexChange.objects.filter(applied_to="").order_by("pk").first()
    if oldest and now - oldest.created_at > LATE:
        logger.warning("The search index is behind: a change of %s waits since %s", oldest, oldest.created_at)
    roots = IndexChange.objects.order_by().values_list("root", flat=True).distinct()
    return sum(_fold(root, limit) for root in list(roots))


def _fold(root: str, limit: int) -> int:
    index, seen, folded = index_of(root), 0, 0
    # The rows are read and the objects loaded inside the lock: an older state can then never
    # overwrite a newer one.
    with index.shelf.writing():
        live = index.live_generation()
        while rows := list(IndexChange.objects.missing_from(live).filter(root=root, pk__gt=seen)[:limit]):
            seen = rows[-1].pk
            documents, gone, refused = _documents(root, rows)
            index.write(live, documents, gone)
            done = [row.pk for row in rows if row.object_pk not in refused]
            folded += IndexChange.objects.filter(pk__in=done).update(applied_to=live)
        # A rebuild may have read an object before its change: it finds the row again when it is done.
        if not index.shelf.is_rebuilding():
            IndexChange.objects.filter(root=root, applied_to=live).delete()
    return folded


def _documents(root: str, rows: list[IndexChange]) -> tuple[list[Document], set[str], set[str]]:
    """Documents to put in, keys to take out, and keys whose object could not be read: those wait."""
    latest = {row.object_pk: row for row in rows}
    kept = _kept_objects(root, [pk for pk, row in latest.items() if not row.is_deletion])
    documents, refused = [], set()
    for pk, instance in kept.items():
        try:
            documents.append(document_of(instance))
        except Exception:
            logger.exception("%s %s could not be read for the search index", root, pk)
            refused.add(pk)
    return documents, latest.keys() - kept.keys(), refused


def _kept_objects(root: str, pks: list[str]) -> dict[str, Model]:
    """Those of the objects that exist and belong into the index."""
    try:
        model = apps.get_model(root)
    except LookupError:
        return {}
    instances = (get_indexed_instance(found) for found in model._default_manager.filter(pk__in=pks))
    return {str(instance.pk): instance for instance in instances if instance}
