"""What the index keeps of a model's object, as its `search_fields` say."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Manager, Model
from modelsearch.index import AutocompleteField, BaseField, Indexed, RelatedFields, SearchField

from content.search.engine import Document, SearchIndex
from content.search.tokens import beginnings, long_words, sounds, written

WRITTEN = "s_"
WORDS = "words"
SOUNDS = "sounds"
BEGINNINGS = "a_"


def root_of(model: type[Model]) -> type[Model]:
    """The highest indexed model that this one descends from; they share an index."""
    for parent in model._meta.parents:
        if issubclass(parent, Indexed):
            return root_of(parent)
    return model


def index_of(root: str) -> SearchIndex:
    """The index of a root model, given by its label."""
    return SearchIndex(Path(settings.SEARCH_INDEX_DIR) / root)


def document_of(instance: Model) -> Document:
    """The tokens of one object."""
    kept: dict[str, list[str]] = {WORDS: [], SOUNDS: []}
    for field, name, text in _texts(instance, type(instance).get_search_fields()):
        if isinstance(field, AutocompleteField):
            kept.setdefault(BEGINNINGS + name, []).extend(beginnings(text))
        else:
            times = max(1, round(field.boost or 1))  # these share a field, so a title counts by being there twice
            kept.setdefault(WRITTEN + name, []).extend(written(text))
            kept[WORDS] += long_words(text) * times
            kept[SOUNDS] += sounds(text) * times
    return Document(str(instance.pk), {name: tokens for name, tokens in kept.items() if tokens})


def texts_of(instance: Model) -> list[str]:
    """Everything by which an object is found, as it was written."""
    found = _texts(instance, type(instance).get_search_fields())
    return [text for field, _, text in found if isinstance(field, SearchField)]


@cache
def field_weights(model: type[Model], kind: type = SearchField) -> dict[str, float]:
    """Names of the indexed fields of a model and the models below it, each with its boost."""
    weights: dict[str, float] = {}
    for each in _family(model):
        weights.update(_weights(each.get_search_fields(), kind))
    return weights


def _family(model: type[Model]) -> Iterator[type[Model]]:
    yield model
    for below in model.__subclasses__():
        yield from _family(below)


def _weights(search_fields: Iterable, kind: type) -> Iterator[tuple[str, float]]:
    for field in search_fields:
        if isinstance(field, RelatedFields):
            for name, boost in _weights(field.fields, kind):
                yield f"{field.field_name}__{name}", boost
        elif isinstance(field, kind):
            yield field.field_name, float(getattr(field, "boost", None) or 1)


def _texts(instance: Model, search_fields: Iterable, before: str = "") -> Iterator[tuple[BaseField, str, str]]:
    for field in search_fields:
        name = before + field.field_name
        if isinstance(field, RelatedFields):
            for related in _related(field.get_value(instance)):
                yield from _texts(related, field.fields, f"{name}__")
        elif isinstance(field, (SearchField, AutocompleteField)):
            for text in _strings(field.get_value(instance)):
                yield field, name, text


def _related(value: Manager | Model | None) -> Iterable[Model]:
    if value is None:
        return []
    return value.all() if isinstance(value, Manager) else [value]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _strings(each)
    elif value is not None and str(value):
        yield str(value)
