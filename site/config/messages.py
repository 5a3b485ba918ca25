"""The Chinese of the interface: parts that each area writes, merged into one catalogue and compiled.

Only whoever builds the house needs this (Babel is a development requirement); the compiled catalogue is committed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

Spoken = tuple[str, str | None]  # a msgid and its context

SAYING = {
    "_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0,),
    "ngettext_lazy": (0,),
    "pgettext": (1, 0),
    "pgettext_lazy": (1, 0),
    "npgettext": (1, 0),
}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL_IN_TEMPLATE = re.compile(rf"\b(?:_|n?p?gettext)\(\s*{LITERAL}(?:\s*,\s*(?:{LITERAL}|count))*\s*\)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
MADE = datetime(2026, 1, 1, tzinfo=UTC)  # a date of its own would make every catalogue another one
FOLDER = settings.SITE / "locale" / "zh_Hans" / "LC_MESSAGES"
PARTS = settings.SITE / "locale" / "parts"


@dataclass(frozen=True)
class Merged:
    """What the parts say together, and where they contradict each other or themselves."""

    catalog: Catalog
    problems: list[str]


def merge(folder: Path) -> Merged:
    """One catalogue from all parts, sorted; a msgid may stand in several parts if all say the same."""
    merged, homes, problems = Catalog(locale="zh_Hans", creation_date=MADE, revision_date=MADE, fuzzy=False), {}, []
    for part in sorted(folder.glob("*.po")):
        with part.open("rb") as file:
            said = read_po(file, locale="zh_Hans", abort_invalid=True)
        for message in said:
            if not message.id:
                continue
            first = homes.setdefault((_id(message), message.context), (part.name, message.string))
            if first[1] != message.string:
                problems.append(f"{first[0]} and {part.name} differ on “{_id(message)}”: {first[1]} / {message.string}")
            problems += _flaws(message, part.name)
            merged.add(message.id, message.string, context=message.context)
    return Merged(merged, problems)


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as a .po and a .mo file; the same bytes for the same messages."""
    po, mo = BytesIO(), BytesIO()
    catalog.header_comment = "# Made from parts/ by `make messages`: edit the parts."
    write_po(po, catalog, sort_output=True, width=0)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def unsaid(catalog: Catalog) -> list[str]:
    """Every text of the interface without a translation, with the place where it is used."""
    known = {(_id(message), message.context) for message in catalog if message.string}
    missing = {spoken: place for place, spoken in texts() if spoken not in known}
    return [f"{place}: “{text}” has no Chinese" for (text, _), place in sorted(missing.items(), key=lambda row: row[1])]


def texts() -> Iterator[tuple[str, Spoken]]:
    """What the interface says: each place and text, in the rooms' modules and in all templates."""
    for room in ("content", "learning", "members", "media", "site/config"):
        for path in sorted((settings.ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _of_module(path.read_text(), path)
    for path in sorted((settings.SITE / "templates").rglob("*.*")):
        calls = CALL_IN_TEMPLATE.findall(templatize(path.read_text(), origin=str(path)))
        for _, spoken in _of_module("\n".join(calls), path):
            yield _place(path), spoken


def _of_module(source: str, path: Path) -> Iterator[tuple[str, Spoken]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
            places = SAYING.get(name, ())
            if places and len(said) > max(places) and isinstance(said[places[0]], str):
                yield f"{_place(path)}:{node.lineno}", (said[places[0]], said[0] if len(places) == 2 else None)


def _flaws(message: Message, part: str) -> list[str]:
    """A translation must hold what the text holds, or a value would be lost."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    wanted = sorted(set(PLACEHOLDER.findall(message.id[-1] if isinstance(message.id, tuple) else message.id)))
    return [
        f"{part}: “{_id(message)}” needs {' '.join(wanted) or 'no value'}, its Chinese has another: {string}"
        for string in strings
        if string and sorted(set(PLACEHOLDER.findall(string))) != wanted
    ]


def _id(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def _place(path: Path) -> str:
    return str(path.relative_to(settings.ROOT))
