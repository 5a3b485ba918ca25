"""Draws the articles' pictures: flat, quiet, few colours, as the face has them. Nothing moves, nothing is written."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from config.demo.slides import HILL_FAR, HILL_NEAR, INK_2, LINE, PAPER, RED

SIZE = WIDTH, HEIGHT = 960, 540
FINE = 3  # drawn three times as large, then made smaller: smooth edges
GROUND = 440
GOLD, SHEET, BLUE, GREEN = "#c89b3c", "#ffffff", "#7f9ab0", "#8a9a6b"
COLOURS = 48  # so many are enough, and keep the file small
COATS = (BLUE, GREEN, GOLD, INK_2, RED, "#a58b6f")
Point = tuple[float, float]


class Brush:
    """Shapes in units of the finished picture."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, wide: float, high: float, colour: str, *, round_by: float = 8) -> None:
        corners = tuple(FINE * value for value in (x, y, x + wide, y + high))
        self.draw.rounded_rectangle(corners, FINE * round_by, colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.draw.ellipse(tuple(FINE * v for v in (x - radius, y - radius, x + radius, y + radius)), colour)

    def shape(self, points: list[Point], colour: str) -> None:
        self.draw.polygon([(FINE * x, FINE * y) for x, y in points], colour)

    def line(self, points: list[Point], colour: str, width: float = 6) -> None:
        self.draw.line([(FINE * x, FINE * y) for x, y in points], colour, round(FINE * width), joint="curve")

    def finished(self) -> Image.Image:
        small = self.image.resize(SIZE, Image.Resampling.LANCZOS)
        return small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def draw_pictures(folder: Path) -> None:
    """Every picture of an article, as a small PNG named for what it shows."""
    for name, paint in PICTURES.items():
        brush = Brush()
        _land(brush)
        paint(brush)
        brush.finished().save(folder / f"{name}.png", optimize=True)


def _land(b: Brush) -> None:
    b.shape([(0, 430), (220, 350), (460, 400), (720, 320), (960, 390), (960, 540), (0, 540)], HILL_FAR)
    b.box(0, GROUND, WIDTH, HEIGHT - GROUND, HILL_NEAR, round_by=0)


def _person(b: Brush, x: float, *, coat: str, foot: float = GROUND + 30, size: float = 1, hair: str = INK_2) -> None:
    """A standing person whose feet are at (x, foot)."""
    b.box(x - 26 * size, foot - 96 * size, 52 * size, 96 * size, coat, round_by=24 * size)
    b.disc(x, foot - 122 * size, 24 * size, hair)
    b.disc(x, foot - 117 * size, 20 * size, "#efd9bd")


def _house(b: Brush, x: float, *, wide: float = 170, wall: str = SHEET, roof: str = RED) -> None:
    b.box(x, GROUND - 140, wide, 150, wall, round_by=2)
    b.shape([(x - 22, GROUND - 136), (x + wide / 2, GROUND - 226), (x + wide + 22, GROUND - 136)], roof)


def _tree(b: Brush, x: float) -> None:
    b.box(x - 9, GROUND - 110, 18, 130, "#a58b6f", round_by=4)
    b.disc(x, GROUND - 160, 76, GREEN)


def _phone(b: Brush, x: float, y: float, high: float = 250) -> None:
    wide = high * 0.56
    b.box(x, y, wide, high, INK_2, round_by=20)
    b.box(x + 9, y + 16, wide - 18, high - 32, SHEET, round_by=8)


def _lock(b: Brush, x: float, y: float, size: float = 1) -> None:
    """A lock whose middle is at (x, y)."""
    b.line([(x - 20 * size, y), (x - 20 * size, y - 36 * size)], RED, 9 * size)
    b.line([(x + 20 * size, y), (x + 20 * size, y - 36 * size)], RED, 9 * size)
    b.line([(x - 24 * size, y - 36 * size), (x + 24 * size, y - 36 * size)], RED, 9 * size)
    b.box(x - 36 * size, y - 6 * size, 72 * size, 54 * size, RED)
    b.disc(x, y + 20 * size, 8 * size, PAPER)


def _welcome(b: Brush) -> None:
    b.shape([(450, GROUND), (510, GROUND), (640, HEIGHT), (320, HEIGHT)], PAPER)
    _house(b, 370, wide=220)
    b.box(446, GROUND - 100, 68, 110, GOLD, round_by=2)
    b.shape([(514, GROUND - 100), (552, GROUND - 84), (552, GROUND + 20), (514, GROUND + 10)], INK_2)
    for x, coat in ((150, BLUE), (250, GREEN), (770, GOLD)):
        _person(b, x, coat=coat, foot=GROUND + 50)


def _meeting(b: Brush) -> None:
    for x, coat in zip((300, 480, 660), COATS, strict=False):
        _person(b, x, coat=coat, foot=GROUND - 30)
    b.draw.ellipse(tuple(FINE * v for v in (220, 350, 740, 490)), "#a58b6f")
    b.draw.ellipse(tuple(FINE * v for v in (220, 338, 740, 478)), "#c9b08d")
    b.shape([(440, 388), (530, 388), (548, 428), (424, 428)], SHEET)
    for x, coat in zip((230, 480, 730), COATS[3:], strict=False):
        _person(b, x, coat=coat, foot=HEIGHT - 4)


def _elders(b: Brush) -> None:
    _tree(b, 780)
    b.box(270, GROUND - 40, 380, 20, "#a58b6f")
    b.box(300, GROUND - 24, 18, 64, "#a58b6f", round_by=2)
    b.box(600, GROUND - 24, 18, 64, "#a58b6f", round_by=2)
    _person(b, 400, coat=RED, foot=GROUND - 30, hair="#d8d3ca", size=1.2)
    _person(b, 520, coat=BLUE, foot=GROUND - 30, size=1.2)
    b.box(356, GROUND - 110, 36, 60, INK_2, round_by=6)
    b.box(361, GROUND - 103, 26, 46, SHEET, round_by=2)


def _distance(b: Brush) -> None:
    b.box(0, GROUND + 20, WIDTH, 70, "#b9b09c", round_by=0)
    for x in range(20, WIDTH, 130):
        b.box(x, GROUND + 52, 70, 6, PAPER, round_by=2)
    b.box(230, GROUND - 140, 330, 150, SHEET)
    b.box(570, GROUND - 110, 130, 120, RED, round_by=18)
    b.box(610, GROUND - 94, 70, 50, "#dfe8ee")
    b.disc(640, GROUND - 64, 16, "#efd9bd")
    b.shape([(650, GROUND - 52), (668, GROUND - 60), (686, GROUND - 52), (668, GROUND - 40)], GOLD)
    for x in (300, 480, 640):
        b.disc(x, GROUND + 14, 32, INK_2)
        b.disc(x, GROUND + 14, 13, PAPER)


def _minutes(b: Brush) -> None:
    b.box(210, 110, 540, 350, "#a58b6f", round_by=14)
    b.box(226, 122, 250, 326, SHEET, round_by=4)
    b.box(484, 122, 250, 326, SHEET, round_by=4)
    for number in range(4):
        y = 180 + number * 68
        b.disc(262, y, 12, RED)
        b.line([(290, y), (448, y)], LINE, 8)
    for number in range(3):
        b.line([(516, 180 + number * 68), (702 - number * 40, 180 + number * 68)], LINE, 8)
    b.line([(640, 450), (800, 200)], GOLD, 16)
    b.shape([(640, 450), (633, 470), (650, 458)], INK_2)


def _together(b: Brush) -> None:
    b.box(270, 90, 420, 240, INK_2, round_by=10)
    b.box(284, 104, 392, 212, SHEET, round_by=4)
    b.shape([(450, 160), (450, 260), (530, 210)], RED)
    b.box(470, 330, 20, 110, INK_2, round_by=2)
    for number, coat in enumerate(COATS[:5]):
        _person(b, 200 + number * 140, coat=coat, foot=HEIGHT - 6, hair="#d8d3ca" if number % 2 else INK_2)


def _homevisit(b: Brush) -> None:
    b.box(120, 90, 460, 360, "#e6dcc6", round_by=2)
    b.box(290, 170, 170, 280, "#8b735a", round_by=4)
    b.box(302, 182, 146, 268, "#f6ecd2", round_by=2)
    _person(b, 375, coat=RED, foot=GROUND, hair="#d8d3ca")
    b.box(330, GROUND - 40, 90, 16, "#a58b6f", round_by=4)
    b.shape([(460, 170), (520, 196), (520, 470), (460, 450)], "#a58b6f")
    b.box(170, 200, 80, 90, "#dfe8ee", round_by=2)
    _person(b, 660, coat=BLUE, foot=GROUND + 50, size=1.25)
    b.box(690, GROUND - 10, 56, 56, GOLD, round_by=10)
    b.line([(700, GROUND - 8), (718, GROUND - 34), (736, GROUND - 8)], GOLD, 6)


def _eyes(b: Brush) -> None:
    _phone(b, 230, 80, 390)
    for number in range(15):
        b.line([(256, 122 + number * 22), (430 - number * 37 % 60, 122 + number * 22)], LINE, 5)
    _phone(b, 520, 80, 390)
    for number in range(4):
        b.line([(548, 150 + number * 64), (704 - number * 53 % 70, 150 + number * 64)], INK_2, 20)
    b.box(548, 390, 160, 40, RED)


def _reporting(b: Brush) -> None:
    b.line([(180, 470), (330, 500), (480, 440), (640, 500), (800, 470)], PAPER, 26)
    _house(b, 90)
    _house(b, 700, roof=BLUE)
    for x in (155, 765):
        b.box(x, GROUND - 70, 44, 80, "#8b735a", round_by=2)
    _person(b, 480, coat=GREEN, foot=GROUND + 40)
    b.box(508, GROUND - 4, 44, 40, GOLD, round_by=8)


def _plan(b: Brush) -> None:
    b.box(250, 70, 460, 400, SHEET, round_by=10)
    b.box(250, 70, 460, 64, RED, round_by=10)
    for x in (340, 620):
        b.box(x, 50, 16, 44, INK_2, round_by=6)
    for number in range(12):
        x, y = 280 + number % 4 * 104, 156 + number // 4 * 102
        b.box(x, y, 90, 88, "#f3eee3", round_by=6)
        if number in (0, 2, 3, 5, 8, 10):
            b.disc(x + 45, y + 44, 18, RED)


def _feedback(b: Brush) -> None:
    b.box(150, 110, 340, 180, SHEET, round_by=24)
    b.shape([(210, 284), (270, 284), (200, 340)], SHEET)
    for number in range(3):
        b.line([(190, 160 + number * 42), (450 - number * 60, 160 + number * 42)], LINE, 8)
    b.box(470, 250, 340, 180, RED, round_by=24)
    b.shape([(700, 424), (760, 424), (776, 480)], RED)
    b.line([(560, 340), (620, 390), (730, 290)], PAPER, 16)
    b.line([(560, 150), (660, 150), (660, 210)], GOLD, 10)
    b.shape([(636, 206), (684, 206), (660, 238)], GOLD)


def _keep_out(b: Brush) -> None:
    _phone(b, 370, 70, 400)
    _lock(b, 482, 270, 1.5)
    b.box(720, 250, 240, 56, "#efd9bd", round_by=28)
    b.box(860, 240, 100, 76, INK_2, round_by=4)
    b.line([(660, 150), (660, 410)], RED, 12)


def _volunteer(b: Brush) -> None:
    _tree(b, 190)
    for x, coat in ((370, RED), (560, BLUE), (800, GREEN)):
        _person(b, x, coat=coat, foot=GROUND + 50, size=1.2)
    b.line([(410, GROUND - 60), (470, GROUND + 46)], "#a58b6f", 8)
    b.shape([(452, GROUND + 30), (490, GROUND + 30), (510, GROUND + 64), (444, GROUND + 64)], GOLD)
    b.box(610, GROUND - 6, 110, 44, "#a58b6f", round_by=4)
    for x in (634, 696):
        b.disc(x, GROUND + 50, 16, INK_2)
    b.box(826, GROUND - 60, 44, 58, SHEET, round_by=3)


def _privacy(b: Brush) -> None:
    b.box(330, 60, 300, 410, "#a58b6f", round_by=8)
    for number in range(3):
        y = 78 + number * 128
        b.box(346, y, 268, 114, "#e6dcc6", round_by=4)
        _lock(b, 480, y + 54, 0.8)
    b.box(340, 470, 280, 20, "#8b735a", round_by=2)


def _themeday(b: Brush) -> None:
    b.box(120, 400, 720, 26, "#a58b6f", round_by=4)
    b.box(170, 426, 24, 114, "#8b735a", round_by=0)
    b.box(766, 426, 24, 114, "#8b735a", round_by=0)
    b.box(290, 110, 260, 300, SHEET, round_by=6)
    for number in range(5):
        y = 156 + number * 50
        b.line([(360, y), (510 - number * 31 % 50, y)], LINE, 8)
        if number < 3:
            b.line([(312, y), (324, y + 12), (344, y - 14)], RED, 7)
        else:
            b.box(316, y - 12, 24, 24, LINE, round_by=4)
    b.line([(700, 400), (700, 250), (650, 200)], INK_2, 10)
    b.shape([(600, 236), (650, 170), (690, 226)], RED)
    b.box(660, 390, 80, 14, INK_2, round_by=4)


PICTURES: dict[str, Callable[[Brush], None]] = {
    "welcome": _welcome,
    "meeting": _meeting,
    "elders": _elders,
    "distance": _distance,
    "minutes": _minutes,
    "together": _together,
    "homevisit": _homevisit,
    "eyes": _eyes,
    "reporting": _reporting,
    "plan": _plan,
    "feedback": _feedback,
    "phone": _keep_out,
    "volunteer": _volunteer,
    "privacy": _privacy,
    "themeday": _themeday,
}
