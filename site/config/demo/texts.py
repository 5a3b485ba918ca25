"""Reads the demo's articles and courses: plain text in, plain values out."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
MEDIA, PICTURES, RECORDED = HERE / "media", HERE / "pictures", HERE / "recorded.json"
SOURCE = "—— "
NUMBERED = re.compile(r"\d+\. ")
PICTURE = re.compile(r"!\[(?P<seen>.+)\]\((?P<file>.+)\) (?P<caption>.+)")
READ_ON = re.compile(r"=> (?P<key>[\w-]+): (?P<why>.+)")
FILES = {"video": "mp4", "audio": "m4a"}


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: heading, paragraph, list, steps, quotation, picture or read_on.

    `source` is who said a quotation, the file of a picture (whose lines are what can be seen and the caption), or the
    key of the page to read on (whose line is why).
    """

    kind: str
    lines: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the demo; `key` is its file name, `unit` the code of who publishes it."""

    key: str
    title: str
    summary: str
    author: str
    audience: str
    unit: str
    days_ago: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken line; start and end in seconds of the recording."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Slide:
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: video, audio or text. Only what is recorded has seconds, lines and paragraphs to read instead."""

    key: str
    kind: str
    title: str
    summary: str
    blocks: tuple[Block, ...] = ()
    slides: tuple[Slide, ...] = ()
    paragraphs: tuple[str, ...] = ()
    seconds: float = 0
    lines: tuple[Line, ...] = ()

    @property
    def file(self) -> Path:
        return MEDIA / f"{self.key}.{FILES[self.kind]}"

    @property
    def poster(self) -> Path:
        return MEDIA / f"{self.key}.jpg"

    @property
    def transcript(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Course:
    title: str
    summary: str
    audience: str
    unit: str
    days_ago: int
    lessons: list[Lesson] = field(default_factory=list)


def articles() -> list[Article]:
    """The demo's articles, by file name."""
    return [read_article(path) for path in sorted((HERE / "articles").glob("*.md"))]


def courses() -> list[Course]:
    """The demo's courses in their order, with the true lengths of what was recorded."""
    recorded = json.loads(RECORDED.read_text("utf-8"))
    return [read_course(told, recorded) for told in told_courses()]


def told_courses() -> list[dict]:
    """The courses as they are written down."""
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted((HERE / "courses").glob("*.toml"))]


def said(lesson: dict) -> list[list[str]]:
    """What is spoken in a lesson as it is written down: paragraphs of lines."""
    if lesson["kind"] == "video":
        return [[point["say"] for point in slide["points"]] for slide in lesson["slides"]]
    return [part["say"] for part in lesson.get("parts", [])]


def read_article(path: Path) -> Article:
    """Front matter of `key: value` lines between `---`, then the text."""
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in front.strip().splitlines())
    days_ago = int(facts.pop("days_ago"))
    return Article(key=path.stem, blocks=read_blocks(body), days_ago=days_ago, **facts)


def read_course(told: dict, recorded: dict) -> Course:
    lessons = [read_lesson(lesson, recorded.get(lesson["key"], {})) for lesson in told["lessons"]]
    return Course(**{**told, "lessons": lessons})


def read_lesson(told: dict, recorded: dict) -> Lesson:
    slides = told.get("slides", [])
    return Lesson(
        key=told["key"],
        kind=told["kind"],
        title=told["title"],
        summary=told["summary"],
        blocks=read_blocks(told.get("body", "")),
        slides=tuple(Slide(each["title"], tuple(point["show"] for point in each["points"])) for each in slides),
        paragraphs=tuple("".join(lines) for lines in said(told)),
        seconds=recorded.get("seconds", 0),
        lines=tuple(Line(*line) for line in recorded.get("lines", [])),
    )


def read_blocks(body: str) -> tuple[Block, ...]:
    """The pieces of a text, divided by empty lines."""
    return tuple(read_block(part.strip().splitlines()) for part in body.strip().split("\n\n") if part)


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
        words = [line[2:] for line in lines]
        source = next((line.removeprefix(SOURCE) for line in words if line.startswith(SOURCE)), "")
        return Block("quotation", tuple(line for line in words if not line.startswith(SOURCE)), source)
    if picture := PICTURE.fullmatch(first):
        return Block("picture", (picture["seen"], picture["caption"]), picture["file"])
    if read_on := READ_ON.fullmatch(first):
        return Block("read_on", (read_on["why"],), read_on["key"])
    return Block("paragraph", ("".join(lines),))
