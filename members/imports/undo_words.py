"""Says why an import cannot be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext as _

NAMED = 3


@dataclass
class Undone:
    """What was removed and restored, or why nothing was."""

    removed: int = 0
    restored: int = 0
    refusals: list[str] = field(default_factory=list)


def refusals_of(found: Iterable[tuple[str, str]]) -> list[str]:
    """One sentence for each reason, with a few of those whom it concerns by name: {reason, name} pairs."""
    grouped: dict[str, dict[str, None]] = {}
    for reason, name in found:
        grouped.setdefault(reason, {})[name] = None
    return [_sentence(reason, list(names)) for reason, names in grouped.items()]


def word_of(model: type[models.Model]) -> str:
    """What has come to depend, as the house calls it."""
    return str(model._meta.verbose_name)


def _sentence(reason: str, names: list[str]) -> str:
    said = {"reason": reason, "names": "、".join(names[:NAMED]), "number": len(names)}
    if len(names) > NAMED:
        return _("%(reason)s: %(names)s and others, %(number)d in all") % said
    return _("%(reason)s: %(names)s") % said
