"""Puts what somebody typed before back into the fields of a form, as the browser would. Pure: text in, text out.

Works on any form of the house, so that no view has to know of it. Left alone: secrets, files, hidden fields.
"""

from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

Fields = dict[str, list[str]]

LEFT_ALONE = frozenset({"hidden", "password", "file", "submit", "button", "reset", "image"})
TICKED = frozenset({"checkbox", "radio"})


@dataclass(frozen=True)
class Filled:
    """The form with its fields filled, and what was typed into fields that it no longer has."""

    html: str
    left_over: Fields


def fill_form(html: str, fields: Fields) -> Filled:
    """The same html, each field with what was typed there; what was not sent stays, empty ticks are taken off."""
    filling = _Filling(fields)
    filling.feed(html)
    filling.close()
    return Filled("".join(filling.out), {name: values for name, values in filling.waiting.items() if any(values)})


class _Filling(HTMLParser):
    def __init__(self, fields: Fields) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.fields = fields
        self.waiting = {name: list(values) for name, values in fields.items()}
        self.select: str | None = None
        self.is_covered = False  # inside a textarea whose text is replaced

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said, given = self.get_starttag_text() or "", dict(attrs)
        name = given.get("name") or ""
        if tag == "input":
            said = self._input(said, given, name)
        elif tag == "select":
            self.select = name if name in self.fields else None
            self.waiting.pop(name, None)
        elif tag == "option" and self.select is not None:
            said = _tag(tag, given, selected=given.get("value") in self.fields[self.select])
        elif tag == "textarea" and name in self.fields:
            said += "\n" + escape(self._next(name))
            self.is_covered = True
        self.out.append(said)

    handle_startendtag = handle_starttag

    def _input(self, said: str, given: dict[str, str | None], name: str) -> str:
        kind = (given.get("type") or "text").lower()
        if not name or kind in LEFT_ALONE:
            self.waiting.pop(name, None)
            return said
        if kind in TICKED:
            self.waiting.pop(name, None)
            value = given.get("value")
            return _tag("input", given, checked=("on" if value is None else value) in self.fields.get(name, []))
        return _tag("input", {**given, "value": self._next(name)}) if name in self.fields else said

    def _next(self, name: str) -> str:
        """Of several fields of one name each gets its own."""
        waiting = self.waiting.get(name)
        return waiting.pop(0) if waiting else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.is_covered = False
        elif tag == "select":
            self.select = None
        self.out.append(f"</{tag}>")

    def _say(self, text: str) -> None:
        if not self.is_covered:
            self.out.append(text)

    def handle_data(self, data: str) -> None:
        self._say(data)

    def handle_entityref(self, name: str) -> None:
        self._say(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._say(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._say(f"<!--{data}-->")


def _tag(tag: str, given: dict[str, str | None], **flags: bool) -> str:
    """The start tag anew, with or without each flag."""
    kept = {name: value for name, value in given.items() if name not in flags}
    kept |= {name: None for name, is_set in flags.items() if is_set}
    words = [name if value is None else f'{name}="{escape(value)}"' for name, value in kept.items()]
    return f"<{' '.join([tag, *words])}>"
