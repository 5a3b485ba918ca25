"""A QR code as one path for inline SVG: no image to fetch, no style of its own."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET = 4  # modules of blank around it, as ISO/IEC 18004 asks


@dataclass(frozen=True)
class Drawing:
    size: int
    path: str


def draw(text: str) -> Drawing:
    """The dark modules of each row as rectangles, within a blank margin."""
    matrix = segno.make_qr(text, error="m").matrix
    runs = []
    for y, row in enumerate(matrix, start=QUIET):
        x = QUIET
        for is_dark, modules in groupby(row):
            width = len(list(modules))
            if is_dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Drawing(len(matrix) + 2 * QUIET, "".join(runs))
