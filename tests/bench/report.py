"""A figure of a bench: one line of the table, one line of var/bench.jsonl."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    bench: str
    figure: str
    value: float
    unit: str
    accept: float | None = None
    target: float | None = None
    database: str = "sqlite"


def write(figures: list[Figure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.writelines(json.dumps(asdict(figure), ensure_ascii=False) + "\n" for figure in figures)


def table(figures: list[Figure]) -> str:
    rows = [("bench", "figure", "value", "unit", "accept", "target", "database")]
    rows += [tuple("" if each is None else str(each) for each in asdict(figure).values()) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
