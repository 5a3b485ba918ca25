"""Reads the demo's articles and its course: plain text in, plain values out."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = "—— "
NUMBERED = re.compile(r"\d+\. ")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article: heading, paragraph, list, steps or quotation (`source` is who said it)."""

    kind: str
    lines: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the demo; `key` is its file name."""

    key: str
    title: str
    summary: str
    author: str
    audience: str
    blocks: tuple[Block, ...]


def articles() -> list[Article]:
    """The demo's articles, by file name."""
    return [read_article(path) for path in sorted((HERE / "articles").glob("*.md"))]


def course() -> dict:
    """The demo's course as make_media.py wrote it: three lessons with true lengths and timed lines."""
    return json.loads((HERE / "course.json").read_text("utf-8"))


def read_article(path: Path) -> Article:
    """Front matter of `key: value` lines between `---`, then paragraphs divided by empty lines."""
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in front.strip().splitlines())
    blocks = tuple(read_block(part.strip().splitlines()) for part in body.strip().split("\n\n"))
    return Article(key=path.stem, blocks=blocks, **facts)


def read_block(lines: list[str]) -> Block:
    """Which kind of piece these lines are, told by how the first one begins."""
    first = lines[0]
    if first.startswith("## "):
        return Block("heading", (first[3:],))
    if first.startswith("- "):
        return Block("list", tuple(line[2:] for line in lines))
    if NUMBERED.match(first):
        return Block("steps", tuple(NUMBERED.sub("", line, count=1) for line in lines))
    if first.startswith("> "):
        said = [line[2:] for line in lines]
        source = next((line.removeprefix(SOURCE) for line in said if line.startswith(SOURCE)), "")
        return Block("quotation", tuple(line for line in said if not line.startswith(SOURCE)), source)
    return Block("paragraph", ("".join(lines),))
