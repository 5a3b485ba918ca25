"""`make bench`: measures, prints a table, appends to var/bench.jsonl. Ratios in one run; nothing asserts here."""

import sys
from pathlib import Path

from tests.bench import board, heartbeat, imports, long_list_figures, writers
from tests.bench.report import table, write

BENCHES = {
    "heartbeat": heartbeat.measure,
    "imports": imports.measure,
    "lists": long_list_figures.measure,
    "board": board.measure,
    "writers": writers.measure,
}

figures = [figure for name in sys.argv[1:] or BENCHES for figure in BENCHES[name]()]
write(figures, Path(__file__).resolve().parents[2] / "var" / "bench.jsonl")
sys.stdout.write(table(figures) + "\n")
