"""What came to depend on the rows that an import made: every model that points at them is asked."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import models


def dependents(made: Collection[int], model: type[models.Model]) -> Iterator[tuple[type[models.Model], int, int]]:
    """Each row of any table that points at one of these: its model, its key, and at which one it points.

    A model may name links in `goes_with`: the house makes and removes its rows by itself, so nobody would miss them.
    """
    wanted = set(made)
    if not wanted:
        return
    for link in links_to(model):
        if link.name in getattr(link.model, "goes_with", ()):
            continue
        near = {f"{link.attname}__gte": min(wanted), f"{link.attname}__lte": max(wanted)}
        for pk, target in link.model._base_manager.filter(**near).order_by().values_list("pk", link.attname).iterator():
            if target in wanted:
                yield link.model, pk, target


def links_to(model: type[models.Model]) -> list[Any]:
    """Every foreign key of the house that points at the model, also those without a name for the way back."""
    related = [
        relation.field
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    return [field for field in related if field.model._meta.managed and not field.model._meta.proxy]
