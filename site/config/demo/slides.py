"""The slides of the demo lessons, drawn with Pillow in the colours of the site."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = WIDTH, HEIGHT = 1280, 720
EDGE = 96
# The tokens of the face: paper, ink, second ink, the letterhead's red, lines and the quiet grounds of pictures.
PAPER, INK, INK_2, RED, LINE = "#faf7f0", "#211d18", "#5b5348", "#a61d18", "#ded6c7"
HILL_FAR, HILL_NEAR = "#e8e0cf", "#d9cfb8"
BRAND = "柳湾学堂"


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one slide; `now` is the point being spoken."""

    lesson: str
    title: str
    points: tuple[str, ...]
    now: int
    number: int
    of: int


class Pen:
    """Song type for titles, sans for the rest; fonts come from fontconfig unless a path is given."""

    def __init__(self, song: str = "", sans: str = "") -> None:
        self.song = song or find_font("Noto Serif CJK SC:bold")
        self.sans = sans or find_font("Noto Sans CJK SC:medium")

    def title(self, size: int) -> ImageFont.FreeTypeFont:
        return open_font(self.song, size)

    def text(self, size: int) -> ImageFont.FreeTypeFont:
        return open_font(self.sans, size)


def find_font(pattern: str) -> str:
    """The file that fontconfig answers with for a pattern."""
    answer = subprocess.run(["fc-match", "-f", "%{file}", pattern], check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def open_font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """A font file at a size; of a collection, the face with Simplified Chinese forms."""
    faces = range(10) if Path(path).suffix in {".ttc", ".otc"} else range(1)
    for index in faces:
        font = ImageFont.truetype(path, size, index=index)
        if len(faces) == 1 or font.getname()[0].endswith(" SC"):
            return font
    raise ValueError(f"No Simplified Chinese face in {path}")


def draw_slide(page: Page, pen: Pen) -> Image.Image:
    """A slide: letterhead, title, the points with the spoken one marked, and where we are."""
    image, draw = _sheet(pen)
    draw.text((WIDTH - EDGE, 62), page.lesson, INK_2, pen.text(28), anchor="rm")
    draw.text((EDGE, 200), page.title, INK, pen.title(66), anchor="lm")
    for place, point in enumerate(page.points):
        middle = 322 + place * 88
        spoken = place == page.now
        if spoken:
            draw.rectangle((EDGE, middle - 30, EDGE + 8, middle + 30), RED)
        draw.text((EDGE + 40, middle), point, INK if spoken else INK_2, pen.text(46), anchor="lm")
    draw.line((EDGE, 652, WIDTH - EDGE, 652), LINE, 2)
    draw.text((EDGE, 684), f"第 {page.number} 页，共 {page.of} 页", INK_2, pen.text(26), anchor="lm")
    return image


def draw_poster(course: str, number: int, title: str, pen: Pen) -> Image.Image:
    """The still picture of a lesson: its title over a quiet landscape."""
    image, draw = _sheet(pen)
    draw.ellipse((1010, 356, 1082, 428), RED)
    draw.polygon([(0, 640), (260, 540), (560, 600), (900, 480), (1280, 590), (1280, 720), (0, 720)], HILL_FAR)
    draw.polygon([(0, 690), (340, 620), (760, 672), (1280, 610), (1280, 720), (0, 720)], HILL_NEAR)
    draw.text((EDGE, 196), f"{course}，第 {number} 课", INK_2, pen.text(34), anchor="lm")
    draw.text((EDGE, 300), title, INK, pen.title(68), anchor="lm")
    return image


def _sheet(pen: Pen) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((EDGE, 62), BRAND, RED, pen.title(34), anchor="lm")
    draw.rectangle((0, 106, WIDTH, 110), RED)
    return image, draw
