"""The search backend for `modelsearch`, named in the setting WAGTAILSEARCH_BACKENDS.

The engine finds and ranks; the database filters, orders and counts. So a page that was withdrawn or is
not for this visitor is never shown, whatever the index still knows.
"""

import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property

from django.db.models import Count, Model, QuerySet
from django.utils import timezone
from modelsearch.backends.base import BaseIndex, BaseSearchBackend, BaseSearchResults, FilterFieldError
from modelsearch.index import class_is_indexed
from modelsearch.query import MatchAll

from content.search.actions import fold_index_changes, note_changes
from content.search.compiler import AutocompleteCompiler, QueryCompiler
from content.search.documents import document_of, index_of, root_of

ENOUGH = 3  # with fewer found exactly, what sounds or looks alike is offered too
NEAR = 0.4  # of the best score: what looks less alike is noise
WIDER_MAX = 50


class Found:
    """Primary keys of what was found and may be shown, best first."""

    def __init__(self, compiler: QueryCompiler) -> None:
        self.scores: dict[object, float] = {}
        self._add(compiler, compiler.index.search(compiler.exactly()))
        self.exact_count = len(self.scores)
        for query in compiler.wider():
            if len(self.scores) >= ENOUGH:
                break
            hits = compiler.index.search(query, limit=WIDER_MAX)
            self._add(compiler, [hit for hit in hits if hit[1] >= NEAR * hits[0][1]])

    def _add(self, compiler: QueryCompiler, hits: Sequence[tuple[str, float]]) -> None:
        to_python = compiler.queryset.model._meta.pk.to_python
        scores = {to_python(key): score for key, score in hits}
        shown = set(compiler.queryset.filter(pk__in=scores).order_by().values_list("pk", flat=True))
        for pk, score in scores.items():
            if pk in shown:
                self.scores.setdefault(pk, score)


class SearchResults(BaseSearchResults):
    supports_facet = True

    @cached_property
    def exact_count(self) -> int:
        """How many were found by the words themselves; those after them only sound or look alike."""
        found = self._found()
        return found.exact_count if found else self.count()

    def _found(self) -> Found | None:
        """Asked of the engine once, also when the results are sliced; None where everything is wanted."""
        compiler = self.query_compiler
        if isinstance(compiler.query, MatchAll):
            return None
        if not hasattr(compiler, "found"):
            compiler.found = Found(compiler)
        return compiler.found

    def _all_rows(self) -> QuerySet:
        found, queryset = self._found(), self.query_compiler.queryset
        return queryset if found is None else queryset.filter(pk__in=found.scores)

    def _ordered_pks(self) -> list:
        found = self._found()
        if found is not None and self.query_compiler.order_by_relevance:
            return list(found.scores)
        rows = self._all_rows()
        if not rows.query.order_by:
            rows = rows.order_by("-pk")
        return list(dict.fromkeys(rows.values_list("pk", flat=True)))

    def _do_search(self) -> Iterable[Model]:
        found = self._found()
        pks = self._ordered_pks()[self.start : self.stop]
        rows = {row.pk: row for row in self.query_compiler.queryset.filter(pk__in=pks)}
        for pk in pks:
            if pk in rows:
                if self._score_field:
                    setattr(rows[pk], self._score_field, found.scores[pk] if found else 1.0)
                yield rows[pk]

    def _do_count(self) -> int:
        found = self._found()
        count = len(found.scores) if found else self._all_rows().distinct().count()
        return max(0, min(count, count if self.stop is None else self.stop) - self.start)

    def facet(self, field_name: str) -> OrderedDict:
        """How many of the results have each value of a field."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            model = self.query_compiler.queryset.model.__name__
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}". '
                f"Please add index.FilterField('{field_name}') to {model}.search_fields.",
                field_name=field_name,
            )
        rows = self._all_rows().order_by().values(field_name).annotate(count=Count("pk")).order_by("-count")
        return OrderedDict((row[field_name], row["count"]) for row in rows)


class ModelIndex(BaseIndex):
    """The index of one root model. A change is a row in the database; the fold brings it here."""

    def __init__(self, backend: BaseSearchBackend, root: type[Model]) -> None:
        super().__init__(backend)
        self.root = root._meta.label_lower
        self.index = index_of(self.root)

    def __str__(self) -> str:
        return self.root

    def get_key(self) -> str:
        return self.root

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        if class_is_indexed(model):
            note_changes(root=self.root, pks=[item.pk for item in items])

    def delete_item(self, item: Model) -> None:
        note_changes(root=self.root, pks=[item.pk], is_deletion=True)

    def refresh(self) -> None:
        fold_index_changes(now=timezone.now())

    def reset(self) -> None:
        rebuilder = Rebuilder(self)
        rebuilder.start()
        rebuilder.finish()


class NewGeneration(BaseIndex):
    """What `update_index` fills while the old generation is still searched."""

    def __init__(self, index: ModelIndex) -> None:
        super().__init__(index.backend)
        self.index = index.index
        self.generation = self.index.begin_generation()

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        self.index.write(self.generation, [document_of(item) for item in items])


class Rebuilder:
    """Fills a new generation, then lets everybody search it. A second rebuild waits for the first."""

    def __init__(self, index: ModelIndex) -> None:
        self.model_index = index
        self.shelf = index.index.shelf

    def start(self) -> NewGeneration:
        self.lock = self.shelf.begin_rebuild()
        self.new = NewGeneration(self.model_index)
        return self.new

    def finish(self) -> None:
        with self.shelf.writing():
            self.new.index.publish(self.new.generation)
            os.close(self.lock)  # inside: no fold may take this rebuild for one that still runs
        fold_index_changes(now=timezone.now())


class SearchBackend(BaseSearchBackend):
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    results_class = SearchResults
    index_class = ModelIndex
    rebuilder_class = Rebuilder

    def get_index_for_model(self, model: type[Model]) -> ModelIndex:
        return self.index_class(self, root_of(model))
